-- Everything that says where a lead stands, in the words of its source, with the period in which we
-- held it true. What it makes of the lead is up to the lifecycle profile.
with leads as (select * from {{ ref('int_lifecycle__lead_periods') }}),

statuses as (select * from {{ ref('int_lifecycle__status_periods') }} where stage is not null),

opportunities as (select * from {{ ref('int_lifecycle__opportunity_periods') }}),

closings as (select * from {{ ref('int_lifecycle__closing_periods') }} where is_won or is_lost),

acceptances as (select * from {{ ref('int_lifecycle__acceptance_periods') }}),

-- A qualification rule proposes an MQL each time it begins to hold.
proposals as (select * from {{ ref('int_qualification__rule_periods') }} where stage = 'mql'),

statements as (
    -- Creation is first among everything of its instant, hence the lowest sequence.
    select
        {{ surrogate_key(["'lead created'", "lead_key"]) }} as event_id,
        lead_key, 'lead' as said_stage, created_at as occurred_at,
        cast(-1 as bigint) as source_sequence, first_known_at as known_at,
        cast(null as {{ dbt.type_string() }}) as actor_user_id, 'crm_lead_created' as evidence,
        cast(null as {{ dbt.type_string() }}) as change_source,
        cast(null as {{ dbt.type_string() }}) as reason_code,
        cast(null as {{ dbt.type_string() }}) as rule_version, known_from, known_to
    from leads
    union all
    select
        event_id, lead_key, stage as said_stage, occurred_at, source_sequence, known_at, actor_user_id,
        evidence, change_source, null as reason_code, null as rule_version, known_from, known_to
    from statuses
    -- The first delivered version of a lead that is still new says nothing its creation does not say.
    where not (is_first_version and stage = 'lead')
    union all
    select
        {{ surrogate_key(["'opportunity created'", "opportunity_key"]) }} as event_id,
        lead_key, 'opportunity' as said_stage, created_at as occurred_at, null as source_sequence,
        first_known_at as known_at, owner_id as actor_user_id, 'crm_opportunity_created' as evidence,
        null as change_source, null as reason_code, null as rule_version, known_from, known_to
    from opportunities
    union all
    select
        {{ surrogate_key(["'opportunity closed'", "opportunity_key"]) }} as event_id,
        lead_key, case when is_won then 'account' else 'lost' end as said_stage,
        closed_at as occurred_at, null as source_sequence, known_at, owner_id as actor_user_id,
        'crm_opportunity_closed' as evidence, null as change_source, lost_reason as reason_code,
        null as rule_version, known_from, known_to
    from closings
    union all
    select
        event_id, lead_key, 'sal' as said_stage, occurred_at, null as source_sequence, known_at,
        actor_user_id, 'crm_handoff_accepted' as evidence, null as change_source, reason_code,
        null as rule_version, known_from, known_to
    from acceptances
    union all
    select
        {{ surrogate_key(["'rule holds'", "lead_key", "rule_id", "rule_version", "valid_from"]) }} as event_id,
        lead_key, stage as said_stage, valid_from as occurred_at, null as source_sequence, known_at,
        null as actor_user_id, 'qualification_rule' as evidence, null as change_source,
        predicates as reason_code, concat(rule_id, ' ', rule_version) as rule_version,
        known_at as known_from, null as known_to
    from proposals
)

-- What is said of a lead counts from the first delivery of the lead itself.
select
    statements.event_id,
    statements.lead_key,
    statements.said_stage,
    statements.occurred_at,
    statements.source_sequence,
    statements.known_at,
    statements.actor_user_id,
    statements.evidence,
    statements.change_source,
    statements.reason_code,
    statements.rule_version,
    greatest(statements.known_from, leads.first_known_at) as known_from,
    statements.known_to
from statements
inner join leads
    on
        statements.lead_key = leads.lead_key
        and leads.known_to is null
        and leads.first_known_at < coalesce(statements.known_to, timestamp '9999-12-31 00:00:00')
