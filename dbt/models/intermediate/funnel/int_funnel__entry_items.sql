-- What was clear about each opportunity when it began: every required item as its lead had it then.
-- Nothing said, or no lead to say it, is unknown and not "no".
with opportunities as (
    select opportunity_key, lead_key, created_at from {{ ref('int_customer__opportunities') }}
),

items as (select * from {{ ref('opportunity_entry') }}),

periods as (select * from {{ ref('int_qualification__predicate_periods') }}),

asked as (
    select
        opportunities.opportunity_key, opportunities.lead_key, opportunities.created_at,
        items.item, items.predicate
    from opportunities
    cross join items
    where {{ in_force('items', business_date('opportunities.created_at')) }}
),

answered as (
    select
        asked.opportunity_key,
        asked.item,
        max(case when periods.is_true then 1 when not periods.is_true then 0 end) as is_clear
    from asked
    left join periods
        on
            asked.lead_key = periods.lead_key
            and asked.predicate = periods.predicate
            and asked.created_at >= periods.valid_from
            and asked.created_at < coalesce(periods.valid_to, timestamp '9999-12-31 00:00:00')
    group by asked.opportunity_key, asked.item
)

select
    opportunity_key,
    item,
    case when is_clear = 1 then 'yes' when is_clear = 0 then 'no' else 'unknown' end as answer
from answered
