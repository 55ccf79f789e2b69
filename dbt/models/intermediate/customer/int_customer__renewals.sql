-- Renewals due, newest version, with the contract they renew and their place among its renewals.
with deliveries as (select * from {{ ref('stg_success__renewals') }}),

renewals as (
    {{ latest_version('deliveries', ['_source_system', 'renewal_id']) }}
),

contracts as (select * from {{ ref('int_cash__contracts') }} where not is_deleted),

unambiguous as (
    select contract_id, max(contract_key) as contract_key
    from contracts
    group by contract_id
    having count(*) = 1
),

traced as (
    select
        renewals.*,
        coalesce(exact.contract_key, unambiguous.contract_key) as contract_key
    from renewals
    left join contracts as exact
        on
            renewals._source_system = exact.source_system
            and renewals.contract_id = exact.contract_id
    left join unambiguous on renewals.contract_id = unambiguous.contract_id
    where not renewals._is_deleted
),

numbered as (
    select
        *,
        {{ business_day_start("due_date") }} as due_at,
        row_number() over (
            partition by coalesce(contract_key, renewal_id)
            order by due_date asc nulls last, renewal_id asc nulls last, _source_system asc nulls last
        ) as renewal_number
    from traced
)

select
    {{ surrogate_key(["numbered._source_system", "numbered.renewal_id"]) }} as renewal_key,
    numbered._source_system as source_system,
    numbered.renewal_id,
    numbered.contract_key,
    contracts.account_key,
    numbered.renewal_number,
    numbered.due_date,
    numbered.due_at,
    lead(numbered.due_at) over (
        partition by numbered.contract_key order by numbered.renewal_number asc nulls last
    ) as next_due_at,
    lower(coalesce(numbered.decision, 'open')) as decision,
    numbered.decided_at,
    numbered.available_amount,
    numbered.renewed_amount,
    contracts.currency,
    contracts.signed_at as contract_signed_at,
    numbered.first_known_at
from numbered
left join contracts on numbered.contract_key = contracts.contract_key
