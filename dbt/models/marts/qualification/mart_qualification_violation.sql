-- Entries that the standard forbids: a vetoed predicate at or during the stay, or no rule that held.
with entries as (select * from {{ ref('int_qualification__entries') }}),

qualifications as (select * from {{ ref('fct_qualification') }}),

periods as (select * from {{ ref('int_qualification__predicate_periods') }} where not is_true),

owners as (select * from {{ ref('int_routing__owner_periods') }}),

vetoes as (select * from {{ ref('qualification_veto') }}),

-- The first time the predicate is known to be false during the stay.
vetoed as (
    select
        entries.entry_event_id,
        vetoes.violation,
        vetoes.predicate,
        min(greatest(periods.valid_from, entries.entered_at)) as violated_at
    from entries
    inner join vetoes
        on entries.stage = vetoes.stage and {{ in_force('vetoes', business_date('entries.entered_at')) }}
    inner join periods
        on
            entries.lead_key = periods.lead_key
            and vetoes.predicate = periods.predicate
            and periods.valid_from < coalesce(entries.exited_at, timestamp '9999-12-31 00:00:00')
            and entries.entered_at < coalesce(periods.valid_to, timestamp '9999-12-31 00:00:00')
    group by entries.entry_event_id, vetoes.violation, vetoes.predicate
),

violations as (
    select entry_event_id, violation, predicate, violated_at from vetoed
    union all
    select
        qualifications.entry_event_id, vetoes.violation, vetoes.predicate,
        qualifications.entered_at as violated_at
    from qualifications
    inner join vetoes
        on
            qualifications.stage = vetoes.stage
            and vetoes.predicate is null
            and {{ in_force('vetoes', 'qualifications.entered_date') }}
    where not qualifications.is_rule_explained
)

select
    {{ surrogate_key(["violations.entry_event_id", "violations.violation"]) }} as qualification_violation_key,
    violations.entry_event_id,
    qualifications.lead_key,
    qualifications.stage,
    qualifications.entered_at,
    violations.violation,
    violations.predicate,
    violations.violated_at,
    violations.violated_at = qualifications.entered_at as is_at_entry,
    qualifications.entry_actor_user_id,
    owners.owner_user_id as entry_owner_user_id,
    qualifications.predicates_false,
    qualifications.predicates_unknown
from violations
inner join qualifications on violations.entry_event_id = qualifications.entry_event_id
left join owners
    on
        qualifications.lead_key = owners.lead_key
        and qualifications.entered_at >= owners.valid_from
        and qualifications.entered_at < coalesce(owners.valid_to, timestamp '9999-12-31 00:00:00')
