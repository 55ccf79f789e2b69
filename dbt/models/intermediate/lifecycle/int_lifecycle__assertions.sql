-- Every assertion that a lead entered a stage, from every source that can make one.
with leads as (select * from {{ ref('int_crm__leads') }}),

-- The first delivered version of a lead that is still new says nothing its creation does not say.
statuses as (
    select * from {{ ref('int_lifecycle__mapped_statuses') }}
    where stage is not null and (stage <> 'lead' or version_number is distinct from 1)
),

opportunities as (
    select opportunities.*
    from {{ ref('int_crm__opportunities') }} as opportunities
    inner join leads on opportunities.lead_key = leads.lead_key
    where not opportunities.is_deleted
),

closings as (
    select closings.*
    from {{ ref('int_lifecycle__opportunity_closings') }} as closings
    inner join leads on closings.lead_key = leads.lead_key
),

assertions as (
    -- Creation is first among everything of its instant, hence the lowest sequence.
    select
        {{ surrogate_key(["'lead created'", "lead_key"]) }} as event_id,
        lead_key, 'lead' as stage, created_at as occurred_at, cast(-1 as bigint) as source_sequence,
        first_known_at as known_at, cast(null as {{ dbt.type_string() }}) as actor_user_id,
        'crm_lead_created' as evidence
    from leads
    union all
    select event_id, lead_key, stage, occurred_at, source_sequence, known_at, actor_user_id, evidence
    from statuses
    union all
    select
        {{ surrogate_key(["'opportunity created'", "opportunity_key"]) }} as event_id,
        lead_key, 'opportunity' as stage, created_at as occurred_at,
        cast(null as bigint) as source_sequence, first_known_at as known_at,
        owner_id as actor_user_id, 'crm_opportunity_created' as evidence
    from opportunities
    union all
    select
        {{ surrogate_key(["'opportunity closed'", "opportunity_key"]) }} as event_id,
        lead_key, case when is_won then 'account' else 'lost' end as stage,
        closed_at as occurred_at, cast(null as bigint) as source_sequence, known_at,
        owner_id as actor_user_id, 'crm_opportunity_closed' as evidence
    from closings
    where is_won or is_lost
)

select * from assertions
