-- Whether cost and cash can be known at all: an absent extract is "not computable", never 0.
with presence as (select * from {{ ref('int_quality__extract_presence') }})

select
    coalesce(max(cast(is_present as integer)) filter (
        where extract_table in ('ad_spend_daily', 'marketing_costs_other')
    ), 0) = 1 as has_cost,
    coalesce(max(cast(is_present as integer)) filter (where extract_table = 'payments'), 0) = 1 as has_cash
from presence
