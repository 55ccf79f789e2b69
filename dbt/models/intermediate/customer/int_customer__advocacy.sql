-- Acts of advocacy with the account that speaks and the lead that came of it.
with deliveries as (select * from {{ ref('stg_success__advocacy_events') }}),

advocacy as (
    {{ latest_version(
        'deliveries',
        ['_source_system', 'account_id', 'person_key_type', 'person_key', 'kind', 'occurred_at']
    ) }}
),

account_ids as (select * from {{ ref('int_customer__account_ids') }}),

-- Ids of the CRM that two systems share say nothing.
records as (
    select
        case record_type when 'crm_lead' then 'lead_id' when 'crm_contact' then 'contact_id' end as person_key_type,
        record_id,
        max(account_key) as account_key
    from {{ ref('int_identity__account_records') }}
    where record_type in ('crm_lead', 'crm_contact')
    group by record_type, record_id
    having count(distinct account_key) = 1
),

leads as (
    select lead_id, max(lead_key) as lead_key
    from {{ ref('int_crm__leads') }}
    group by lead_id
    having count(*) = 1
)

select
    {{ surrogate_key([
        "advocacy._source_system", "advocacy.account_id", "advocacy.person_key_type",
        "advocacy.person_key", "advocacy.kind", "advocacy.occurred_at"
    ]) }} as advocacy_key,
    coalesce(account_ids.account_key, records.account_key) as account_key,
    lower(advocacy.kind) as kind,
    advocacy.occurred_at,
    leads.lead_key as referred_lead_key,
    advocacy.first_known_at
from advocacy
left join account_ids
    on
        advocacy._source_system = account_ids.source_system
        and advocacy.account_id = account_ids.account_id
left join records
    on
        advocacy.person_key_type = records.person_key_type
        and advocacy.person_key = records.record_id
left join leads on advocacy.referred_lead_id = leads.lead_id
where not advocacy._is_deleted
