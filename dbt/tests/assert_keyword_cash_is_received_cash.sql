-- Law 5 (A06): cash by keyword, the row without one included, is the cash received, and cost by keyword the
-- cost of the ad platforms, to the cent.
with keywords as (
    select sum(cash_minor) as cash_minor, sum(cost_minor) as cost_minor from {{ ref('mart_keyword_cash') }}
),

cash as (select sum(amount_minor) as cash_minor from {{ ref('fct_cash') }}),

cost as (select sum(amount_minor) as cost_minor from {{ ref('fct_cost') }} where platform is not null)

select keywords.*
from keywords
cross join cash
cross join cost
where
    coalesce(keywords.cash_minor, 0) <> coalesce(cash.cash_minor, 0)
    or coalesce(keywords.cost_minor, 0) <> coalesce(cost.cost_minor, 0)
