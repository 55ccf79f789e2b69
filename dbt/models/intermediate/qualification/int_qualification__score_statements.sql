-- Statements about the score and a threshold, by the version of the threshold in force. A score that is
-- not computable states nothing.
with intervals as (
    select * from {{ ref('int_scoring__intervals') }} where total_points is not null
),

leads as (select lead_key, person_key, created_at, first_known_at from {{ ref('int_leads__leads') }}),

hits as (select * from {{ ref('int_scoring__behaviour_hits') }}),

thresholds as (
    select
        *,
        {{ to_utc("cast(valid_from as timestamp)", var('business_timezone')) }} as threshold_from,
        {{ to_utc("cast(valid_to as timestamp)", var('business_timezone')) }} as threshold_to
    from {{ ref('score_threshold') }}
),

predicates as (
    select
        predicates.predicate,
        thresholds.threshold_op,
        thresholds.threshold_points,
        greatest(predicates.rule_from, thresholds.threshold_from) as rule_from,
        least(predicates.rule_to, thresholds.threshold_to) as rule_to
    from {{ ref('int_qualification__predicates') }} as predicates
    inner join thresholds on predicates.signal = thresholds.threshold_name
    where predicates.signal_kind = 'score' and predicates.match_kind = 'above_threshold'
),

-- Rows of rules are few: this is a copy of the intervals, not a nested loop.
judged as (
    select
        intervals.lead_key,
        predicates.predicate,
        intervals.total_points > predicates.threshold_points
        or (predicates.threshold_op = 'gte' and intervals.total_points = predicates.threshold_points) as is_true,
        greatest(intervals.valid_from, predicates.rule_from) as valid_from,
        least(intervals.valid_to, predicates.rule_to) as valid_to
    from intervals
    cross join predicates
),

-- The points of an instant are known once all that made them is: the acts so far and the fields.
knowledge as (
    select lead_key, valid_from as changed_at, known_at from {{ ref('int_qualification__field_periods') }}
    where field_name in (select signal from {{ ref('score_item') }} where signal_kind = 'lead_field')
    union all
    select
        leads.lead_key, greatest(hits.occurred_at, leads.created_at) as changed_at,
        hits.first_known_at as known_at
    from leads
    inner join hits on leads.person_key = hits.person_key
    union all
    select lead_key, created_at as changed_at, first_known_at as known_at from leads
),

known as (
    select
        lead_key,
        changed_at,
        max(max(known_at)) over (
            partition by lead_key order by changed_at asc nulls last
            rows between unbounded preceding and current row
        ) as known_at,
        lead(changed_at) over (partition by lead_key order by changed_at asc nulls last) as next_changed_at
    from knowledge
    group by lead_key, changed_at
)

select
    judged.lead_key, judged.predicate, judged.is_true, judged.valid_from, judged.valid_to, known.known_at
from judged
left join known
    on
        judged.lead_key = known.lead_key
        and judged.valid_from >= known.changed_at
        and judged.valid_from < coalesce(known.next_changed_at, timestamp '9999-12-31 00:00:00')
where judged.valid_from < coalesce(judged.valid_to, timestamp '9999-12-31 00:00:00')
