-- What happens beside the retention state: expansion, contraction, advocacy, onboarding, health.
with signals as (select * from {{ ref('int_customer__signals') }}),

advocacy as (select * from {{ ref('int_customer__advocacy') }})

select
    signals.signal_key as account_milestone_key,
    signals.account_key,
    signals.milestone_kind,
    signals.signal_source,
    signals.signal_value,
    signals.occurred_at,
    signals.amount_minor,
    advocacy.referred_lead_key,
    signals.known_at
from signals
left join advocacy
    on signals.source_key = advocacy.advocacy_key and signals.signal_source = 'advocacy'
where signals.milestone_kind is not null
