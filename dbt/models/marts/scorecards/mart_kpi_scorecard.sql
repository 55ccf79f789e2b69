-- Key figures of the company and its teams beside the targets that held on the first day of the month,
-- with what may be said about the difference.
with figures as (select * from {{ ref('int_scorecards__kpi_months') }}),

kpis as (select * from {{ ref('kpi') }} where {{ in_force_now() }}),

computable as (select * from {{ ref('int_scorecards__computable') }}),

targets as (select * from {{ ref('kpi_target') }}),

teams as (select * from {{ ref('team_label') }} where {{ in_force_now() }}),

verdicts as (select * from {{ ref('kpi_verdict') }} where {{ in_force_now() }}),

calendar as (select * from {{ ref('dim_date') }}),

as_of as (select {{ business_date("as_of") }} as today from {{ ref('int_time__as_of') }}),

workdays as (
    select
        calendar.month_start,
        count(*) filter (where calendar.is_workday) as n_workdays,
        count(*) filter (where calendar.is_workday and calendar.date_day < as_of.today) as n_workdays_gone,
        max(calendar.date_day) < max(as_of.today) as is_complete
    from calendar
    cross join as_of
    group by calendar.month_start
),

measured as (
    select
        figures.*,
        computable.is_computable,
        workdays.is_complete,
        targets.target_value,
        targets.target_version,
        case
            when not computable.is_computable then null
            when figures.kpi_kind = 'count' then cast(figures.n_events as double)
            when figures.n_events > 0 then cast(figures.n_good as double) / figures.n_events
        end as actual,
        case
            when computable.is_computable and figures.kpi_kind = 'rate'
                then {{ wilson_bound("figures.n_good", "figures.n_events", "low") }}
        end as actual_low,
        case
            when computable.is_computable and figures.kpi_kind = 'rate'
                then {{ wilson_bound("figures.n_good", "figures.n_events", "high") }}
        end as actual_high,
        case
            when
                computable.is_computable and figures.kpi_kind = 'count' and not workdays.is_complete
                and workdays.n_workdays_gone > 0
                then round(figures.n_events * workdays.n_workdays / cast(workdays.n_workdays_gone as double), 1)
        end as run_rate
    from figures
    inner join computable on figures.kpi = computable.kpi
    inner join workdays on figures.month_start = workdays.month_start
    left join targets
        on
            figures.kpi = targets.kpi
            and figures.team = targets.team
            and figures.month_start >= targets.first_month
            and figures.month_start <= targets.last_month
            and {{ in_force('targets', 'figures.month_start') }}
),

judged as (
    select
        *,
        case
            when not is_computable then 'not_computable'
            when not is_complete then 'running'
            when target_value is null then 'no_target'
            when actual >= target_value then 'met'
            when actual_high >= target_value or actual is null then 'not_distinguishable'
            else 'missed'
        end as kpi_verdict
    from measured
)

select
    {{ surrogate_key(["judged.kpi", "judged.team", "judged.month_start"]) }} as kpi_scorecard_key,
    judged.month_start,
    judged.team,
    coalesce(teams.label_en, judged.team) as team_en,
    coalesce(teams.label_zh, judged.team) as team_zh,
    judged.kpi,
    kpis.label_en as kpi_en,
    kpis.label_zh as kpi_zh,
    kpis.unit_en,
    kpis.unit_zh,
    judged.kpi_kind,
    case when judged.is_computable then judged.n_events end as n_events,
    case when judged.is_computable then judged.n_good end as n_good,
    judged.actual,
    judged.actual_low,
    judged.actual_high,
    judged.run_rate,
    judged.target_value,
    judged.target_version,
    {{ ratio("judged.actual", "judged.target_value", "judged.is_complete") }} as attainment,
    judged.is_complete,
    judged.kpi_verdict,
    verdicts.label_en as verdict_en,
    verdicts.label_zh as verdict_zh
from judged
inner join kpis on judged.kpi = kpis.kpi
inner join verdicts on judged.kpi_verdict = verdicts.kpi_verdict
left join teams on judged.team = teams.team
