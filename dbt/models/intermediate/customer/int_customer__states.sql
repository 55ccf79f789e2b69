-- Stays of an account in the retention states, half-open, one state at any instant since it first
-- became a customer. A state that lasted no time is no state.
with spells as (select * from {{ ref('int_customer__spells') }}),

activations as (select * from {{ ref('int_customer__activations') }}),

outcomes as (select * from {{ ref('int_customer__term_outcomes') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

steps as (
    select account_key, started_at as happened_at, 1 as begins, 1 as customer, 0 as renewing, 0 as active
    from spells
    union all
    select account_key, lapsed_at as happened_at, 0 as begins, -1 as customer, 0 as renewing, 0 as active
    from spells
    where lapsed_at is not null
    union all
    select account_key, activated_at as happened_at, 0 as begins, 0 as customer, 0 as renewing, 1 as active
    from activations
    union all
    select account_key, window_from as happened_at, 0 as begins, 0 as customer, 1 as renewing, 0 as active
    from outcomes
    where window_from < coalesce(window_to, timestamp '9999-12-31 00:00:00')
    union all
    select account_key, window_to as happened_at, 0 as begins, 0 as customer, -1 as renewing, 0 as active
    from outcomes
    where window_from < window_to
),

instants as (
    select
        steps.account_key, steps.happened_at, sum(steps.begins) as begins, sum(steps.customer) as customer,
        sum(steps.renewing) as renewing, sum(steps.active) as active
    from steps
    cross join as_of
    where steps.happened_at <= as_of.as_of
    group by steps.account_key, steps.happened_at
),

running as (
    select
        account_key,
        happened_at,
        sum(begins) over so_far as spell_number,
        sum(customer) over so_far as is_customer,
        sum(renewing) over so_far as n_renewing,
        active
    from instants
    window so_far as (
        partition by account_key order by happened_at asc nulls last
        rows between unbounded preceding and current row
    )
),

states as (
    select
        account_key,
        happened_at,
        spell_number,
        case
            when is_customer = 0 then 'churn'
            when n_renewing > 0 then 'renewal'
            when sum(active) over (
                partition by account_key, spell_number order by happened_at asc nulls last
                rows between unbounded preceding and current row
            ) > 0 then 'adoption'
            when spell_number = 1 then 'onboarding'
            else 'win_back'
        end as stage
    from running
),

changes as (
    select *
    from states
    qualify
        lag(stage) over (partition by account_key order by happened_at asc nulls last)
        is distinct from stage
)

select
    account_key,
    row_number() over (partition by account_key order by happened_at asc nulls last) as stay_number,
    spell_number,
    stage,
    happened_at as entered_at,
    lead(happened_at) over (partition by account_key order by happened_at asc nulls last) as exited_at,
    lag(stage) over (partition by account_key order by happened_at asc nulls last) as previous_stage,
    lead(stage) over (partition by account_key order by happened_at asc nulls last) as next_stage
from changes
