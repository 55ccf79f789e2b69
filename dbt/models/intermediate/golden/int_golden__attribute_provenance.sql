-- The winner of each attribute, and why it won.
with placed as (select * from {{ ref('int_golden__ranked_candidates') }}),

winners as (select * from placed where place = 1),

-- The best candidate with another value.
rivals as (
    select placed.*
    from placed
    inner join winners
        on
            placed.entity = winners.entity
            and placed.entity_key = winners.entity_key
            and placed.attribute = winners.attribute
    where placed.value_key <> winners.value_key
    qualify
        row_number() over (
            partition by placed.entity, placed.entity_key, placed.attribute order by placed.place asc nulls last
        ) = 1
),

-- Several values contradict each other when they are as complete as the winner: 王总 does not
-- contradict 王伟, and a person may well have two mobiles.
counts as (
    select
        placed.entity,
        placed.entity_key,
        placed.attribute,
        count(distinct placed.value_key) as n_values,
        count(distinct placed.record_key) as n_records,
        count(distinct case when placed.completeness = winners.completeness then placed.value_key end) > 1
        and max(case when placed.is_single_valued then 1 else 0 end) = 1 as is_conflict
    from placed
    inner join winners
        on
            placed.entity = winners.entity
            and placed.entity_key = winners.entity_key
            and placed.attribute = winners.attribute
    group by placed.entity, placed.entity_key, placed.attribute
)

select
    winners.entity,
    winners.entity_key,
    winners.attribute,
    winners.attribute_value,
    winners.value_key,
    winners.completeness,
    winners.record_key,
    winners.record_type,
    winners.source_system,
    winners.observed_at,
    winners.trust,
    winners.strategy,
    winners.rule_record_type,
    case
        when rivals.record_key is null then 'only_value'
        when winners.completeness > rivals.completeness then 'completeness'
        when winners.strategy_score > rivals.strategy_score then 'strategy'
        when winners.trust > rivals.trust then 'trust'
        when winners.observed_at > rivals.observed_at then 'recency'
        else 'record_key'
    end as decided_by,
    counts.n_values,
    counts.n_records,
    counts.is_conflict
from winners
inner join counts
    on
        winners.entity = counts.entity
        and winners.entity_key = counts.entity_key
        and winners.attribute = counts.attribute
left join rivals
    on
        winners.entity = rivals.entity
        and winners.entity_key = rivals.entity_key
        and winners.attribute = rivals.attribute
