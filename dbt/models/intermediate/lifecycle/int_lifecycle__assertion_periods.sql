-- What each statement makes of a lead under the lifecycle profile in force on its day (X1), with the
-- period in which we held it true. Some wait for a human contact; without one they assert nothing yet.
with statements as (
    select
        *,
        {{ business_date("occurred_at") }} as occurred_date
    from {{ ref('int_lifecycle__statements') }}
),

profiles as (select * from {{ ref('lifecycle_profile') }}),

evidence as (select * from {{ ref('lifecycle_evidence') }}),

stages as (select * from {{ ref('int_lifecycle__counted_stages') }}),

contacts as (select * from {{ ref('int_lifecycle__contact_periods') }}),

-- Few combinations: which row of the profile is for which evidence and stage; the closest word wins.
meanings as (
    select
        signals.evidence,
        signals.said_stage,
        profiles.profile,
        case when evidence.stage = '*' then signals.said_stage else evidence.stage end as stage,
        evidence.waits_for,
        profiles.valid_from,
        profiles.valid_to
    from (select distinct evidence, said_stage from statements) as signals
    cross join profiles
    inner join evidence
        on
            profiles.profile = evidence.profile
            and evidence.evidence in ('*', signals.evidence)
            and evidence.said_stage in ('*', signals.said_stage)
    qualify
        row_number() over (
            partition by signals.evidence, signals.said_stage, profiles.profile, profiles.valid_from
            order by
                case when evidence.evidence = '*' then 1 else 0 end asc nulls last,
                case when evidence.said_stage = '*' then 1 else 0 end asc nulls last
        ) = 1
        -- Who may call a lead an MQL: the CRM, the qualification rules, or both.
        and (
            signals.said_stage <> 'mql'
            or profiles.mql_by = 'both'
            or (profiles.mql_by = 'rule') = (signals.evidence = 'qualification_rule')
        )
),

meant as (
    select
        statements.*,
        meanings.profile,
        stages.counts_as as stage,
        meanings.waits_for
    from statements
    inner join meanings
        on
            statements.evidence = meanings.evidence
            and statements.said_stage = meanings.said_stage
            and {{ in_force('meanings', 'statements.occurred_date') }}
    inner join stages on meanings.stage = stages.stage
),

pieces as (
    select
        event_id, lead_key, stage, said_stage, occurred_at, occurred_at as said_at, source_sequence,
        known_at, actor_user_id, evidence, change_source, reason_code, rule_version, profile, known_from,
        known_to
    from meant
    where waits_for is null
    union all
    select
        meant.event_id, meant.lead_key, meant.stage, meant.said_stage,
        greatest(meant.occurred_at, contacts.first_contact_at) as occurred_at,
        meant.occurred_at as said_at,
        meant.source_sequence, greatest(meant.known_at, contacts.known_from) as known_at,
        meant.actor_user_id, meant.evidence, meant.change_source, meant.reason_code,
        meant.rule_version, meant.profile,
        greatest(meant.known_from, contacts.known_from) as known_from,
        least(meant.known_to, contacts.known_to) as known_to
    from meant
    inner join contacts
        on
            meant.lead_key = contacts.lead_key
            and meant.known_from < coalesce(contacts.known_to, timestamp '9999-12-31 00:00:00')
            and contacts.known_from < coalesce(meant.known_to, timestamp '9999-12-31 00:00:00')
    where meant.waits_for = 'connected_contact'
),

merged as (
    {{ merged_periods('pieces', [
        'event_id', 'lead_key', 'stage', 'said_stage', 'occurred_at', 'said_at', 'source_sequence', 'known_at',
        'actor_user_id', 'evidence', 'change_source', 'reason_code', 'rule_version', 'profile',
    ]) }}
)

select * from merged
