with bridge as (select * from {{ ref('bridge_identity') }} where account_key is not null),

golden as (select * from {{ ref('int_golden__accounts') }}),

tree as (select * from {{ ref('int_golden__account_tree') }}),

people as (select * from {{ ref('int_golden__account_people') }}),

person_accounts as (select * from {{ ref('bridge_person_account') }}),

-- The earliest CRM account of the account.
crm_accounts as (
    select account_key, record_id as crm_account_id
    from bridge
    where record_type = 'crm_account' and valid_to is null
    qualify
        row_number() over (
            partition by account_key order by valid_from asc nulls last, record_key asc nulls last
        ) = 1
),

sizes as (
    select
        account_key,
        count(distinct case when valid_to is null then record_key end) as n_records,
        count(distinct case when valid_to is null then person_key end) as n_persons,
        min(valid_from) as first_known_at
    from bridge
    group by account_key
),

-- A company of which only somebody's past is left stays, or that past would point nowhere.
accounts as (
    select account_key from sizes where n_records > 0
    union
    select account_key from person_accounts
)

select
    accounts.account_key,
    golden.account_name,
    crm_accounts.crm_account_id,
    golden.industry,
    golden.employee_count,
    golden.tier,
    golden.domain,
    golden.country,
    golden.credit_code is not null as has_credit_code,
    coalesce(golden.has_valid_credit_code, false) as has_valid_credit_code,
    tree.parent_account_key,
    coalesce(tree.ultimate_parent_account_key, accounts.account_key) as ultimate_parent_account_key,
    coalesce(tree.is_in_parent_cycle, false) as is_in_parent_cycle,
    coalesce(tree.n_children, 0) as n_children,
    coalesce(sizes.n_records, 0) as n_records,
    coalesce(sizes.n_persons, 0) as n_persons,
    coalesce(people.n_main_persons, 0) as n_main_persons,
    coalesce(people.n_engaged_persons, 0) as n_engaged_persons,
    coalesce(sizes.n_records, 0) > 0 as is_current,
    sizes.first_known_at
from accounts
left join sizes on accounts.account_key = sizes.account_key
left join golden on accounts.account_key = golden.account_key
left join tree on accounts.account_key = tree.account_key
left join people on accounts.account_key = people.account_key
left join crm_accounts on accounts.account_key = crm_accounts.account_key
