-- The figures that closed months are held to, whether they can be known at all, and the day it is.
with measures as (select * from {{ ref('restatement_measure') }} where {{ in_force_now() }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

leads as (select count(*) > 0 as has_leads from {{ ref('int_leads__leads') }}),

as_of as (select {{ business_date("as_of") }} as today from {{ ref('int_time__as_of') }})

select
    measures.measure,
    measures.cell_source,
    measures.stage,
    measures.attribution_model,
    measures.revenue_basis,
    measures.unit_kind,
    measures.closing_lag_days,
    as_of.today,
    case measures.needs
        when 'leads' then leads.has_leads
        when 'wins' then leads.has_leads and presence.has_wins
        when 'cost' then presence.has_cost
        when 'cash' then presence.has_cash
    end as is_known
from measures
cross join leads
cross join presence
cross join as_of
