-- Each comparison in one row: the rates and the parts of their change, in fractions. Doubles are added as
-- decimals: the same in any order of rows.
with cells as (select * from {{ ref('int_questions__cell_effects') }}),

comparisons as (select * from {{ ref('int_questions__comparisons') }}),

speeds as (select * from {{ ref('int_questions__speed_parts') }}),

headers as (
    select
        comparison_key,
        period_kind,
        period_start,
        max(horizon_days) as horizon_days,
        sum(n_open) as n_open
    from comparisons
    group by comparison_key, period_kind, period_start
),

summed as (
    select
        comparison_key,
        sum(n_before) as n_before,
        sum(k_before) as k_before,
        sum(n_now) as n_now,
        sum(k_now) as k_now,
        cast(sum(cast(mix_effect as decimal(28, 15))) as double) as mix,
        cast(sum(cast(within_effect as decimal(28, 15))) as double) as within,
        cast(sum(case when is_one_sided then n_before + n_now else 0 end) as double)
        / sum(n_before + n_now) as one_sided_share
    from cells
    group by comparison_key
)

select
    headers.comparison_key,
    headers.period_kind,
    headers.period_start,
    headers.horizon_days,
    cast(headers.n_open as bigint) as n_open,
    cast(summed.n_before as bigint) as n_before,
    cast(summed.n_now as bigint) as n_now,
    {{ ratio("summed.k_before", "summed.n_before") }} as rate_before,
    {{ ratio("summed.k_now", "summed.n_now") }} as rate_now,
    {{ ratio("summed.k_now", "summed.n_now") }} - {{ ratio("summed.k_before", "summed.n_before") }} as change,
    summed.mix,
    summed.within,
    speeds.speed_effect as speed,
    speeds.has_contacts,
    summed.within - speeds.speed_effect as skill,
    summed.one_sided_share,
    case
        when headers.n_open > 0 then 'immature'
        when least(summed.n_before, summed.n_now) < {{ policy('diagnosis', 'small_n') }} then 'not_enough_data'
        else 'ok'
    end as status
from headers
inner join summed on headers.comparison_key = summed.comparison_key
left join speeds on headers.comparison_key = speeds.comparison_key
