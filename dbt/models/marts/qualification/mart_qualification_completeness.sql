-- How often all that must be asked was known when the lead became an SQL: per business month, and over
-- all months.
with entries as (
    select *, cast(date_trunc('month', entered_date) as date) as entered_month
    from {{ ref('fct_qualification') }}
    where n_to_capture > 0
),

counted as (
    select
        stage,
        entered_month,
        count(*) as n_entries,
        count(*) filter (where is_fully_captured) as n_complete,
        sum(n_captured) as n_captured,
        sum(n_to_capture) as n_to_capture
    from entries
    group by grouping sets ((stage, entered_month), (stage))
)

select
    {{ surrogate_key(["stage", "entered_month"]) }} as qualification_completeness_key,
    stage,
    entered_month,
    cast(n_entries as integer) as n_entries,
    cast(n_complete as integer) as n_complete,
    {{ ratio("n_complete", "n_entries") }} as complete_share,
    {{ wilson_bound("n_complete", "n_entries", "low") }} as complete_share_low,
    {{ wilson_bound("n_complete", "n_entries", "high") }} as complete_share_high,
    n_entries < {{ policy('funnel', 'small_n') }} as is_small_n,
    {{ ratio("n_captured", "n_to_capture") }} as captured_share
from counted
