-- Aalen–Johansen estimate, at the horizon, of what came first: the conversion or the exit. Members we
-- have not followed for so long leave the risk set when we lose sight of them.
{%- set cell = "period_kind, period_start, dimension_kind, dimension_value, from_stage, to_stage, horizon_days" %}
with risk_sets as (select * from {{ ref('int_funnel__risk_sets') }}),

events as (
    select *, n_converted + n_exited as n_events
    from risk_sets
    where duration_s is not null
),

survival as (
    select
        *,
        {{ running_product("1 - n_events / n_at_risk", "so_far") }} as still_open
    from events
    window so_far as (
        partition by {{ cell }} order by duration_s asc nulls last
        rows between unbounded preceding and current row
    )
),

steps as (
    select
        *,
        coalesce(
            lag(still_open) over (partition by {{ cell }} order by duration_s asc nulls last), 1.0
        ) as open_before
    from survival
),

curves as (
    select
        *,
        sum(open_before * n_converted / n_at_risk) over so_far as converted_so_far,
        sum(open_before * n_converted / n_at_risk) over the_cell as converted_rate,
        sum(open_before * n_exited / n_at_risk) over the_cell as exited_rate
    from steps
    window
        so_far as (
            partition by {{ cell }} order by duration_s asc nulls last
            rows between unbounded preceding and current row
        ),
        the_cell as (
            partition by {{ cell }} order by duration_s asc nulls last
            rows between unbounded preceding and unbounded following
        )
),

-- Delta-method variance (Gaynor et al., JASA 88, 1993): without censoring it is p (1 - p) / n.
variances as (
    select
        {{ cell }},
        max(converted_rate) as converted_rate,
        max(exited_rate) as exited_rate,
        sum(cast(
            case
                when n_at_risk > n_events
                    then
                        (converted_rate - converted_so_far) * (converted_rate - converted_so_far)
                        * n_events / (n_at_risk * (n_at_risk - n_events))
                else 0
            end
            + open_before * open_before * n_converted * (n_at_risk - n_converted)
            / (n_at_risk * n_at_risk * n_at_risk)
            - 2 * (converted_rate - converted_so_far) * open_before * n_converted / (n_at_risk * n_at_risk)
            as decimal(38, 18)
        )) as converted_variance
    from curves
    group by {{ cell }}
),

-- A cell of which nothing ended within the horizon has no curve, and is known all the same.
cells as (
    select {{ cell }}, max(cell_followed_s) as followed_s
    from risk_sets
    group by {{ cell }}
)

select
    cells.period_kind,
    cells.period_start,
    cells.dimension_kind,
    cells.dimension_value,
    cells.from_stage,
    cells.to_stage,
    cells.horizon_days,
    cells.followed_s >= cells.horizon_days * 86400 as is_identified,
    round(coalesce(variances.converted_rate, 0), 12) as converted_rate,
    round(coalesce(variances.exited_rate, 0), 12) as exited_rate,
    cast(coalesce(variances.converted_variance, 0) as double) as converted_variance
from cells
left join variances
    on
        cells.period_kind = variances.period_kind
        and cells.period_start = variances.period_start
        and cells.dimension_kind = variances.dimension_kind
        and cells.dimension_value = variances.dimension_value
        and cells.from_stage = variances.from_stage
        and cells.to_stage = variances.to_stage
        and cells.horizon_days = variances.horizon_days
