with bridge as (select * from {{ ref('bridge_identity') }} where person_key is not null),

identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
    where identity_scope = 'person' and identifier_status = 'ok'
),

contact_facts as (
    select
        bridge.person_key,
        count(distinct identifiers.identifier_key) filter (where identifiers.identifier_type = 'email') as n_emails,
        count(distinct identifiers.identifier_key) filter (where identifiers.identifier_type = 'mobile') as n_mobiles,
        count(distinct identifiers.identifier_key)
        filter (where identifiers.identifier_type in ('unionid', 'external_userid')) as n_wecom_ids
    from bridge
    inner join identifiers on bridge.record_key = identifiers.record_key
    group by bridge.person_key
),

persons as (
    select
        person_key,
        min(account_key) as account_key,
        count(distinct account_key) as n_accounts,
        count(*) as n_records,
        count(distinct record_type) as n_record_types,
        count(*) filter (where record_type = 'crm_lead') as n_leads,
        min(valid_from) as first_known_at
    from bridge
    group by person_key
)

select
    persons.person_key,
    -- A person seen at several companies has no single account here; see bridge_identity.
    case when persons.n_accounts = 1 then persons.account_key end as account_key,
    persons.n_accounts,
    persons.n_records,
    persons.n_record_types,
    persons.n_leads,
    coalesce(contact_facts.n_emails, 0) as n_emails,
    coalesce(contact_facts.n_mobiles, 0) as n_mobiles,
    coalesce(contact_facts.n_wecom_ids, 0) as n_wecom_ids,
    persons.first_known_at
from persons
left join contact_facts on persons.person_key = contact_facts.person_key
