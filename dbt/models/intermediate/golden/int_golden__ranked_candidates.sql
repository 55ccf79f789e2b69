-- Candidates in the order in which they would become golden. The order is total: completeness,
-- strategy, trust, recency, record, value; nothing depends on the order of deliveries.
with candidates as (select * from {{ ref('int_golden__attribute_candidates') }}),

records as (
    select entity, entity_key, record_key, count(distinct attribute) as n_attributes
    from candidates
    group by entity, entity_key, record_key
),

spread as (
    select entity, entity_key, attribute, value_key, count(distinct record_key) as n_records
    from candidates
    group by entity, entity_key, attribute, value_key
),

scored as (
    select
        candidates.*,
        cast(case candidates.strategy
            when 'most_trusted' then candidates.trust
            when 'most_recent'
                then {{ seconds_between("timestamp '1970-01-01 00:00:00'", "candidates.observed_at") }}
            when 'most_complete' then records.n_attributes
            when 'longest' then length(candidates.attribute_value)
            when 'most_frequent' then spread.n_records
            when 'any_true' then case when candidates.value_key = 'true' then 1 else 0 end
        end as double) as strategy_score
    from candidates
    inner join records
        on
            candidates.entity = records.entity
            and candidates.entity_key = records.entity_key
            and candidates.record_key = records.record_key
    inner join spread
        on
            candidates.entity = spread.entity
            and candidates.entity_key = spread.entity_key
            and candidates.attribute = spread.attribute
            and candidates.value_key = spread.value_key
)

select
    *,
    row_number() over (
        partition by entity, entity_key, attribute
        order by
            completeness desc nulls last, strategy_score desc nulls last, trust desc nulls last,
            observed_at desc nulls last, record_key asc nulls last, attribute_value asc nulls last
    ) as place
from scored
