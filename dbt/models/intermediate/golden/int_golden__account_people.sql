-- People whose main account this is today, and how many of them got in touch with us lately.
with person_accounts as (select * from {{ ref('int_golden__person_accounts') }} where is_main),

touchpoints as (
    select * from {{ ref('int_touchpoints__unified') }}
    where direction = 'inbound' and touch_use = 'attributable'
),

as_of as (select * from {{ ref('int_time__as_of') }}),

engaged as (
    select distinct touchpoints.person_key
    from touchpoints
    cross join as_of
    where
        touchpoints.occurred_at <= as_of.as_of
        and {{ seconds_between("touchpoints.occurred_at", "as_of.as_of") }}
        < 86400 * {{ policy('account', 'engaged_days') }}
)

select
    person_accounts.account_key,
    count(*) as n_main_persons,
    count(engaged.person_key) as n_engaged_persons
from person_accounts
left join engaged on person_accounts.person_key = engaged.person_key
group by person_accounts.account_key
