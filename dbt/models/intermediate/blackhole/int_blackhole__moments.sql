-- Every instant at which anything about a lead changes that decides whether it is forgotten.
with leads as (select * from {{ ref('int_blackhole__leads') }}),

stays as (
    select stays.*
    from {{ ref('int_lifecycle__intervals') }} as stays
    inner join leads on stays.lead_key = leads.lead_key
),

rules as ({{ rule_periods(ref('black_hole_rule')) }}),

contacts as (select * from {{ ref('int_blackhole__contacts') }} where is_conversation),

shelters as (select * from {{ ref('int_blackhole__shelters') }}),

rule_changes as (
    select rule_from as changed_at from rules
    union
    select rule_to as changed_at from rules where rule_to is not null
),

events as (
    -- A passage begins the wait anew, and so does nurture.
    select
        stays.lead_key, stays.entered_at as happened_at, stays.stay_number,
        case
            when stays.move in ('create', 'reenter') or coalesce(rules.restarts_clock, false)
                then stays.entered_at
        end as restarted_at,
        cast(null as timestamp) as talked_at, 0 as sheltered, 0 as gone
    from stays
    left join rules
        on
            stays.stage = rules.stage
            and stays.entered_at >= rules.rule_from
            and stays.entered_at < coalesce(rules.rule_to, timestamp '9999-12-31 00:00:00')
    union all
    select
        lead_key, occurred_at as happened_at, null as stay_number, null as restarted_at,
        occurred_at as talked_at, 0 as sheltered, 0 as gone
    from contacts
    union all
    select
        lead_key, sheltered_from as happened_at, null as stay_number, null as restarted_at,
        null as talked_at, 1 as sheltered, 0 as gone
    from shelters
    union all
    select
        lead_key, sheltered_to as happened_at, null as stay_number, null as restarted_at,
        null as talked_at, -1 as sheltered, 0 as gone
    from shelters
    where sheltered_to is not null
    union all
    select
        lead_key, gone_at as happened_at, null as stay_number, null as restarted_at,
        null as talked_at, 0 as sheltered, 1 as gone
    from leads
    where gone_at is not null
    union all
    select
        leads.lead_key, rule_changes.changed_at as happened_at, null as stay_number,
        null as restarted_at, null as talked_at, 0 as sheltered, 0 as gone
    from leads
    inner join rule_changes on leads.created_at < rule_changes.changed_at
)

select
    lead_key,
    happened_at,
    max(stay_number) as stay_number,
    max(restarted_at) as restarted_at,
    max(talked_at) as talked_at,
    sum(sheltered) as sheltered,
    max(gone) as gone
from events
group by lead_key, happened_at
