-- When each stretch of an account was activated: the first sign since the one before it that the
-- customer uses what it bought, and not before it began (X9).
with spells as (select * from {{ ref('int_customer__spells') }}),

signals as (select * from {{ ref('int_customer__signals') }} where meaning = 'activates'),

bounded as (
    select
        *,
        coalesce(
            lag(lapsed_at) over (partition by account_key order by spell_number asc nulls last),
            timestamp '1900-01-01 00:00:00'
        ) as previous_lapsed_at
    from spells
)

select
    bounded.account_key,
    bounded.spell_number,
    greatest(min(signals.occurred_at), min(bounded.started_at)) as activated_at
from bounded
inner join signals
    on
        bounded.account_key = signals.account_key
        and bounded.previous_lapsed_at <= signals.occurred_at
        and coalesce(bounded.lapsed_at, timestamp '9999-12-31 00:00:00') > signals.occurred_at
group by bounded.account_key, bounded.spell_number
