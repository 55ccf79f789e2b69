-- What became of each spell of a lead with the SDRs: how it ended, whether the lead was reached, with
-- how many attempts. Exactly one outcome by ordered rule rows, the last of which always matches (G15).
with starts as (select * from {{ ref('int_sla__starts') }} where clock_start = 'assigned'),

contacts as (select * from {{ ref('int_sla__contacts') }}),

closings as (select * from {{ ref('int_handoffs__closings') }}),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }}),

handoffs as (select * from {{ ref('int_handoffs__judged') }} where decision = 'accepted'),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

computable as (select * from {{ ref('int_routing__computable') }}),

spells as (
    select
        starts.*,
        case when starts.ended_at <= as_of.as_of then starts.ended_at end as spell_to
    from starts
    cross join as_of
    cross join computable
    -- Without any extract of contacts nobody can be called unreachable.
    where computable.has_contacts
),

attempts as (
    select
        spells.clock_key,
        count(*) filter (where contacts.is_attempt) as n_attempts,
        min(contacts.occurred_at) filter (
            where contacts.contact_level in ('connected', 'two_way') and contacts.is_rep_action
        ) as connected_at,
        sum(contacts.duration_s) as talk_seconds
    from spells
    inner join contacts
        on
            spells.lead_key = contacts.lead_key
            and spells.started_at <= contacts.occurred_at
            and contacts.occurred_at <= coalesce(spells.spell_to, timestamp '9999-12-31 00:00:00')
    group by spells.clock_key
),

until_connected as (
    select attempts.clock_key, count(*) as attempts_to_connect
    from attempts
    inner join spells on attempts.clock_key = spells.clock_key
    inner join contacts
        on
            spells.lead_key = contacts.lead_key
            and spells.started_at <= contacts.occurred_at
            and attempts.connected_at >= contacts.occurred_at
    where contacts.is_attempt
    group by attempts.clock_key
),

endings as (
    select
        spells.clock_key,
        max(handoffs.handoff_key) as accepted_handoff_key,
        max(closings.closed_as) as closed_as,
        max(owner_periods.owner_side) as next_side
    from spells
    left join handoffs
        on
            spells.lead_key = handoffs.lead_key
            and spells.started_at <= handoffs.decided_at
            and handoffs.decided_at <= coalesce(spells.spell_to, timestamp '9999-12-31 00:00:00')
    left join closings on spells.lead_key = closings.lead_key and spells.spell_to = closings.closed_at
    left join owner_periods on spells.lead_key = owner_periods.lead_key and spells.spell_to = owner_periods.valid_from
    group by spells.clock_key
)

select
    spells.clock_key as spell_key,
    spells.lead_key,
    spells.user_id,
    spells.team_id,
    spells.started_at,
    spells.spell_to as ended_at,
    case
        when endings.accepted_handoff_key is not null then 'accepted'
        when spells.spell_to is null then 'open'
        else coalesce(endings.closed_as, endings.next_side, 'other')
    end as ending,
    case
        when attempts.connected_at is not null then 'connected'
        when attempts.n_attempts > 0 then 'attempted'
        else 'none'
    end as contact,
    coalesce(attempts.n_attempts, 0) as n_attempts,
    until_connected.attempts_to_connect,
    attempts.talk_seconds
from spells
left join attempts on spells.clock_key = attempts.clock_key
left join until_connected on spells.clock_key = until_connected.clock_key
left join endings on spells.clock_key = endings.clock_key
