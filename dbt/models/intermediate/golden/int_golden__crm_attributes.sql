-- Attributes that only the CRM has, beside those the identity graph reads: one row per record and value.
with leads as (select * from {{ ref('int_crm__leads') }}),

contacts as (select * from {{ ref('int_crm__contacts') }}),

accounts as (select * from {{ ref('int_crm__accounts') }}),

account_memberships as (
    select * from {{ ref('int_identity__memberships') }} where entity = 'account' and valid_to is null
),

lead_records as (
    select *, {{ surrogate_key(["'crm_lead'", "source_system", "lead_id"]) }} as record_key
    from leads
),

contact_records as (
    select *, {{ surrogate_key(["'crm_contact'", "source_system", "contact_id"]) }} as record_key
    from contacts
),

account_records as (
    select
        *,
        {{ surrogate_key(["'crm_account'", "source_system", "account_id"]) }} as record_key,
        case
            when parent_id is not null
                then {{ surrogate_key(["'crm_account'", "source_system", "parent_id"]) }}
        end as parent_record_key
    from accounts
),

attribute_values as (
    select
        record_key, 'crm_lead' as record_type, source_system, created_at as said_at,
        'city' as attribute, city as raw_value
    from lead_records
    union all
    select record_key, 'crm_lead', source_system, created_at, 'country', country from lead_records
    union all
    select
        record_key, 'crm_lead', source_system, created_at, 'has_opted_out_of_email',
        cast(has_opted_out_of_email as {{ dbt.type_string() }})
    from lead_records
    union all
    select
        record_key, 'crm_lead', source_system, created_at, 'do_not_call',
        cast(do_not_call as {{ dbt.type_string() }})
    from lead_records
    union all
    select record_key, 'crm_contact', source_system, created_at, 'city', city from contact_records
    union all
    select record_key, 'crm_contact', source_system, created_at, 'country', country from contact_records
    union all
    select
        record_key, 'crm_contact', source_system, created_at, 'has_opted_out_of_email',
        cast(opted_out as {{ dbt.type_string() }})
    from contact_records
    union all
    select
        record_key, 'crm_contact', source_system, created_at, 'do_not_call',
        cast(do_not_call as {{ dbt.type_string() }})
    from contact_records
    union all
    select record_key, 'crm_account', source_system, created_at, 'industry', industry from account_records
    union all
    select
        record_key, 'crm_account', source_system, created_at, 'employee_count',
        cast(employee_count as {{ dbt.type_string() }})
    from account_records
    union all
    select record_key, 'crm_account', source_system, created_at, 'tier', tier from account_records
    union all
    select record_key, 'crm_account', source_system, created_at, 'country', billing_country from account_records
    union all
    -- A subsidiary is linked to its parent, never merged with it.
    select
        account_records.record_key, 'crm_account', account_records.source_system, account_records.created_at,
        'parent_account_key', account_memberships.entity_key
    from account_records
    inner join account_memberships on account_records.parent_record_key = account_memberships.record_key
)

select * from attribute_values
where raw_value is not null
