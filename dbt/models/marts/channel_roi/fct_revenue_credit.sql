-- Each document split over the channels of its deal, per model. c(i, j) is the running total of the
-- documents up to i times the share of the channels up to j; a cell is its double difference. So channels
-- add up to the document and receipts to the cash of fct_attribution, both to the cent.
with documents as (select * from {{ ref('int_cash__documents') }}),

attribution as (select * from {{ ref('fct_attribution') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

deal_routes as (select * from {{ ref('int_cash__deal_routes') }}),

routes as (select * from {{ ref('deal_route') }} where {{ in_force_now() }}),

models as (
    select attribution_model from {{ ref('attribution_model') }}
    where is_enabled and credit_grain = 'touch' and {{ in_force_now() }}
),

shares as (
    select
        conversion_key, attribution_model, channel,
        sum(credit_micro) as credit_micro,
        sum(cash_minor) as cash_minor
    from attribution
    group by conversion_key, attribution_model, channel
),

running_shares as (
    select
        *,
        sum(credit_micro) over so_far as micro_so_far,
        sum(cash_minor) over so_far as cash_so_far,
        sum(cash_minor) over (partition by conversion_key, attribution_model) as cash_total
    from shares
    window so_far as (
        partition by conversion_key, attribution_model order by channel asc nulls last
        rows between unbounded preceding and current row
    )
),

running_documents as (
    select
        *,
        sum(amount_minor) over (
            partition by revenue_basis, conversion_key order by document_at asc nulls last, document_key asc nulls last
            rows between unbounded preceding and current row
        ) as amount_so_far
    from documents
),

cells as (
    select
        documents.*,
        models.attribution_model,
        coalesce(shares.channel, '(unattributed)') as touch_channel,
        {{ telescoped_share("documents.amount_so_far", "documents.revenue_basis", "shares") }} as cell_so_far,
        {{ telescoped_share(
            "(documents.amount_so_far - documents.amount_minor)", "documents.revenue_basis", "shares"
        ) }} as cell_before
    from running_documents as documents
    cross join models
    left join running_shares as shares
        on
            documents.conversion_key = shares.conversion_key
            and models.attribution_model = shares.attribution_model
),

credited as (
    select
        *,
        (cell_so_far - cell_before) - coalesce(lag(cell_so_far - cell_before) over (
            partition by revenue_basis, document_key, attribution_model order by touch_channel asc nulls last
        ), 0) as credit_minor
    from cells
),

routed as (
    select
        credited.*,
        coalesce(deal_routes.deal_route, 'direct') as deal_route,
        coalesce(enquiries.reached_lead_at, conversions.converted_at, credited.document_at) as cohort_at,
        conversions.cohort_month
    from credited
    left join deal_routes on credited.opportunity_key = deal_routes.opportunity_key
    left join conversions on credited.conversion_key = conversions.conversion_key
    left join enquiries on conversions.survivor_lead_key = enquiries.enquiry_lead_key
)

select
    {{ surrogate_key(["revenue_basis", "document_key", "attribution_model", "touch_channel"]) }} as revenue_credit_key,
    routed.revenue_basis,
    routed.document_key,
    routed.conversion_key,
    routed.attribution_model,
    routed.touch_channel,
    coalesce(routes.counted_channel, routed.touch_channel) as channel,
    routed.deal_route,
    coalesce(routed.cohort_month, {{ business_month("routed.document_at") }}) as cohort_month,
    routed.cohort_at,
    routed.document_at,
    routed.document_date,
    '{{ var("reporting_currency") }}' as currency,
    cast(routed.credit_minor as bigint) as amount_minor
from routed
left join routes on routed.deal_route = routes.deal_route
