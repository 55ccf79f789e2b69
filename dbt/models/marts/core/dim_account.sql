with records as (select * from {{ ref('int_identity__account_records') }}),

crm_accounts as (select * from {{ ref('int_crm__accounts') }}),

bridge as (select * from {{ ref('bridge_identity') }}),

-- The name of the earliest CRM account record, else of the earliest record of any kind.
named as (
    select
        records.account_key,
        records.company_name as account_name,
        crm_accounts.account_id as crm_account_id,
        crm_accounts.industry,
        crm_accounts.employee_count,
        crm_accounts.tier
    from records
    left join crm_accounts
        on
            records.record_type = 'crm_account'
            and records.source_system = crm_accounts.source_system
            and records.record_id = crm_accounts.account_id
    where records.company_name is not null
    qualify
        row_number() over (
            partition by records.account_key
            order by
                case when records.record_type = 'crm_account' then 0 else 1 end asc nulls last,
                records.first_known_at asc nulls last, records.record_key asc nulls last
        ) = 1
),

sizes as (
    select
        account_key,
        count(distinct record_key) as n_records,
        count(distinct person_key) as n_persons,
        min(valid_from) as first_known_at
    from bridge
    where account_key is not null
    group by account_key
)

select
    sizes.account_key,
    named.account_name,
    named.crm_account_id,
    named.industry,
    named.employee_count,
    named.tier,
    sizes.n_records,
    sizes.n_persons,
    sizes.first_known_at
from sizes
left join named on sizes.account_key = named.account_key
