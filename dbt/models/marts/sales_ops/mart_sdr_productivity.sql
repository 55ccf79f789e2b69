-- What the SDRs made of the leads given to them in a month. Case mix: what all SDRs together make of
-- leads of the same channel and score fifth is what is expected; observed / expected compares like with
-- like (indirect standardisation).
with outcomes as (select * from {{ ref('mart_sdr_outcome') }}),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

scores as (select * from {{ ref('fct_lead_score') }}),

placed as (
    select
        outcomes.*,
        leads.channel,
        -- A fifth of the score's range of 100.
        coalesce(floor(scores.total_points / 20), -1) as score_fifth,
        outcomes.outcome <> 'in_progress' as is_ended,
        outcomes.outcome = 'qualified' as is_qualified
    from outcomes
    inner join leads on outcomes.lead_key = leads.lead_key
    left join scores
        on
            outcomes.lead_key = scores.lead_key
            and outcomes.started_at >= scores.valid_from
            and outcomes.started_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
),

expectations as (
    select
        *,
        {{ ratio(
            "count(*) filter (where is_qualified) over (partition by channel, score_fifth)",
            "count(*) filter (where is_ended) over (partition by channel, score_fifth)",
        ) }} as expected_rate
    from placed
),

counts as (
    select
        started_month,
        user_id,
        team_id,
        count(*) as n_leads,
        count(*) filter (where not is_ended) as n_in_progress,
        count(*) filter (where outcome = 'qualified') as n_qualified,
        count(*) filter (where outcome = 'nurtured') as n_nurtured,
        count(*) filter (where outcome = 'disqualified') as n_disqualified,
        count(*) filter (where outcome = 'unreachable') as n_unreachable,
        count(*) filter (where contact = 'connected') as n_connected,
        cast(sum(n_attempts) as bigint) as n_attempts,
        cast(sum(talk_seconds) as bigint) as talk_seconds,
        avg(attempts_to_connect) as mean_attempts_to_connect,
        -- Decimals, because a sum of binary fractions depends on the order of its rows.
        cast(sum(case when is_ended then cast(expected_rate as decimal(18, 9)) end) as double) as n_expected
    from expectations
    group by started_month, user_id, team_id
)

select
    {{ surrogate_key(["started_month", "user_id", "team_id"]) }} as sdr_productivity_key,
    started_month,
    user_id,
    team_id,
    n_leads,
    n_in_progress,
    n_qualified,
    n_nurtured,
    n_disqualified,
    n_unreachable,
    n_connected,
    n_attempts,
    talk_seconds,
    {{ ratio("n_attempts", "n_qualified") }} as attempts_per_qualified,
    mean_attempts_to_connect,
    {{ ratio("n_qualified", "(n_leads - n_in_progress)") }} as qualified_share,
    {{ wilson_bound("n_qualified", "(n_leads - n_in_progress)", "low") }} as qualified_low,
    {{ wilson_bound("n_qualified", "(n_leads - n_in_progress)", "high") }} as qualified_high,
    n_expected,
    {{ ratio("n_qualified", "n_expected") }} as observed_to_expected
from counts
