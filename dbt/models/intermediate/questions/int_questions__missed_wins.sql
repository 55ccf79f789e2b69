-- Did the score of a winner ever pass the MQL threshold before anybody of us contacted the lead? Up to the win
-- where nobody did. NULL where the score is not computable.
with wins as (select * from {{ ref('int_questions__win_moments') }} where moment_kind = 'win'),

contacts as (select * from {{ ref('int_sla__contacts') }} where is_attempt),

computable as (select * from {{ ref('int_routing__computable') }}),

scores as (select * from {{ ref('int_scoring__intervals') }}),

thresholds as (select * from {{ ref('int_scoring__thresholds') }} where threshold_name = 'mql'),

contacted as (
    select wins.win_key, wins.lead_key, least(wins.ends_at, min(contacts.occurred_at)) as contacted_at
    from wins
    left join contacts on wins.lead_key = contacts.lead_key
    group by wins.win_key, wins.lead_key, wins.ends_at
),

judged as (
    select
        contacted.win_key,
        scores.total_points,
        case thresholds.threshold_op
            when 'gt' then scores.total_points > thresholds.threshold_points
            when 'gte' then scores.total_points >= thresholds.threshold_points
        end as is_above
    from contacted
    inner join scores on contacted.lead_key = scores.lead_key and contacted.contacted_at > scores.valid_from
    inner join thresholds
        on
            scores.valid_from < coalesce(thresholds.valid_to, timestamp '9999-12-31 00:00:00')
            and coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00') > thresholds.valid_from
            and contacted.contacted_at > thresholds.valid_from
)

select
    contacted.win_key,
    case
        when max(cast(computable.has_contacts as integer)) = 0 then null
        when count(judged.win_key) > count(judged.total_points) then null
        else count(*) filter (where judged.is_above) = 0
    end as is_missed
from contacted
cross join computable
left join judged on contacted.win_key = judged.win_key
group by contacted.win_key
