-- The account each touch belongs to: where the person worked at the time; before the first employer
-- we know of, that one, as a visit is part of the purchase it led to; else the account of the record.
with touchpoints as (
    select touchpoint_key, record_key, person_key, occurred_at from {{ ref('int_touchpoints__unified') }}
),

person_accounts as (select * from {{ ref('int_golden__person_accounts') }}),

account_records as (select * from {{ ref('int_identity__account_records') }}),

employed as (
    select
        touchpoints.touchpoint_key,
        person_accounts.account_key
    from touchpoints
    inner join person_accounts on touchpoints.person_key = person_accounts.person_key
    qualify
        row_number() over (
            partition by touchpoints.touchpoint_key
            order by
                case
                    when person_accounts.valid_from > touchpoints.occurred_at then 2
                    when person_accounts.valid_to <= touchpoints.occurred_at then 3
                    else 1
                end asc nulls last,
                -- Of the periods that hold or are over the latest, of those to come the next one.
                abs({{ seconds_between("person_accounts.valid_from", "touchpoints.occurred_at") }}) asc nulls last,
                person_accounts.account_key asc nulls last
        ) = 1
)

select
    touchpoints.touchpoint_key,
    coalesce(employed.account_key, account_records.account_key) as account_key
from touchpoints
left join employed on touchpoints.touchpoint_key = employed.touchpoint_key
left join account_records on touchpoints.record_key = account_records.record_key
where employed.account_key is not null or account_records.account_key is not null
