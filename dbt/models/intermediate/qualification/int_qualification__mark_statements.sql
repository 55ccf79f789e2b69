-- Statements about marks somebody set by hand: true from a status change into the stage whose source
-- the value rows call a person, until the next later change of the status; false outside.
with leads as (select lead_key, created_at, first_known_at from {{ ref('int_leads__leads') }}),

changes as (
    select * from {{ ref('int_crm__lead_field_changes') }} where field_name = 'status'
),

statuses as (
    select distinct event_id, stage from {{ ref('int_lifecycle__mapped_statuses') }} where stage is not null
),

predicates as (
    select predicates.*
    from {{ ref('int_qualification__predicates') }} as predicates
    inner join {{ ref('int_quality__extract_presence') }} as presence
        on predicates.extract_table = presence.extract_table and presence.is_present
    where predicates.signal_kind = 'status_mark'
),

value_rows as (select * from {{ ref('predicate_value') }} where is_true),

marks as (
    select distinct changes.lead_key, predicates.predicate, predicates.rule_version, changes.changed_at
    from changes
    inner join statuses on changes.change_key = statuses.event_id
    inner join predicates on statuses.stage = predicates.signal
    inner join value_rows
        on
            predicates.predicate = value_rows.predicate
            and predicates.rule_version = value_rows.rule_version
            and changes.change_source = value_rows.signal_value
),

instants as (
    select
        lead_key,
        changed_at,
        max(first_known_at) as known_at,
        lead(changed_at) over (partition by lead_key order by changed_at asc nulls last) as next_changed_at
    from changes
    group by lead_key, changed_at
),

stated as (
    select
        leads.lead_key, predicates.predicate, false as is_true,
        greatest(leads.created_at, predicates.rule_from) as valid_from, predicates.rule_to as valid_to,
        leads.first_known_at as known_at
    from leads
    cross join predicates
    union all
    select
        instants.lead_key, predicates.predicate, true as is_true,
        greatest(instants.changed_at, predicates.rule_from) as valid_from,
        least(instants.next_changed_at, predicates.rule_to) as valid_to,
        instants.known_at
    from instants
    inner join marks on instants.lead_key = marks.lead_key and instants.changed_at = marks.changed_at
    inner join predicates
        on marks.predicate = predicates.predicate and marks.rule_version = predicates.rule_version
)

select lead_key, predicate, is_true, valid_from, valid_to, known_at
from stated
where valid_from < coalesce(valid_to, timestamp '9999-12-31 00:00:00')
