-- How often we reached out in the days before each win and each comparison of a win.
with moments as (select * from {{ ref('int_questions__win_moments') }}),

contacts as (select * from {{ ref('int_sla__contacts') }} where is_attempt),

computable as (select * from {{ ref('int_routing__computable') }})

select
    moments.moment_key,
    moments.win_key,
    moments.moment_kind,
    case when max(cast(computable.has_contacts as integer)) = 1 then count(contacts.lead_key) end as n_touches
from moments
cross join computable
left join contacts
    on
        moments.lead_key = contacts.lead_key
        and moments.ends_at > contacts.occurred_at
        and {{ seconds_later("moments.ends_at", "(-86400 * " ~ policy("prewin", "window_days") ~ ")") }}
        <= contacts.occurred_at
group by moments.moment_key, moments.win_key, moments.moment_kind
