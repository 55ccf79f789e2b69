-- Derived hand-overs with their decision. From an owner change: accepted when the lead enters a stage
-- of acceptance or the new owner acts on it, rejected when it leaves sales or is closed before that.
-- From the status alone (no owner, no record): accepted when sales, or nobody known, sets a stage of
-- acceptance. An SQL that marketing or an SDR sets is accepted by nobody yet.
with owner_changes as (select * from {{ ref('int_handoffs__owner_changes') }}),

owned as (select distinct lead_key from owner_changes),

explicit_ones as (select distinct lead_key from {{ ref('int_handoffs__explicit') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

closings as (select * from {{ ref('int_handoffs__closings') }}),

activities as (select * from {{ ref('int_engagement__sales_activities') }} where is_rep_action),

users as (select * from {{ ref('int_routing__users') }}),

acceptances as (
    select intervals.*
    from {{ ref('int_lifecycle__intervals') }} as intervals
    inner join {{ ref('watched_stage') }} as watched
        on intervals.stage = watched.stage and watched.watch = 'acceptance'
    where {{ in_force('watched', business_date('intervals.entered_at')) }}
),

evidence as (
    select lead_key, cast(null as {{ dbt.type_string() }}) as user_id, entered_at as happened_at, 'accepted' as decision
    from acceptances
    union all
    select lead_key, actor_user_id as user_id, occurred_at as happened_at, 'accepted' as decision from activities
    union all
    select lead_key, cast(null as {{ dbt.type_string() }}) as user_id, closed_at as happened_at, 'rejected' as decision
    from closings
),

decided as (
    select
        owner_changes.handoff_key,
        -- At one instant acceptance goes before closing: a lead is taken before it is disqualified.
        min(evidence.happened_at) filter (where evidence.decision = 'accepted') as accepted_at,
        min(evidence.happened_at) filter (where evidence.decision = 'rejected') as closed_at
    from owner_changes
    inner join evidence
        on
            owner_changes.lead_key = evidence.lead_key
            and coalesce(evidence.user_id, owner_changes.to_user_id) = owner_changes.to_user_id
            and owner_changes.offered_at <= evidence.happened_at
            and evidence.happened_at < coalesce(owner_changes.left_sales_at, timestamp '9999-12-31 00:00:00')
    group by owner_changes.handoff_key
),

rejections as (
    select
        owner_changes.*,
        decided.accepted_at,
        least(decided.closed_at, owner_changes.left_sales_at) as rejected_at
    from owner_changes
    left join decided on owner_changes.handoff_key = decided.handoff_key
),

from_status as (
    select
        {{ surrogate_key(["'status'", "acceptances.lead_key", "acceptances.passage_number"]) }} as handoff_key,
        acceptances.lead_key, leads.source_system, acceptances.entered_at,
        acceptances.actor_user_id, acceptances.known_at
    from acceptances
    inner join leads on acceptances.lead_key = leads.lead_key
    left join explicit_ones on acceptances.lead_key = explicit_ones.lead_key
    left join owned on acceptances.lead_key = owned.lead_key
    left join users
        on
            leads.source_system = users.source_system
            and acceptances.actor_user_id = users.user_id
            and acceptances.entered_at >= users.valid_from
            and acceptances.entered_at < coalesce(users.valid_to, timestamp '9999-12-31 00:00:00')
    where
        explicit_ones.lead_key is null
        and owned.lead_key is null
        and coalesce(users.side, 'sales') = 'sales'
    qualify
        row_number() over (
            partition by acceptances.lead_key, acceptances.passage_number
            order by acceptances.stay_number asc nulls last
        ) = 1
)

select
    handoff_key, 'owner_change' as basis, lead_key, source_system, offered_at, from_user_id,
    from_team_id, to_user_id, to_team_id, is_taken_by_receiver,
    case
        when accepted_at <= coalesce(rejected_at, accepted_at) then 'accepted'
        when rejected_at is not null then 'rejected'
        else 'pending'
    end as decision,
    case when accepted_at <= coalesce(rejected_at, accepted_at) then accepted_at else rejected_at end
        as decided_at,
    known_at
from rejections
union all
select
    handoff_key, 'status' as basis, lead_key, source_system, entered_at as offered_at,
    cast(null as {{ dbt.type_string() }}) as from_user_id,
    cast(null as {{ dbt.type_string() }}) as from_team_id,
    actor_user_id as to_user_id, cast(null as {{ dbt.type_string() }}) as to_team_id,
    false as is_taken_by_receiver, 'accepted' as decision, entered_at as decided_at, known_at
from from_status
