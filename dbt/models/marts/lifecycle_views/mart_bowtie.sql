-- The funnel on its side (F20), in accounts: the left side step by step to commit, the right side from
-- commit on. Both sides share the knot: the same customers.
with reached as (select * from {{ ref('int_customer__bowtie_phases') }}),

steps as (select * from {{ ref('int_customer__bowtie_steps') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }} where is_present),

-- What can be seen at all of the phases after the sale.
seen as (
    select
        count(*) filter (where extract_table in ('onboarding_milestones', 'product_usage_daily')) > 0 as impact,
        count(*) filter (where extract_table in ('contracts', 'advocacy_events')) > 0 as growth
    from presence
),

volumes as (
    select bowtie_phase, count(*) as n_reached from reached group by bowtie_phase
),

members as (
    select
        steps.side,
        steps.bowtie_phase,
        {{ seconds_between("started.reached_at", "as_of.as_of") }}
        >= {{ policy('bowtie', 'maturity_days') }} * 86400 as is_mature,
        {{ seconds_between("started.reached_at", "arrived.reached_at") }} / 86400 as days
    from steps
    inner join reached as started on steps.from_phase = started.bowtie_phase
    left join reached as arrived
        on started.account_key = arrived.account_key and steps.bowtie_phase = arrived.bowtie_phase
    cross join as_of
    -- Who was there before can't arrive.
    where coalesce(arrived.reached_at >= started.reached_at, true)
),

conversions as (
    select
        side,
        bowtie_phase,
        count(*) as n_from,
        count(days) as n_converted_ever,
        count(*) filter (where is_mature) as n_mature,
        count(*) filter (where is_mature and days <= {{ policy('bowtie', 'maturity_days') }}) as n_converted,
        median(days) filter (where is_mature and days <= {{ policy('bowtie', 'maturity_days') }}) as median_days
    from members
    group by side, bowtie_phase
),

judged as (
    select
        steps.side, steps.bowtie_phase, steps.phase_rank, steps.from_phase,
        coalesce(volumes.n_reached, 0) as n_reached,
        conversions.n_from, conversions.n_converted_ever, conversions.n_mature, conversions.n_converted,
        conversions.median_days,
        case
            when steps.bowtie_phase = 'impact' then seen.impact
            when steps.bowtie_phase = 'growth' then seen.growth
            else true
        end as is_computable
    from steps
    cross join seen
    left join volumes on steps.bowtie_phase = volumes.bowtie_phase
    left join conversions on steps.side = conversions.side and steps.bowtie_phase = conversions.bowtie_phase
)

select
    {{ surrogate_key(["side", "bowtie_phase"]) }} as bowtie_key,
    side,
    bowtie_phase,
    cast(phase_rank as integer) as phase_rank,
    from_phase,
    case when is_computable then n_reached end as n_reached,
    coalesce(n_from, 0) as n_from,
    coalesce(n_mature, 0) as n_mature,
    case when is_computable then n_converted_ever end as n_converted_ever,
    case when is_computable then n_converted end as n_converted,
    {{ ratio("n_converted", "n_mature", "is_computable") }} as conversion_rate,
    case when is_computable then {{ wilson_bound("n_converted", "n_mature", "low") }} end as conversion_rate_low,
    case when is_computable then {{ wilson_bound("n_converted", "n_mature", "high") }} end as conversion_rate_high,
    case when is_computable then median_days end as median_days,
    case
        when not is_computable then 'not_computable'
        when from_phase is null then 'start'
        when coalesce(n_mature, 0) = 0 then 'immature'
        when n_mature < {{ policy('funnel', 'small_n') }} then 'small_n'
        else 'ok'
    end as ratio_status
from judged
