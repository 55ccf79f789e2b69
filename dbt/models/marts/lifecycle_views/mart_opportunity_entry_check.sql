-- Whether budget, need and purchasing process were clear when the opportunity began (F11).
with opportunities as (select * from {{ ref('int_customer__opportunities') }}),

deals as (select * from {{ ref('int_crm__opportunities') }}),

items as (select * from {{ ref('int_funnel__entry_items') }}),

checked as (
    select
        opportunity_key,
        count(*) as n_items,
        count(*) filter (where answer = 'yes') as n_clear,
        {{ distinct_sorted_text("case when answer = 'yes' then item end", ", ") }} as clear_items,
        {{ distinct_sorted_text("case when answer = 'no' then item end", ", ") }} as denied_items,
        {{ distinct_sorted_text("case when answer = 'unknown' then item end", ", ") }} as unknown_items
    from items
    group by opportunity_key
)

select
    opportunities.opportunity_key,
    opportunities.lead_key,
    opportunities.account_key,
    opportunities.owner_id,
    opportunities.created_at,
    coalesce(deals.is_tender, false) as is_tender,
    opportunities.is_won,
    cast(checked.n_items as integer) as n_items,
    cast(checked.n_clear as integer) as n_clear,
    checked.clear_items,
    checked.denied_items,
    checked.unknown_items,
    checked.n_clear = checked.n_items as is_complete,
    case
        when opportunities.lead_key is null then 'no_lead_to_ask'
        when checked.n_clear = checked.n_items then 'complete'
        when checked.denied_items is not null then 'denied'
        else 'unknown'
    end as entry_status
from opportunities
inner join deals on opportunities.opportunity_key = deals.opportunity_key
inner join checked on opportunities.opportunity_key = checked.opportunity_key
