-- Hand-overs that sales accepted, by the CRM's own records, with the period in which we held it true.
with deliveries as (select * from {{ ref('stg_crm__handoffs') }}),

decisions as (select * from {{ ref('handoff_decision') }} where decision = 'accepted'),

periods as (
    {{ version_periods('deliveries', ['_source_system', 'handoff_id']) }}
)

select
    {{ surrogate_key(["'hand-over accepted'", "_source_system", "handoff_id"]) }} as event_id,
    {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
    decided_at as occurred_at,
    to_user as actor_user_id,
    reason_code,
    first_known_at as known_at,
    known_from,
    known_to
from periods
inner join decisions
    on
        lower(periods.decision) = lower(decisions.crm_decision)
        and decisions.source_system in ('*', periods._source_system)
        and {{ in_force('decisions', business_date('periods.offered_at')) }}
where not _is_deleted and decided_at is not null
group by all
