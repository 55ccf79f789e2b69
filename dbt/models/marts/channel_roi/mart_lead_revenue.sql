-- What a lead and an MQL of a cohort brought within the horizon (L07): the money of the cohort's own
-- enquiries, on the channel that created them. No attribution model: credit of touches divided by leads
-- created elsewhere is no revenue per lead. Deals without a lead are one row per month, so that money adds up.
with documents as (select * from {{ ref('int_cash__documents') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

bases as (select * from {{ ref('revenue_basis') }} where {{ in_force_now() }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

brought as (
    select
        documents.revenue_basis,
        documents.conversion_key,
        coalesce(enquiries.channel, '(unattributed)') as channel,
        coalesce(
            enquiries.cohort_month, conversions.cohort_month, {{ business_month("documents.document_at") }}
        ) as cohort_month,
        sum(documents.amount_minor) as revenue_minor,
        coalesce(sum(documents.amount_minor) filter (
            where {{ seconds_between(
                "coalesce(enquiries.reached_lead_at, conversions.converted_at, documents.document_at)",
                "documents.document_at"
            ) }} <= {{ policy('channel_roi', 'maturity_days') }} * 86400
        ), 0) as horizon_minor
    from documents
    left join conversions on documents.conversion_key = conversions.conversion_key
    left join enquiries on conversions.survivor_lead_key = enquiries.enquiry_lead_key
    group by all
),

revenue_cells as (
    select
        revenue_basis, channel, cohort_month,
        sum(revenue_minor) as revenue_minor,
        sum(horizon_minor) as horizon_minor,
        count(distinct case when horizon_minor <> 0 then conversion_key end) as n_deals
    from brought
    group by revenue_basis, channel, cohort_month
),

enquiry_cells as (
    select channel, cohort_month, count(*) as n_leads, count(reached_mql_at) as n_mqls
    from enquiries
    group by channel, cohort_month
),

places as (
    select channel, cohort_month from revenue_cells
    union
    select channel, cohort_month from enquiry_cells
),

measured as (
    select
        bases.revenue_basis,
        places.channel,
        places.cohort_month,
        case
            when {{ has_revenue_basis("bases.revenue_basis", "presence") }}
                then coalesce(revenue_cells.revenue_minor, 0)
        end as revenue_minor,
        case
            when {{ has_revenue_basis("bases.revenue_basis", "presence") }}
                then coalesce(revenue_cells.horizon_minor, 0)
        end as horizon_minor,
        coalesce(revenue_cells.n_deals, 0) as n_deals,
        coalesce(enquiry_cells.n_leads, 0) as n_leads,
        coalesce(enquiry_cells.n_mqls, 0) as n_mqls,
        {{ seconds_between(
            "cast(places.cohort_month as timestamp) + interval '1' month", "as_of.as_of"
        ) }} >= {{ policy('channel_roi', 'maturity_days') }} * 86400 as is_mature
    from places
    cross join bases
    cross join presence
    cross join as_of
    left join revenue_cells
        on
            bases.revenue_basis = revenue_cells.revenue_basis
            and places.channel = revenue_cells.channel
            and places.cohort_month = revenue_cells.cohort_month
    left join enquiry_cells
        on places.channel = enquiry_cells.channel and places.cohort_month = enquiry_cells.cohort_month
),

judged as (
    select
        *,
        case
            when horizon_minor is null then 'not_computable'
            when not is_mature then 'immature'
            when n_leads = 0 then 'no_units'
            when horizon_minor = 0 then 'no_cash'
            when n_leads < {{ policy('channel_roi', 'small_n_leads') }} then 'small_n'
            else 'ok'
        end as ratio_status
    from measured
)

select
    {{ surrogate_key(["revenue_basis", "channel", "cohort_month"]) }} as lead_revenue_key,
    revenue_basis,
    channel,
    cohort_month,
    '{{ var("reporting_currency") }}' as currency,
    cast(revenue_minor as bigint) as revenue_minor,
    cast(horizon_minor as bigint) as horizon_minor,
    n_deals,
    n_leads,
    n_mqls,
    {{ ratio("horizon_minor", "n_leads", "ratio_status = 'ok'") }} as revenue_per_lead_minor,
    {{ ratio("horizon_minor", "n_mqls", "ratio_status = 'ok'") }} as revenue_per_mql_minor,
    is_mature,
    ratio_status
from judged
