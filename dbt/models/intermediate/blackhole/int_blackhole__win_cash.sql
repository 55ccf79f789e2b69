-- Cash of an average deal, of those won long enough ago to have been paid; deals that paid nothing count.
-- In thousands of the currency while it is added up: squares of cents would be too long.
with conversions as (select * from {{ ref('int_attribution__conversions') }} where is_won),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

paid as (
    select cast(conversions.cash_minor as double) / 100000 as cash_thousand
    from conversions
    cross join as_of
    where
        {{ seconds_between("conversions.converted_at", "as_of.as_of") }}
        >= {{ policy("black_hole", "cash_days") }} * 86400
),

measured as (
    select
        count(*) as n_deals,
        {{ steady_mean("cash_thousand") }} as mean_thousand,
        {{ steady_mean_error("cash_thousand") }} as error_thousand
    from paid
)

select
    n_deals,
    100000 * mean_thousand as cash_per_win_minor,
    100000 * greatest(0, mean_thousand - {{ normal_quantile(95) }} * error_thousand) as cash_per_win_low,
    100000 * (mean_thousand + {{ normal_quantile(95) }} * error_thousand) as cash_per_win_high
from measured
