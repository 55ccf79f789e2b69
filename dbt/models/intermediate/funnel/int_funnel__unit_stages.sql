-- How far each unit ever came (the earliest of its leads) and where its furthest open lead stands now:
-- leads, enquiries, persons and accounts are counted apart, never through each other.
with outcomes as (
    select * from {{ ref('int_leads__outcomes') }} where cleaning_outcome <> 'exclude'
),

leads as (select * from {{ ref('int_leads__leads') }}),

reached as (select * from {{ ref('int_funnel__reached') }}),

open_stays as (
    select lead_key, stage, stage_rank
    from {{ ref('int_lifecycle__intervals') }}
    where exited_at is null and path_kind = 'success'
),

members as (
    select
        outcomes.lead_key,
        outcomes.survivor_lead_key,
        leads.person_key,
        leads.account_key
    from outcomes
    inner join leads on outcomes.lead_key = leads.lead_key
),

units as (
    select 'lead' as unit, lead_key as unit_key, lead_key from members
    union all
    select 'enquiry' as unit, survivor_lead_key as unit_key, lead_key from members
    union all
    select 'person' as unit, person_key as unit_key, lead_key from members where person_key is not null
    union all
    select 'account' as unit, account_key as unit_key, lead_key from members where account_key is not null
)

select
    units.unit,
    units.unit_key,
    count(*) as n_leads,
    count(open_stays.lead_key) as n_open_leads,
    {% for stage in ["lead", "mql", "sal", "sql", "opportunity", "account"] -%}
    min(reached.reached_{{ stage }}_at) as reached_{{ stage }}_at,
    {% endfor -%}
    max_by(open_stays.stage, open_stays.stage_rank) as open_stage,
    max(open_stays.stage_rank) as open_stage_rank
from units
left join reached on units.lead_key = reached.lead_key
left join open_stays on units.lead_key = open_stays.lead_key
group by units.unit, units.unit_key
