-- How many leads, enquiries, persons and accounts came how far, each counted on its own.
with unit_stages as (select * from {{ ref('int_funnel__unit_stages') }}),

persons as (select person_key from {{ ref('dim_person') }}),

accounts as (select account_key from {{ ref('dim_account') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }} where path_kind in ('success', 'won')),

universe as (
    select unit, unit_key from unit_stages
    union
    select 'person' as unit, person_key as unit_key from persons
    union
    select 'account' as unit, account_key as unit_key from accounts
),

placed as (
    select
        universe.unit,
        universe.unit_key,
        unit_stages.unit_key is not null as has_lead,
        unit_stages.open_stage
    from universe
    left join unit_stages
        on universe.unit = unit_stages.unit and universe.unit_key = unit_stages.unit_key
),

totals as (
    select unit, count(*) as n_units, count(*) filter (where has_lead) as n_with_lead
    from placed
    group by unit
),

-- One row per unit and stage it reached; a stage that is switched off is not asked.
reached as (
    {% for stage in ["lead", "mql", "sal", "sql", "opportunity", "account"] -%}
    select unit, '{{ stage }}' as stage, count(*) as n_reached
    from unit_stages
    where reached_{{ stage }}_at is not null
    group by unit
    {% if not loop.last %}union all
    {% endif %}
    {%- endfor %}
),

standing as (
    select unit, coalesce(open_stage, 'none') as stage, count(*) as n_open
    from placed
    group by unit, coalesce(open_stage, 'none')
),

cells as (
    select totals.unit, stages.stage, stages.stage_rank, totals.n_units, totals.n_with_lead
    from totals
    cross join stages
    union all
    select unit, 'none' as stage, null as stage_rank, n_units, n_with_lead
    from totals
)

select
    {{ surrogate_key(["cells.unit", "cells.stage"]) }} as funnel_unit_key,
    cells.unit,
    cells.stage,
    cast(cells.stage_rank as integer) as stage_rank,
    cells.n_units,
    cells.n_with_lead,
    case when cells.stage <> 'none' then coalesce(reached.n_reached, 0) end as n_reached,
    case when cells.stage <> 'none' then cells.n_units - coalesce(reached.n_reached, 0) end as n_not_reached,
    coalesce(standing.n_open, 0) as n_open
from cells
left join reached on cells.unit = reached.unit and cells.stage = reached.stage
left join standing on cells.unit = standing.unit and cells.stage = standing.stage
