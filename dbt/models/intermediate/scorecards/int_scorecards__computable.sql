-- Which key figures the extracts at hand allow at all: what is missing makes them unknown, never 0.
with kpis as (select * from {{ ref('kpi') }} where {{ in_force_now() }}),

attribution as (select * from {{ ref('int_attribution__computable') }}),

routing as (select * from {{ ref('int_routing__computable') }})

select
    kpis.kpi,
    case kpis.needs
        when 'wins' then attribution.has_wins
        when 'contacts' then routing.has_contacts and routing.has_sides
        when 'owners' then routing.has_sides
        else true
    end as is_computable
from kpis
cross join attribution
cross join routing
