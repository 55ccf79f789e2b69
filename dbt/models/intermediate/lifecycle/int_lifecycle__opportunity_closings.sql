-- When each closed opportunity of a lead closed, and whether its loss ends the lead's passage: it
-- does not while another opportunity of the lead is open, or was won in the meantime.
with opportunities as (
    select * from {{ ref('int_crm__opportunities') }} where lead_key is not null and not is_deleted
),

closings as (
    select
        *,
        case
            -- Won without a date: as precise as the delivery.
            when closed_at is null then known_at
            -- A date-only close on the day of creation lies before it.
            when {{ business_date("closed_at") }} = {{ business_date("created_at") }}
                then greatest(closed_at, created_at)
            else closed_at
        end as effective_closed_at
    from opportunities
    where is_won or (is_closed and closed_at is not null)
),

others as (
    select
        closings.opportunity_key,
        count(*) as n_still_running
    from closings
    inner join opportunities as other
        on
            closings.lead_key = other.lead_key
            and closings.opportunity_key <> other.opportunity_key
            and closings.effective_closed_at >= other.created_at
            and (
                other.closed_at is null
                or closings.effective_closed_at < other.closed_at
                or (other.is_won and closings.created_at <= other.closed_at)
            )
    where not closings.is_won
    group by closings.opportunity_key
)

select
    closings.opportunity_key,
    closings.lead_key,
    closings.owner_id,
    closings.known_at,
    closings.effective_closed_at as closed_at,
    closings.is_won,
    not closings.is_won and coalesce(others.n_still_running, 0) = 0 as is_lost
from closings
left join others on closings.opportunity_key = others.opportunity_key
