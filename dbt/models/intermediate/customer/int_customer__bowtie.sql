-- The earliest instant each account reached each stage on both sides of the bowtie. Left: over all
-- leads of the account and of its deals. The knot: the account became a customer. Right: what follows.
with reached as (select * from {{ ref('int_funnel__reached') }}),

leads as (
    select leads.lead_key, leads.account_key
    from {{ ref('int_leads__leads') }} as leads
    inner join {{ ref('int_leads__outcomes') }} as outcomes on leads.lead_key = outcomes.lead_key
    where outcomes.cleaning_outcome <> 'exclude'
),

opportunities as (
    select * from {{ ref('int_customer__opportunities') }} where lead_key is not null
),

spells as (select * from {{ ref('int_customer__spells') }} where spell_number = 1),

activations as (select * from {{ ref('int_customer__activations') }}),

milestones as (
    select * from {{ ref('int_customer__signals') }}
    where milestone_kind in ('expansion', 'advocacy') and account_key is not null
),

account_leads as (
    select account_key, lead_key from leads where account_key is not null
    union
    select account_key, lead_key from opportunities where account_key is not null
)

{% for stage in ["lead", "mql", "sal", "sql", "opportunity"] %}
select
    account_leads.account_key, '{{ stage }}' as stage, min(reached.reached_{{ stage }}_at) as reached_at
from account_leads
inner join reached on account_leads.lead_key = reached.lead_key
where reached.reached_{{ stage }}_at is not null
group by account_leads.account_key
union all
{% endfor %}
select account_key, 'account' as stage, started_at as reached_at from spells
union all
select account_key, 'onboarding' as stage, started_at as reached_at from spells
union all
select account_key, 'adoption' as stage, min(activated_at) as reached_at from activations group by account_key
union all
select account_key, milestone_kind as stage, min(occurred_at) as reached_at
from milestones
group by account_key, milestone_kind
