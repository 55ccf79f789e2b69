-- How far the mouth of the funnel opened: persons and accounts whose first lead ever came in the period.
-- An account that was a customer already is not net new, nor are its people; they are counted beside.
with leads as (select * from {{ ref('int_leads__periods') }} where cleaning_outcome <> 'exclude'),

first_leads as (select * from {{ ref('int_leads__first_leads') }})

select
    {{ surrogate_key(["leads.period_kind", "leads.period_start", "leads.dimension_kind", "leads.dimension_value"]) }}
        as net_new_key,
    leads.period_kind,
    leads.period_start,
    leads.dimension_kind,
    leads.dimension_value,
    count(distinct leads.person_key) as n_persons,
    count(distinct persons.unit_key) filter (where not persons.is_of_customer) as n_net_new_persons,
    count(distinct persons.unit_key) filter (where persons.is_of_customer) as n_new_persons_of_customers,
    count(distinct leads.account_key) as n_accounts,
    count(distinct accounts.unit_key) filter (where not accounts.is_of_customer) as n_net_new_accounts,
    count(distinct accounts.unit_key) filter (where accounts.is_of_customer) as n_customer_accounts_first_seen
from leads
left join first_leads as persons on leads.lead_key = persons.lead_key and persons.unit = 'person'
left join first_leads as accounts on leads.lead_key = accounts.lead_key and accounts.unit = 'account'
group by leads.period_kind, leads.period_start, leads.dimension_kind, leads.dimension_value
