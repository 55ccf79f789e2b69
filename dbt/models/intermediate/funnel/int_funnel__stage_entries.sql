-- Enquiry x stage reached, long form.
with enquiries as (select * from {{ ref('int_funnel__enquiries') }})

{% for stage in ["lead", "mql", "sal", "sql", "opportunity", "account"] %}
select
    enquiry_lead_key, channel, cohort_month, '{{ stage }}' as stage, reached_{{ stage }}_at as reached_at
from enquiries
where reached_{{ stage }}_at is not null
{% if not loop.last %}union all{% endif %}
{% endfor %}
