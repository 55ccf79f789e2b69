-- When an accepted hand-over came back: as recorded, else when the owner changed from sales back to
-- marketing or the SDRs before the lead was offered again or closed: who comes back from nurture is given
-- out anew.
with offers as (select * from {{ ref('int_handoffs__offers') }} where decision = 'accepted'),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }}),

closings as (select * from {{ ref('int_handoffs__closings') }}),

first_closings as (
    select offers.handoff_key, min(closings.closed_at) as closed_at
    from offers
    inner join closings on offers.lead_key = closings.lead_key and offers.decided_at <= closings.closed_at
    group by offers.handoff_key
),

owner_returns as (
    select
        offers.handoff_key,
        min(owner_periods.valid_from) as returned_at
    from offers
    inner join owner_periods
        on
            offers.lead_key = owner_periods.lead_key
            and offers.decided_at < owner_periods.valid_from
            and owner_periods.valid_from <= coalesce(offers.next_offered_at, timestamp '9999-12-31 00:00:00')
    left join first_closings on offers.handoff_key = first_closings.handoff_key
    where
        owner_periods.previous_side = 'sales'
        and owner_periods.owner_side in ('sdr', 'marketing')
        and owner_periods.valid_from <= coalesce(first_closings.closed_at, timestamp '9999-12-31 00:00:00')
    group by offers.handoff_key
)

select
    offers.handoff_key,
    coalesce(offers.returned_at, owner_returns.returned_at) as returned_at,
    case
        when offers.returned_at is not null then 'explicit'
        when owner_returns.returned_at is not null then 'owner_change'
    end as return_basis
from offers
left join owner_returns on offers.handoff_key = owner_returns.handoff_key
where offers.returned_at is not null or owner_returns.returned_at is not null
