-- What held from one moment of a lead to the next, and which part of that time it was in the hole: silence
-- beyond the limit of its stage, nobody due, still there.
with moments as (select * from {{ ref('int_blackhole__moments') }}),

stays as (select * from {{ ref('int_lifecycle__intervals') }}),

rules as ({{ rule_periods(ref('black_hole_rule')) }}),

carried as (
    select
        lead_key,
        happened_at,
        lead(happened_at) over lead_log as next_at,
        restarted_at is not null as is_restart,
        talked_at is not null as is_talk,
        max(stay_number) over so_far as stay_number,
        max(restarted_at) over so_far as restarted_at,
        max(talked_at) over so_far as talked_at,
        sum(sheltered) over so_far as n_shelters,
        max(gone) over so_far as gone
    from moments
    window
        lead_log as (partition by lead_key order by happened_at asc nulls last),
        so_far as (
            partition by lead_key order by happened_at asc nulls last
            rows between unbounded preceding and current row
        )
),

limited as (
    select
        carried.*,
        stays.stage,
        stays.move,
        rules.stage is not null as has_limit,
        greatest(carried.restarted_at, carried.talked_at) as silent_since,
        -- Who was talked to since the wait began may be silent for other days than who never was.
        case when carried.talked_at >= carried.restarted_at then rules.silence_days else rules.grace_days end
            as limit_days,
        rules.rule_version
    from carried
    inner join stays on carried.lead_key = stays.lead_key and carried.stay_number = stays.stay_number
    left join rules
        on
            stays.stage = rules.stage
            and carried.happened_at >= rules.rule_from
            and carried.happened_at < coalesce(rules.rule_to, timestamp '9999-12-31 00:00:00')
)

select
    *,
    case
        when has_limit and n_shelters = 0 and gone = 0
            then greatest(happened_at, {{ seconds_later("silent_since", "(limit_days * 86400)") }})
    end as forgotten_from
from limited
