-- Kaplan-Meier of the time to contact per clock, over all leads and by month of start: who was never contacted
-- is still waiting today, never dropped (L03). Ties are grouped; the interval is Greenwood's on the log-log scale
-- (J. D. Kalbfleisch, R. L. Prentice 1980). No lead is left waiting where n_events = n_at_risk: ln(0) is avoided.
with clocks as (
    select *, waited_seconds as elapsed_seconds from {{ ref('int_questions__waiting') }}
    where has_contacts and waited_seconds is not null
),

placed as (
    select policy_id, 'all' as period_kind, cast(null as date) as period_start, elapsed_seconds, stopped_at from clocks
    union all
    select
        policy_id, 'month' as period_kind, {{ business_month("started_at") }} as period_start, elapsed_seconds,
        stopped_at
    from clocks
),

steps as (
    select
        policy_id,
        period_kind,
        period_start,
        elapsed_seconds,
        count(*) as n_leaving,
        count(stopped_at) as n_events
    from placed
    group by policy_id, period_kind, period_start, elapsed_seconds
),

at_risk as (
    select
        *,
        sum(n_leaving) over (
            partition by policy_id, period_kind, period_start order by elapsed_seconds desc nulls last
            rows between unbounded preceding and current row
        ) as n_at_risk
    from steps
),

curve as (
    select
        *,
        sum(case when n_events < n_at_risk then ln(1 - cast(n_events as double) / n_at_risk) else 0 end)
            over so_far as log_waiting,
        sum(
            case
                when n_events < n_at_risk
                    then cast(n_events as double) / (cast(n_at_risk as double) * (n_at_risk - n_events))
                else 0
            end
        ) over so_far as greenwood,
        max(case when n_events = n_at_risk then 1 else 0 end) over so_far as is_nobody_left
    from at_risk
    window so_far as (
        partition by policy_id, period_kind, period_start order by elapsed_seconds asc nulls last
        rows between unbounded preceding and current row
    )
),

bounded as (
    select
        *,
        case
            when log_waiting < 0
                then exp({{ normal_quantile(95) }} * sqrt(greenwood) / abs(log_waiting))
        end as spread
    from curve
)

select
    policy_id,
    period_kind,
    period_start,
    elapsed_seconds,
    n_leaving,
    n_events,
    n_at_risk,
    case when is_nobody_left = 1 then 0 else exp(log_waiting) end as waiting,
    case when is_nobody_left = 1 then 0 when log_waiting < 0 then exp(log_waiting * spread) else 1 end as waiting_low,
    case when is_nobody_left = 1 then 0 when log_waiting < 0 then exp(log_waiting / spread) else 1 end as waiting_high
from bounded
