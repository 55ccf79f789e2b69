-- Each hand-over of a month stands once under the total and once under its team, rep and source.
with handoffs as (select * from {{ ref('fct_handoff') }} where is_counted_in_acceptance),

leads as (select * from {{ ref('dim_lead') }}),

cells as (
    select handoffs.*, 'total' as dimension, 'all' as dimension_value from handoffs
    union all
    select handoffs.*, 'team' as dimension, coalesce(to_team_id, '(unknown)') as dimension_value from handoffs
    union all
    select handoffs.*, 'rep' as dimension, coalesce(to_user_id, '(unknown)') as dimension_value from handoffs
    union all
    select handoffs.*, 'source' as dimension, leads.channel as dimension_value
    from handoffs
    inner join leads on handoffs.lead_key = leads.lead_key
),

counts as (
    select
        cast(date_trunc('month', offered_date) as date) as offered_month,
        dimension,
        dimension_value,
        count(*) as n_handoffs,
        count(distinct lead_key) as n_leads,
        count(*) filter (where not is_window_closed) as n_window_open,
        count(*) filter (where outcome_in_window = 'pending') as n_pending,
        count(*) filter (where is_window_closed and outcome_in_window = 'accepted') as n_accepted,
        count(*) filter (where is_window_closed and outcome_in_window = 'rejected') as n_rejected,
        count(*) filter (where is_window_closed and outcome_in_window = 'timeout') as n_timeout,
        count(*) filter (where outcome_in_window = 'withdrawn') as n_withdrawn,
        count(*) filter (where outcome_in_window = 'unmapped') as n_unmapped,
        count(*) filter (where is_return_window_closed) as n_return_known,
        count(*) filter (where is_return_window_closed and is_returned_in_window) as n_returned
    from cells
    group by cast(date_trunc('month', offered_date) as date), dimension, dimension_value
),

decided as (
    select *, n_accepted + n_rejected + n_timeout as n_decided from counts
)

select
    {{ surrogate_key(["offered_month", "dimension", "dimension_value"]) }} as handoff_acceptance_key,
    offered_month,
    dimension,
    dimension_value,
    n_handoffs,
    n_leads,
    n_window_open,
    n_pending,
    n_accepted,
    n_rejected,
    n_timeout,
    n_withdrawn,
    n_unmapped,
    n_decided,
    {{ ratio("n_accepted", "n_decided") }} as acceptance_rate,
    {{ wilson_bound("n_accepted", "n_decided", "low") }} as acceptance_low,
    {{ wilson_bound("n_accepted", "n_decided", "high") }} as acceptance_high,
    n_return_known,
    n_returned,
    {{ ratio("n_returned", "n_return_known") }} as return_rate,
    {{ wilson_bound("n_returned", "n_return_known", "low") }} as return_low,
    {{ wilson_bound("n_returned", "n_return_known", "high") }} as return_high
from decided
