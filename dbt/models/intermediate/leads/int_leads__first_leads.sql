-- The first lead of every person and of every account that cleaning did not reject: the instant they
-- became ours to talk to, and whether the account had been a customer before.
with leads as (select * from {{ ref('int_leads__leads') }}),

accepted as (
    select lead_key from {{ ref('int_leads__outcomes') }} where cleaning_outcome <> 'exclude'
),

customers as (
    select account_key, min(starts_at) as customer_since
    from {{ ref('int_customer__terms') }}
    group by account_key
),

units as (
    select 'person' as unit, leads.person_key as unit_key, leads.lead_key, leads.account_key, leads.created_at
    from leads
    inner join accepted on leads.lead_key = accepted.lead_key
    where leads.person_key is not null
    union all
    select 'account' as unit, leads.account_key as unit_key, leads.lead_key, leads.account_key, leads.created_at
    from leads
    inner join accepted on leads.lead_key = accepted.lead_key
    where leads.account_key is not null
),

first_leads as (
    select *
    from units
    qualify
        row_number() over (
            partition by unit, unit_key order by created_at asc nulls last, lead_key asc nulls last
        ) = 1
)

select
    first_leads.unit,
    first_leads.unit_key,
    first_leads.lead_key,
    first_leads.created_at,
    coalesce(customers.customer_since <= first_leads.created_at, false) as is_of_customer
from first_leads
left join customers on first_leads.account_key = customers.account_key
