-- The versions of the rules of a stage that are in force together, between two changes of any of them.
with rules as (
    select distinct stage, rule_id, rule_version, rule_from, rule_to
    from {{ ref('int_qualification__conditions') }}
),

changes as (
    select stage, rule_from as changed_at from rules
    union
    select stage, rule_to as changed_at from rules
    where rule_to is not null
),

spans as (
    select
        stage,
        changed_at as set_from,
        lead(changed_at) over (partition by stage order by changed_at asc nulls last) as set_to
    from changes
),

labelled as (
    select
        spans.stage,
        spans.set_from,
        spans.set_to,
        {{ distinct_sorted_text("concat(rules.rule_id, '@', rules.rule_version)", ",") }} as rule_versions
    from spans
    inner join rules
        on
            spans.stage = rules.stage
            and spans.set_from >= rules.rule_from
            and spans.set_from < coalesce(rules.rule_to, timestamp '9999-12-31 00:00:00')
    group by spans.stage, spans.set_from, spans.set_to
)

select
    stage,
    cast(row_number() over (partition by stage order by set_from asc nulls last) as integer) as rule_set_number,
    rule_versions,
    set_from,
    set_to
from labelled
