-- Attributes that only the CRM has, beside those the identity graph reads: one row per record and value.
{%- set lead_columns = {
    "city": "city", "country": "country",
    "has_opted_out_of_email": "has_opted_out_of_email", "do_not_call": "do_not_call",
} %}
{%- set contact_columns = {
    "city": "city", "country": "country", "has_opted_out_of_email": "opted_out", "do_not_call": "do_not_call",
} %}
{%- set account_columns = {
    "industry": "industry", "employee_count": "employee_count", "tier": "tier", "country": "billing_country",
} %}
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
    {%- for record_type, relation, columns in [
        ("crm_lead", "lead_records", lead_columns),
        ("crm_contact", "contact_records", contact_columns),
        ("crm_account", "account_records", account_columns),
    ] %}
    {%- for attribute, column in columns.items() %}
    select
        record_key, '{{ record_type }}' as record_type, source_system, created_at as said_at,
        '{{ attribute }}' as attribute, cast({{ column }} as {{ dbt.type_string() }}) as raw_value
    from {{ relation }}
    union all
    {%- endfor %}
    {%- endfor %}
    -- A subsidiary is linked to its parent, never merged with it.
    select
        account_records.record_key, 'crm_account' as record_type, account_records.source_system,
        account_records.created_at as said_at, 'parent_account_key' as attribute,
        account_memberships.entity_key as raw_value
    from account_records
    inner join account_memberships on account_records.parent_record_key = account_memberships.record_key
)

select * from attribute_values
where raw_value is not null
