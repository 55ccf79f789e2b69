-- The first change of a lead also says what its status was before it, since creation. Which change is
-- the first depends on what we knew: a late one takes the place of another, a withdrawn one gives it up.
with changes as (select * from {{ ref('int_lifecycle__change_periods') }}),

leads as (select * from {{ ref('int_lifecycle__lead_periods') }}),

compared as (
    select
        *,
        min(known_from) over earlier as earlier_known_from,
        max(known_to) over earlier as earlier_known_to
    from changes
    window earlier as (
        partition by lead_key
        order by
            changed_at asc nulls last, source_sequence asc nulls last, change_key asc nulls last,
            known_from asc nulls last
        rows between unbounded preceding and 1 preceding
    )
),

-- Only these were ever the first: known before all that precede them, or after one of those was withdrawn.
candidates as (
    select * from compared
    where coalesce(known_from < earlier_known_from, true) or earlier_known_to is not null
),

epochs as (
    {{ knowledge_epochs(['candidates', 'leads'], 'lead_key') }}
),

firsts as (
    select
        candidates.lead_key,
        candidates.source_system,
        candidates.change_key,
        candidates.old_value,
        candidates.changed_at,
        candidates.first_known_at,
        candidates.change_source,
        epochs.known_from,
        epochs.known_to
    from epochs
    inner join candidates
        on epochs.lead_key = candidates.lead_key and {{ known_at_instant('candidates', 'epochs.known_from') }}
    qualify
        row_number() over (
            partition by epochs.lead_key, epochs.known_from
            order by
                candidates.changed_at asc nulls last, candidates.source_sequence asc nulls last,
                candidates.change_key asc nulls last
        ) = 1
)

select
    firsts.lead_key,
    firsts.source_system,
    {{ surrogate_key(["'initial'", "firsts.change_key"]) }} as event_id,
    firsts.old_value as crm_status,
    leads.created_at as occurred_at,
    firsts.first_known_at as known_at,
    firsts.known_from,
    firsts.known_to
from firsts
inner join leads
    on firsts.lead_key = leads.lead_key and {{ known_at_instant('leads', 'firsts.known_from') }}
where firsts.old_value is not null and firsts.changed_at > leads.created_at
