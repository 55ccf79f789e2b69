-- A row is a stage that more persons or enquiries reached than leads, or a unit whose standings do not
-- add up to its number (F01, D1).
with units as (select * from {{ ref('mart_funnel_units') }}),

leads as (select * from units where unit = 'lead')

select units.unit, units.stage, 'more than leads' as problem
from units
inner join leads on units.stage = leads.stage
where units.n_reached > leads.n_reached
union all
select unit, 'all' as stage, 'standings do not add up' as problem
from units
group by unit
having sum(n_open) <> max(n_units)
