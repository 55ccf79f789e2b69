-- A row is a cost whose period ends before it starts; it is booked on its first day.
{{ config(severity='warn') }}
select
    source_system,
    cost_id
from {{ ref('int_cost__other_costs') }}
where is_period_reversed
