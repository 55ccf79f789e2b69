with bridge as (select * from {{ ref('bridge_identity') }} where person_key is not null),

golden as (select * from {{ ref('int_golden__persons') }}),

main_accounts as (select * from {{ ref('bridge_person_account') }} where is_main),

titles as (select * from {{ ref('int_golden__title_roles') }}),

permission_conflicts as (select distinct person_key from {{ ref('fct_permission_conflict') }}),

attribute_conflicts as (
    select entity_key as person_key, count(*) as n_attribute_conflicts
    from {{ ref('fct_golden_provenance') }}
    where entity = 'person' and is_conflict
    group by entity_key
),

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
    where bridge.valid_to is null
    group by bridge.person_key
),

persons as (
    select
        person_key,
        count(distinct case when valid_to is null then account_key end) as n_accounts,
        count(*) filter (where valid_to is null) as n_records,
        count(distinct case when valid_to is null then record_type end) as n_record_types,
        count(*) filter (where valid_to is null and record_type = 'crm_lead') as n_leads,
        min(valid_from) as first_known_at
    from bridge
    group by person_key
    -- An id that lives no more resolves through bridge_identity_alias.
    having count(*) filter (where valid_to is null) > 0
)

select
    persons.person_key,
    main_accounts.account_key,
    case when main_accounts.person_key is null then titles.buying_role else main_accounts.buying_role end
        as buying_role,
    case when main_accounts.person_key is null then titles.role_confidence else main_accounts.role_confidence end
        as role_confidence,
    persons.n_accounts,
    persons.n_records,
    persons.n_record_types,
    persons.n_leads,
    coalesce(contact_facts.n_emails, 0) as n_emails,
    coalesce(contact_facts.n_mobiles, 0) as n_mobiles,
    coalesce(contact_facts.n_wecom_ids, 0) as n_wecom_ids,
    coalesce(golden.has_full_name, false) as has_full_name,
    golden.title is not null as has_title,
    golden.email is not null as has_email,
    golden.mobile is not null as has_mobile,
    golden.phone is not null as has_office_phone,
    coalesce(golden.has_opted_out_of_email, false) as has_opted_out_of_email,
    coalesce(golden.do_not_call, false) as is_do_not_call,
    permission_conflicts.person_key is not null as has_permission_conflict,
    coalesce(attribute_conflicts.n_attribute_conflicts, 0) as n_attribute_conflicts,
    persons.first_known_at
from persons
left join contact_facts on persons.person_key = contact_facts.person_key
left join golden on persons.person_key = golden.person_key
left join main_accounts on persons.person_key = main_accounts.person_key
left join titles on golden.title = titles.title
left join permission_conflicts on persons.person_key = permission_conflicts.person_key
left join attribute_conflicts on persons.person_key = attribute_conflicts.person_key
