-- Leads by each dimension, in the week and the month they were created in: persons and accounts
-- are distinct within a period, so no period can be summed from shorter ones.
with leads as (select * from {{ ref('int_leads__leads') }}),

outcomes as (select * from {{ ref('int_leads__outcomes') }}),

dimensions as (select * from {{ ref('int_leads__dimensions') }})

{% for period in ["week", "month"] %}
select
    '{{ period }}' as period_kind,
    cast(date_trunc('{{ period }}', leads.created_date) as date) as period_start,
    dimensions.dimension_kind,
    dimensions.dimension_value,
    leads.lead_key,
    leads.person_key,
    leads.account_key,
    leads.created_at,
    outcomes.cleaning_outcome
from leads
inner join outcomes on leads.lead_key = outcomes.lead_key
inner join dimensions on leads.lead_key = dimensions.lead_key
where dimensions.is_by_month
{% if not loop.last %}union all{% endif %}
{% endfor %}
