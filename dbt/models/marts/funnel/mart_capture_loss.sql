-- Forms by month and kind: how many should have made a lead, how many did not, and how long it took.
-- Sent twice is one wish: repeats are counted and left out.
with captures as (select * from {{ ref('fct_form_submission') }}),

placed as (
    select *, {{ business_month("submitted_at") }} as submitted_month
    from captures
),

ranked as (
    select
        *,
        row_number() over (
            partition by submitted_month, form_kind, is_repeat
            order by seconds_to_lead asc nulls last, form_touchpoint_key asc nulls last
        ) as place,
        count(seconds_to_lead) over (partition by submitted_month, form_kind, is_repeat) as n_timed
    from placed
),

counted as (
    select
        submitted_month,
        form_kind,
        count(*) filter (where not is_repeat) as n_forms,
        count(*) filter (where is_repeat) as n_repeats,
        count(*) filter (where not is_repeat and capture = 'unidentified') as n_unidentified,
        count(*) filter (where not is_repeat and capture = 'existing_lead') as n_existing_lead,
        count(*) filter (where not is_repeat and capture = 'pending') as n_pending,
        count(*) filter (where not is_repeat and capture = 'captured') as n_captured,
        count(*) filter (where not is_repeat and capture = 'late') as n_late,
        count(*) filter (where not is_repeat and capture = 'dropped') as n_dropped,
        count(*) filter (where not is_repeat and capture in ('captured', 'late', 'dropped')) as n_expected,
        max(case when not is_repeat and place = ceil(0.5 * n_timed) then seconds_to_lead end) as p50_seconds_to_lead,
        max(case when not is_repeat and place = ceil(0.9 * n_timed) then seconds_to_lead end) as p90_seconds_to_lead,
        count(capture) > 0 as is_computable
    from ranked
    group by submitted_month, form_kind
)

select
    {{ surrogate_key(["submitted_month", "form_kind"]) }} as capture_loss_key,
    submitted_month,
    form_kind,
    n_forms,
    n_repeats,
    {% for state in ["unidentified", "existing_lead", "pending", "captured", "late", "dropped", "expected"] -%}
    case when is_computable then n_{{ state }} end as n_{{ state }},
    {% endfor -%}
    {{ ratio("n_dropped", "n_expected", "is_computable") }} as dropped_rate,
    case when is_computable then {{ wilson_bound("n_dropped", "n_expected", "low") }} end as dropped_rate_low,
    case when is_computable then {{ wilson_bound("n_dropped", "n_expected", "high") }} end as dropped_rate_high,
    p50_seconds_to_lead,
    p90_seconds_to_lead,
    case
        when not is_computable then 'not_computable'
        when n_expected < {{ policy('funnel', 'small_n') }} then 'small_n'
        else 'ok'
    end as ratio_status
from counted
