-- Which measures the extracts at hand allow; what is missing is named, not filled with 0.
with requirements as (select * from {{ ref('measure_requirement') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }}),

joined as (
    select
        requirements.measure_id,
        requirements.mart,
        requirements.alternative_group,
        requirements.extract_table,
        presence.is_present
    from requirements
    inner join presence on requirements.extract_table = presence.extract_table
),

-- Extracts of one alternative group replace each other: one of them is enough.
groups_met as (
    select
        measure_id,
        mart,
        alternative_group,
        max(cast(is_present as integer)) = 1 as is_met,
        {{ distinct_sorted_text("extract_table", " or ") }} as extract_tables
    from joined
    group by measure_id, mart, alternative_group
)

select
    measure_id,
    mart,
    min(cast(is_met as integer)) = 1 as is_computable,
    cast(count(*) as integer) as n_requirements,
    cast(count(*) filter (where is_met) as integer) as n_met,
    {{ distinct_sorted_text("case when not is_met then extract_tables end", ", ") }} as missing_extracts
from groups_met
group by measure_id, mart
