-- Terms that fell due and what became of them: renewed, ended, still open (in grace).
with outcomes as (select * from {{ ref('int_customer__term_outcomes') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    outcomes.term_key,
    outcomes.account_key,
    {{ business_month("outcomes.due_at") }} as due_month,
    outcomes.due_at,
    case
        when outcomes.ended_at <= as_of.as_of then 'ended'
        when outcomes.renewed_at <= as_of.as_of and outcomes.renewed_at <= outcomes.window_to then 'renewed'
        when outcomes.lapses_at <= as_of.as_of then 'ended'
        else 'open'
    end as outcome,
    outcomes.renewal_basis
from outcomes
cross join as_of
where outcomes.due_at <= as_of.as_of
