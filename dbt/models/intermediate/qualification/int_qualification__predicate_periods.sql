-- When each predicate is true or false of a lead, in the longest periods; unknown where no period is.
-- True if any statement says so, else false if any does (a sum of signed changes, methods.md 2.1).
with statements as (
    select * from {{ ref('int_qualification__field_statements') }}
    union all
    select * from {{ ref('int_qualification__act_statements') }}
    union all
    select * from {{ ref('int_qualification__mark_statements') }}
    union all
    select * from {{ ref('int_qualification__score_statements') }}
    union all
    select * from {{ ref('int_qualification__verdict_statements') }}
),

deltas as (
    select lead_key, predicate, valid_from as changed_at, is_true, 1 as delta, known_at
    from statements
    union all
    select lead_key, predicate, valid_to as changed_at, is_true, -1 as delta, known_at
    from statements
    where valid_to is not null
),

steps as (
    select
        lead_key,
        predicate,
        changed_at,
        coalesce(sum(delta) filter (where is_true), 0) as true_delta,
        coalesce(sum(delta) filter (where not is_true), 0) as false_delta,
        max(known_at) as known_at
    from deltas
    group by lead_key, predicate, changed_at
),

counts as (
    select
        *,
        sum(true_delta) over history as n_true,
        sum(false_delta) over history as n_false
    from steps
    window history as (
        partition by lead_key, predicate order by changed_at asc nulls last
        rows between unbounded preceding and current row
    )
),

judged as (
    select
        lead_key, predicate, changed_at, known_at,
        case when n_true > 0 then true when n_false > 0 then false end as is_true
    from counts
),

changes as (
    select *
    from judged
    qualify
        is_true is distinct from lag(is_true) over (
            partition by lead_key, predicate order by changed_at asc nulls last
        )
),

periods as (
    select
        lead_key,
        predicate,
        is_true,
        changed_at as valid_from,
        lead(changed_at) over (
            partition by lead_key, predicate order by changed_at asc nulls last
        ) as valid_to,
        known_at
    from changes
)

select * from periods where is_true is not null
