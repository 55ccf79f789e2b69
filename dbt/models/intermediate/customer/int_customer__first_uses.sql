-- The first sign after each win that the customer uses what it bought: a day of use on the day of the
-- win or later, or a milestone reached since (F12, X9).
with wins as (select * from {{ ref('int_customer__opportunities') }} where is_won),

days as (select * from {{ ref('int_customer__usage_days') }}),

milestones as (
    select * from {{ ref('int_customer__signals') }}
    where signal_source = 'onboarding_milestone' and meaning = 'activates'
),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

uses as (
    select
        wins.opportunity_key,
        'usage' as evidence,
        -- A day of use is known to the day: the win itself comes before it.
        greatest({{ business_day_start("days.usage_date") }}, wins.won_at) as activated_at
    from wins
    inner join days
        on wins.account_key = days.account_key and {{ business_date("wins.won_at") }} <= days.usage_date
    union all
    select wins.opportunity_key, 'milestone' as evidence, milestones.occurred_at as activated_at
    from wins
    inner join milestones
        on wins.account_key = milestones.account_key and wins.won_at <= milestones.occurred_at
)

select uses.opportunity_key, uses.evidence, uses.activated_at
from uses
cross join as_of
where uses.activated_at <= as_of.as_of
qualify
    row_number() over (
        partition by uses.opportunity_key
        order by uses.activated_at asc nulls last, uses.evidence asc nulls last
    ) = 1
