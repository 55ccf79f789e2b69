-- The hand-overs a CRM keeps a record of (转出/退回), newest version; words of decisions by rule rows.
with deliveries as (select * from {{ ref('stg_crm__handoffs') }}),

decisions as (select * from {{ ref('handoff_decision') }}),

records as (
    {{ latest_version('deliveries', ['_source_system', 'handoff_id']) }}
),

mapped as (
    select
        records.*,
        case
            when records.decision is null then 'pending'
            else coalesce(decisions.decision, 'unmapped')
        end as mapped_decision
    from records
    left join decisions
        on
            lower(records.decision) = lower(decisions.crm_decision)
            and decisions.source_system in ('*', records._source_system)
            and {{ in_force('decisions', business_date('records.offered_at')) }}
    where not records._is_deleted
    qualify
        row_number() over (
            partition by records._source_system, records.handoff_id
            -- A row for this very source system wins over the row for all.
            order by case when decisions.source_system = '*' then 1 else 0 end asc nulls last
        ) = 1
)

select
    {{ surrogate_key(["'explicit'", "_source_system", "handoff_id"]) }} as handoff_key,
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    _source_system as source_system,
    offered_at,
    from_user as from_user_id,
    from_team as from_team_id,
    to_user as to_user_id,
    to_team as to_team_id,
    mapped_decision as decision,
    decided_at,
    reason_code,
    returned_at,
    note is not null as has_note,
    first_known_at as known_at,
    version_known_at
from mapped
