-- The account each source means by an account id. Finance, success and CRM are mostly different
-- systems: then the id alone decides, where it is unambiguous. An id that no CRM delivered is an
-- account of its own; no customer is lost.
with mentions as (
    select source_system, account_id from {{ ref('int_crm__opportunities') }}
    union
    select _source_system as source_system, account_id from {{ ref('stg_finance__contracts') }}
    union
    select _source_system as source_system, account_id from {{ ref('stg_success__onboarding_milestones') }}
    union
    select _source_system as source_system, account_id from {{ ref('stg_success__product_usage_daily') }}
    union
    select _source_system as source_system, account_id from {{ ref('stg_success__support_tickets') }}
    union
    select _source_system as source_system, account_id from {{ ref('stg_success__advocacy_events') }}
),

known as (
    select source_system, record_id as account_id, account_key
    from {{ ref('int_identity__account_records') }}
    where record_type = 'crm_account'
),

unambiguous as (
    select account_id, max(account_key) as account_key
    from known
    group by account_id
    having count(distinct account_key) = 1
)

select
    mentions.source_system,
    mentions.account_id,
    coalesce(
        known.account_key,
        unambiguous.account_key,
        {{ surrogate_key(["'account id'", "mentions.source_system", "mentions.account_id"]) }}
    ) as account_key,
    coalesce(known.account_key, unambiguous.account_key) is not null as is_known_account
from mentions
left join known
    on mentions.source_system = known.source_system and mentions.account_id = known.account_id
left join unambiguous on mentions.account_id = unambiguous.account_id
where mentions.account_id is not null
