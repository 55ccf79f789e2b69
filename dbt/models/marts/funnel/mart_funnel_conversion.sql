-- Conversion within the horizon, by cohort. A cohort whose every member was followed so long is
-- counted; a younger one is estimated (Aalen–Johansen), or unknown when nobody was followed so long.
with members as (select * from {{ ref('int_funnel__cells') }}),

incidence as (select * from {{ ref('int_funnel__incidence') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

counted as (
    select
        period_kind, period_start, dimension_kind, dimension_value, from_stage, to_stage, horizon_days,
        count(*) as n_entered,
        count(*) filter (where is_mature) as n_mature,
        count(*) filter (where is_mature and outcome = 'converted' and outcome_s <= horizon_days * 86400)
            as n_converted,
        count(*) filter (where is_mature and outcome = 'exited' and outcome_s <= horizon_days * 86400)
            as n_exited,
        count(*) filter (
            where is_mature and is_reached_in_time and outcome <> 'converted'
        ) as n_converted_after_exit
    from members
    group by period_kind, period_start, dimension_kind, dimension_value, from_stage, to_stage, horizon_days
),

judged as (
    select
        counted.*,
        incidence.is_identified,
        incidence.converted_rate,
        incidence.exited_rate,
        counted.n_mature = counted.n_entered as is_mature,
        presence.has_wins or counted.to_stage not in ('opportunity', 'account') as is_computable,
        -- As many plain observations as would be as uncertain.
        case
            when counted.n_mature = counted.n_entered then cast(counted.n_entered as double)
            when incidence.converted_variance > 0 and incidence.converted_rate * (1 - incidence.converted_rate) > 0
                then
                    incidence.converted_rate * (1 - incidence.converted_rate) / incidence.converted_variance
            else cast(counted.n_mature as double)
        end as n_effective
    from counted
    inner join incidence
        on
            counted.period_kind = incidence.period_kind
            and counted.period_start = incidence.period_start
            and counted.dimension_kind = incidence.dimension_kind
            and counted.dimension_value = incidence.dimension_value
            and counted.from_stage = incidence.from_stage
            and counted.to_stage = incidence.to_stage
            and counted.horizon_days = incidence.horizon_days
    cross join presence
),

rated as (
    select
        *,
        case
            when not is_computable or not is_identified then null
            when is_mature then cast(n_converted as double) / n_entered
            else converted_rate
        end as conversion_rate,
        case
            when not is_computable or not is_identified then null
            when is_mature then cast(n_exited as double) / n_entered
            else exited_rate
        end as exit_rate
    from judged
),

bounded as (
    select
        *,
        round({{ wilson_bound("(conversion_rate * n_effective)", "n_effective", "low") }}, 9) as rate_low,
        round({{ wilson_bound("(conversion_rate * n_effective)", "n_effective", "high") }}, 9) as rate_high
    from rated
)

select
    {{ surrogate_key([
        "period_kind", "period_start", "dimension_kind", "dimension_value", "from_stage", "to_stage"
    ]) }} as funnel_conversion_key,
    period_kind,
    period_start,
    dimension_kind,
    dimension_value,
    from_stage,
    to_stage,
    horizon_days,
    n_entered,
    n_mature,
    case when is_computable then n_converted end as n_converted,
    case when is_computable then n_exited end as n_exited,
    case when is_computable then n_mature - n_converted - n_exited end as n_open,
    case when is_computable then n_converted_after_exit end as n_converted_after_exit,
    round(conversion_rate, 9) as conversion_rate,
    rate_low as conversion_rate_low,
    rate_high as conversion_rate_high,
    round(exit_rate, 9) as exit_rate,
    -- What rounding leaves below nothing is nothing, and not the -0 that a copy of the table forgets.
    round(greatest(1 - conversion_rate - exit_rate, 0), 9) as open_rate,
    case when conversion_rate is not null then round(n_effective, 6) end as n_effective,
    is_mature,
    case when conversion_rate is null then null when is_mature then 'matured' else 'estimated' end as rate_basis,
    case
        when not is_computable then 'not_computable'
        when not is_identified then 'not_identified'
        when n_effective < {{ policy('funnel', 'small_n') }} then 'small_n'
        when not is_mature then 'immature'
        else 'ok'
    end as ratio_status
from bounded
