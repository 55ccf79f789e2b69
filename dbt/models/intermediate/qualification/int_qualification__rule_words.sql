-- The condition of each qualification rule in words, put together from the words of its predicates.
with conditions as (select * from {{ ref('qualification_condition') }}),

-- The newest words of a predicate, whatever version judges.
predicates as (
    select predicate, label_en, label_zh
    from {{ ref('predicate') }}
    qualify
        row_number() over (
            partition by predicate
            order by valid_from desc nulls last, signal_kind asc nulls last, signal asc nulls last
        ) = 1
),

worded as (
    select
        conditions.rule_id,
        conditions.rule_version,
        conditions.group_no,
        conditions.predicate,
        concat(case when conditions.is_negated then 'not: ' else '' end, predicates.label_en) as words_en,
        concat(case when conditions.is_negated then '非：' else '' end, predicates.label_zh) as words_zh
    from conditions
    inner join predicates on conditions.predicate = predicates.predicate
),

grouped as (
    select
        rule_id,
        rule_version,
        group_no,
        {{ ordered_text_agg("words_en", " and ", "predicate") }} as words_en,
        {{ ordered_text_agg("words_zh", "，且", "predicate") }} as words_zh
    from worded
    group by rule_id, rule_version, group_no
)

select
    rule_id,
    rule_version,
    {{ ordered_text_agg("words_en", "; or ", "group_no") }} as condition_en,
    {{ ordered_text_agg("words_zh", "；或", "group_no") }} as condition_zh
from grouped
group by rule_id, rule_version
