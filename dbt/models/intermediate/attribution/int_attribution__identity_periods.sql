-- Which conversions a membership of a record counts for: those that the deliveries in which it held
-- were the first to be able to tell of. What is learnt about who is who afterwards moves no credit; a
-- record that was delivered late counts as its first membership says.
with memberships as (select * from {{ ref('int_identity__memberships') }} where entity = 'person'),

days as (select distinct as_of from {{ ref('int_lifecycle__as_of_days') }} where as_of is not null),

spans as (
    select as_of, lag(as_of) over (order by as_of asc nulls last) as day_before from days
),

ordered as (
    select
        *,
        row_number() over (
            partition by record_key order by valid_from asc nulls last, entity_key asc nulls last
        ) as membership_number
    from memberships
)

select
    ordered.record_key,
    ordered.anchor_record_key,
    ordered.entity_key as person_key,
    case
        when ordered.membership_number = 1 then timestamp '0001-01-01 00:00:00'
        else coalesce(opened.day_before, ordered.valid_from)
    end as converted_after,
    case
        when ordered.valid_to is null then timestamp '9999-12-31 00:00:00'
        else coalesce(closed.day_before, ordered.valid_to)
    end as converted_until
from ordered
left join spans as opened on ordered.valid_from = opened.as_of
left join spans as closed on ordered.valid_to = closed.as_of
