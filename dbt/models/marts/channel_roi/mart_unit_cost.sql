-- What one lead, one valid lead, one MQL … one customer cost a channel: one price per row. Units belong to
-- the channel and month their enquiry was created in. mart_unit_cost_total pools the months: a mean of
-- monthly prices leaves out the months that gained nothing.
with costs as (select * from {{ ref('fct_cost') }}),

counted as (select * from {{ ref('int_cost__units') }}),

units as (select * from {{ ref('unit_cost') }} where {{ in_force_now() }}),

verdicts as (select * from {{ ref('ratio_status') }} where {{ in_force_now() }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

cost_cells as (
    select
        channel,
        service_month as cohort_month,
        sum(case when cost_group = 'media' then amount_minor else 0 end) as media_minor,
        sum(amount_minor) as full_minor
    from costs
    group by channel, service_month
),

places as (
    select channel, cohort_month from cost_cells
    union
    select channel, cohort_month from counted
),

measured as (
    select
        units.*,
        places.channel,
        places.cohort_month,
        case
            when presence.has_cost and units.cost_scope = 'media' then coalesce(cost_cells.media_minor, 0)
            when presence.has_cost then coalesce(cost_cells.full_minor, 0)
        end as cost_minor,
        case
            when presence.has_wins or units.unit not in ('win', 'customer') then coalesce(counted.n_units, 0)
        end as n_units,
        -- Units that take their time are counted when the cohort is old enough.
        units.unit in ('lead', 'valid_lead') or {{ seconds_between(
            "cast(places.cohort_month as timestamp) + interval '1' month", "as_of.as_of"
        ) }} >= {{ policy('channel_roi', 'maturity_days') }} * 86400 as is_mature
    from places
    cross join units
    cross join presence
    cross join as_of
    left join cost_cells
        on places.channel = cost_cells.channel and places.cohort_month = cost_cells.cohort_month
    left join counted
        on
            units.unit = counted.unit
            and places.channel = counted.channel
            and places.cohort_month = counted.cohort_month
),

judged as (
    select *, {{ unit_cost_status("cost_minor", "n_units", "is_mature") }} as ratio_status
    from measured
)

select
    {{ surrogate_key(["judged.unit", "judged.cost_scope", "judged.channel", "judged.cohort_month"]) }} as unit_cost_key,
    judged.unit,
    judged.cost_scope,
    judged.label_en as unit_cost_en,
    judged.label_zh as unit_cost_zh,
    judged.channel,
    judged.cohort_month,
    '{{ var("reporting_currency") }}' as currency,
    cast(judged.cost_minor as bigint) as cost_minor,
    cast(judged.n_units as bigint) as n_units,
    {{ ratio("judged.cost_minor", "judged.n_units", "judged.ratio_status = 'ok'") }} as unit_cost_minor,
    {{ ratio("judged.cost_minor", poisson_bound("judged.n_units", "high"), "judged.ratio_status = 'ok'") }}
        as unit_cost_low,
    {{ ratio("judged.cost_minor", poisson_bound("judged.n_units", "low"), "judged.ratio_status = 'ok'") }}
        as unit_cost_high,
    judged.is_mature,
    judged.ratio_status,
    verdicts.verdict_en,
    verdicts.verdict_zh
from judged
left join verdicts on judged.ratio_status = verdicts.ratio_status
