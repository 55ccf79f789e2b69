-- How many units that cost is divided by each channel won, by the month their enquiry was created in. A
-- customer is counted once, at the first won enquiry of its account.
with leads as (select * from {{ ref('int_leads__leads') }}),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

customers as (
    select channel, cohort_month
    from enquiries
    where reached_account_at is not null
    qualify
        row_number() over (
            partition by coalesce(account_key, person_key, enquiry_lead_key)
            order by reached_account_at asc nulls last, enquiry_lead_key asc nulls last
        ) = 1
)

select 'lead' as unit, channel, {{ business_month("created_at") }} as cohort_month, count(*) as n_units
from leads
group by channel, {{ business_month("created_at") }}
union all
select 'valid_lead' as unit, channel, cohort_month, count(*) as n_units
from enquiries
group by channel, cohort_month
{% for unit, stage in [("mql", "mql"), ("sql", "sql"), ("win", "account")] -%}
union all
select '{{ unit }}' as unit, channel, cohort_month, count(reached_{{ stage }}_at) as n_units
from enquiries
group by channel, cohort_month
{% endfor -%}
union all
select 'customer' as unit, channel, cohort_month, count(*) as n_units
from customers
group by channel, cohort_month
