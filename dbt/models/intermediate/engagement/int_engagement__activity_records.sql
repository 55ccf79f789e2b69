-- What people and automations of ours did towards leads, wherever it is written down: activities and
-- follow-ups of the CRM, calls of the call centre that name a lead. Newest versions.
with activities as (
    {{ latest_version(ref('stg_crm__activities'), ['_source_system', 'activity_id']) }}
),

followups as (
    {{ latest_version(ref('stg_crm__followups'), ['_source_system', 'followup_id']) }}
),

calls as (select * from {{ ref('int_engagement__calls') }} where linked_lead_id is not null),

opportunities as (select * from {{ ref('int_crm__opportunities') }}),

-- After conversion some CRMs log on the contact only: the first lead that became it.
contact_leads as (
    select source_system, converted_contact_id as contact_id, min_by(lead_key, concat(created_at, lead_key)) as lead_key
    from {{ ref('int_crm__leads') }}
    where converted_contact_id is not null
    group by source_system, converted_contact_id
),

records as (
    select
        'crm_activity' as record_type, _source_system as source_system, activity_id as record_id,
        lead_id, opportunity_id, contact_id, actor_user_id, lower(kind) as kind,
        lower(direction) as direction, lower(coalesce(outcome, disposition)) as outcome, connected,
        is_automated, duration_s, occurred_at, created_at as recorded_at, first_known_at as known_at
    from activities
    where not _is_deleted
    union all
    select
        'crm_followup' as record_type, _source_system as source_system, followup_id as record_id,
        lead_id, opportunity_id, null as contact_id, user_id as actor_user_id, 'followup' as kind,
        null as direction, null as outcome, null as connected, false as is_automated,
        null as duration_s, occurred_at, recorded_at, first_known_at as known_at
    from followups
    where not _is_deleted
    union all
    select
        'call_center_call' as record_type, source_system, call_id as record_id,
        linked_lead_id as lead_id, null as opportunity_id, null as contact_id,
        agent_id as actor_user_id, 'call' as kind, direction, disposition as outcome,
        answered_at is not null as connected, false as is_automated,
        case
            when answered_at is not null
                then cast({{ seconds_between("answered_at", "ended_at") }} as bigint)
        end as duration_s,
        started_at as occurred_at, coalesce(ended_at, started_at) as recorded_at,
        first_known_at as known_at
    from calls
)

select
    {{ surrogate_key(["records.record_type", "records.source_system", "records.record_id"]) }} as activity_key,
    records.record_type,
    case
        when records.lead_id is not null then {{ surrogate_key(["records.source_system", "records.lead_id"]) }}
        else coalesce(opportunities.lead_key, contact_leads.lead_key)
    end as lead_key,
    case
        when records.opportunity_id is not null
            then {{ surrogate_key(["records.source_system", "records.opportunity_id"]) }}
    end as opportunity_key,
    records.actor_user_id,
    records.source_system,
    records.kind,
    records.direction,
    records.outcome,
    records.connected as is_connected,
    coalesce(records.is_automated, false) as is_automated,
    records.duration_s,
    records.occurred_at,
    records.recorded_at,
    records.known_at
from records
left join opportunities
    on
        records.source_system = opportunities.source_system
        and records.opportunity_id = opportunities.opportunity_id
left join contact_leads
    on
        records.source_system = contact_leads.source_system
        and records.contact_id = contact_leads.contact_id
