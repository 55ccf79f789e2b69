-- Terms in which an account is a customer: of a contract, of a win whose contract is not there yet, of
-- a renewal that no new contract followed. ends_at is the first instant after the term; NULL = not
-- known.
with signals as (select * from {{ ref('int_customer__signals') }}),

contracts as (select * from {{ ref('int_cash__contracts') }} where not is_deleted),

renewals as (select * from {{ ref('int_customer__renewals') }}),

signed as (
    select
        signals.account_key, signals.source_key as contract_key, signals.meaning, signals.occurred_at,
        contracts.ends_at, contracts.is_auto_renewing
    from signals
    inner join contracts on signals.source_key = contracts.contract_key
    where signals.signal_source = 'contract' and signals.account_key is not null
),

-- A contract that says it renews, and runs longer than what fell due, speaks for the renewal: at once if
-- it was signed by then, else from its signature on.
followed as (
    select
        renewals.renewal_key,
        renewals.contract_key,
        renewals.renewal_number,
        renewals.account_key,
        signals.meaning,
        signals.occurred_at as decided_at,
        renewals.due_at,
        renewals.next_due_at,
        count(case when signed.occurred_at <= signals.occurred_at then signed.contract_key end) as n_signed_before,
        min(case when signed.occurred_at > signals.occurred_at then signed.occurred_at end) as signed_later_at
    from renewals
    inner join signals
        on renewals.renewal_key = signals.source_key and signals.signal_source = 'renewal'
    left join signed
        on
            renewals.account_key = signed.account_key
            and renewals.contract_signed_at < signed.occurred_at
            and renewals.due_at < coalesce(signed.ends_at, timestamp '9999-12-31 00:00:00')
            and signed.meaning = 'renews'
    group by all
),

-- A deal that is won without its contract holds until the next contract of the account is signed.
promised as (
    select
        signals.account_key, signals.source_key, signals.occurred_at, min(signed.occurred_at) as signed_at
    from signals
    left join signed
        on signals.account_key = signed.account_key and signals.occurred_at <= signed.occurred_at
    where
        signals.signal_source in ('opportunity', 'lead_stage') and signals.meaning in ('starts', 'renews', 'expands')
        and signals.account_key is not null
    group by signals.account_key, signals.source_key, signals.occurred_at
),

terms as (
    select
        'contract' as basis, account_key, contract_key as source_key, contract_key,
        cast(1 as bigint) as renewal_number, occurred_at as starts_at, ends_at, is_auto_renewing
    from signed
    union all
    select
        'promise' as basis, account_key, source_key, null as contract_key, null as renewal_number,
        occurred_at as starts_at, signed_at as ends_at, false as is_auto_renewing
    from promised
    union all
    select
        -- Without a next day due it is a promise too, until its contract is signed.
        case when next_due_at is null and signed_later_at is not null then 'promise' else 'renewal' end as basis,
        account_key, renewal_key as source_key, contract_key, renewal_number + 1 as renewal_number,
        decided_at as starts_at, coalesce(next_due_at, signed_later_at) as ends_at, false as is_auto_renewing
    from followed
    where meaning = 'renews' and account_key is not null and n_signed_before = 0
)

select
    {{ surrogate_key(["basis", "source_key"]) }} as term_key,
    *
from terms
where ends_at is null or ends_at > starts_at
