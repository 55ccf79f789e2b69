-- Every assertion that a lead entered a stage, from every source that can make one.
with leads as (select * from {{ ref('int_crm__leads') }}),

-- A CRM that logs the first status at the instant of creation says the same thing as the creation.
statuses as (
    select statuses.*
    from {{ ref('int_lifecycle__mapped_statuses') }} as statuses
    inner join leads on statuses.lead_key = leads.lead_key
    where
        statuses.stage is not null
        and not (statuses.stage = 'lead' and statuses.occurred_at = leads.created_at)
),

opportunities as (
    select opportunities.*
    from {{ ref('int_crm__opportunities') }} as opportunities
    inner join leads on opportunities.lead_key = leads.lead_key
    where not opportunities.is_deleted
),

assertions as (
    -- Creation is first among everything of its instant, hence the lowest sequence.
    select
        {{ surrogate_key(["lead_key", "'created'"]) }} as event_id,
        lead_key, 'lead' as stage, created_at as occurred_at, cast(-1 as bigint) as source_sequence,
        first_known_at as known_at, cast(null as {{ dbt.type_string() }}) as actor_user_id,
        'crm_lead_created' as evidence
    from leads
    union all
    select event_id, lead_key, stage, occurred_at, source_sequence, known_at, actor_user_id, evidence
    from statuses
    union all
    select
        {{ surrogate_key(["opportunity_key", "'created'"]) }} as event_id,
        lead_key, 'opportunity' as stage, created_at as occurred_at,
        cast(null as bigint) as source_sequence, first_known_at as known_at,
        owner_id as actor_user_id, 'crm_opportunity_created' as evidence
    from opportunities
    union all
    select
        {{ surrogate_key(["opportunity_key", "'closed'"]) }} as event_id,
        lead_key, case when is_won then 'account' else 'lost' end as stage,
        closed_at as occurred_at, cast(null as bigint) as source_sequence, known_at,
        owner_id as actor_user_id, 'crm_opportunity_closed' as evidence
    from opportunities
    where is_closed and closed_at is not null
)

select * from assertions
