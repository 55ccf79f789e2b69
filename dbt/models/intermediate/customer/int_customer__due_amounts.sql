-- Amounts up for renewal and renewed, per account and month due, with what the account bought more of
-- in the terms that ended. Minor units of the reporting currency; NULL = an amount nobody stated.
with renewals as (select * from {{ ref('int_customer__renewals') }}),

signals as (select * from {{ ref('int_customer__signals') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

rates as (
    select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'
),

amounts as (
    select
        renewals.renewal_key,
        renewals.account_key,
        {{ business_month("renewals.due_at") }} as due_month,
        renewals.due_at,
        renewals.contract_signed_at,
        coalesce(signals.meaning, 'awaits') as meaning,
        {{ converted_minor("renewals.available_amount", "renewals.currency", "rates.rate") }} as due_minor,
        {{ converted_minor("renewals.renewed_amount", "renewals.currency", "rates.rate") }} as stated_minor
    from renewals
    cross join as_of
    left join signals on renewals.renewal_key = signals.source_key and signals.signal_source = 'renewal'
    left join rates
        on renewals.currency = rates.from_currency and {{ in_force('rates', 'renewals.due_date') }}
    where renewals.due_at <= as_of.as_of
),

months as (
    select
        coalesce(account_key, renewal_key) as customer_key,
        due_month,
        min(contract_signed_at) as first_signed_at,
        max(due_at) as last_due_at,
        count(*) as n_renewals,
        count(*) filter (where meaning = 'awaits') as n_open,
        count(*) filter (where due_minor is null or (meaning = 'renews' and stated_minor is null)) as n_unknown,
        sum(due_minor) as due_minor,
        coalesce(sum(stated_minor) filter (where meaning = 'renews'), 0) as renewed_minor,
        coalesce(sum(least(stated_minor, due_minor)) filter (where meaning = 'renews'), 0) as kept_minor
    from amounts
    group by coalesce(account_key, renewal_key), due_month
),

expansions as (
    select months.customer_key, months.due_month, sum(signals.amount_minor) as expansion_minor
    from months
    inner join signals
        on
            months.customer_key = signals.account_key
            and months.first_signed_at <= signals.occurred_at
            and months.last_due_at > signals.occurred_at
    where signals.signal_source = 'contract' and signals.meaning = 'expands'
    group by months.customer_key, months.due_month
)

select
    months.*,
    coalesce(expansions.expansion_minor, 0) as expansion_minor
from months
left join expansions
    on months.customer_key = expansions.customer_key and months.due_month = expansions.due_month
