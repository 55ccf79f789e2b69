-- Events that no source reports: a lead whose rep stayed silent too long goes back (X6). Derived from
-- each state of our knowledge: a late action refutes them, and the history says so.
with stays as (select * from {{ ref('int_lifecycle__watched_stays') }}),

actions as (select * from {{ ref('int_lifecycle__rep_actions') }}),

points as (
    select stays.*, stays.entered_at as silent_since
    from stays
    union
    select stays.*, actions.occurred_at as silent_since
    from stays
    inner join actions
        on
            stays.lead_key = actions.lead_key
            and stays.entered_at <= actions.occurred_at
            and stays.watched_until > actions.occurred_at
            and stays.known_from >= actions.known_from
),

silences as (
    select
        *,
        silent_since + silence_days * interval '1' day as limit_at,
        coalesce(
            lead(silent_since) over (
                partition by lead_key, known_from, event_id, rule_id order by silent_since asc nulls last
            ),
            watched_until
        ) as silent_until
    from points
),

-- One return per stay: from then on the lead is with somebody else.
returns as (
    select *
    from silences
    where silent_until > limit_at or (boundary = 'gte' and silent_until = limit_at)
    qualify
        row_number() over (
            partition by lead_key, known_from, event_id, rule_id order by silent_since asc nulls last
        ) = 1
),

pieces as (
    select
        {{ surrogate_key(["'inferred'", "rule_id", "event_id"]) }} as event_id,
        lead_key, to_stage as stage, limit_at as occurred_at, reason_code, rule_id, rule_version,
        moves_stage, known_from, known_to
    from returns
),

merged as (
    {{ merged_periods('pieces', [
        'event_id', 'lead_key', 'stage', 'occurred_at', 'reason_code', 'rule_id', 'rule_version',
        'moves_stage',
    ]) }}
)

select * from merged
