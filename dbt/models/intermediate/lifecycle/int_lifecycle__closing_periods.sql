-- Whether a closed opportunity of a lead won it or ends the lead's passage, at each state of our
-- knowledge: a loss does not while another opportunity of the lead is open, or was won in the meantime.
with opportunities as (select * from {{ ref('int_lifecycle__opportunity_periods') }}),

epochs as (
    {{ knowledge_epochs(['opportunities'], 'lead_key') }}
),

held as (
    select opportunities.*, epochs.known_from as epoch_from, epochs.known_to as epoch_to
    from epochs
    inner join opportunities
        on
            epochs.lead_key = opportunities.lead_key
            and {{ known_at_instant('opportunities', 'epochs.known_from') }}
),

closings as (select * from held where effective_closed_at is not null),

others as (
    select
        closings.opportunity_key,
        closings.epoch_from,
        count(*) as n_still_running
    from closings
    inner join held as other
        on
            closings.lead_key = other.lead_key
            and closings.epoch_from = other.epoch_from
            and closings.opportunity_key <> other.opportunity_key
            and closings.effective_closed_at >= other.created_at
    where
        not closings.is_won
        and (
            other.closed_at is null
            or closings.effective_closed_at < other.closed_at
            or (other.is_won and closings.created_at <= other.closed_at)
        )
    group by closings.opportunity_key, closings.epoch_from
)

select
    closings.opportunity_key,
    closings.lead_key,
    closings.owner_id,
    closings.lost_reason,
    closings.version_known_at as known_at,
    closings.effective_closed_at as closed_at,
    closings.is_won,
    not closings.is_won and coalesce(others.n_still_running, 0) = 0 as is_lost,
    closings.epoch_from as known_from,
    closings.epoch_to as known_to
from closings
left join others
    on closings.opportunity_key = others.opportunity_key and closings.epoch_from = others.epoch_from
