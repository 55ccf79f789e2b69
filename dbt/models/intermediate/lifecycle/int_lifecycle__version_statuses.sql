-- Leads without any history of their status are read from their delivered versions, as precise as the
-- delivery rhythm, for as long as we knew no history. Only a change of status is an assertion: an edit
-- of the phone does not move the lead back.
with versions as (select * from {{ ref('stg_crm__leads') }} where not _is_deleted),

silences as (select * from {{ ref('int_lifecycle__history_silences') }}),

dated as (
    select
        {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
        _source_system as source_system,
        status,
        _extracted_at,
        -- Without a change date: the first version holds since creation, a later one since we saw it.
        coalesce(
            updated_at,
            case
                when
                    _extracted_at = min(_extracted_at) over (partition by _source_system, lead_id)
                    then created_at
                else _extracted_at
            end
        ) as occurred_at
    from versions
),

silent as (select distinct lead_key from silences),

said as (
    select
        dated.lead_key,
        dated.source_system,
        dated.status,
        dated.occurred_at,
        min(dated._extracted_at) as known_from
    from dated
    inner join silent on dated.lead_key = silent.lead_key
    group by dated.lead_key, dated.source_system, dated.status, dated.occurred_at
),

compared as (
    select
        *,
        lag(lead_key) over so_far is not null and not (lag(status) over so_far is distinct from status) as is_same
    from said
    window so_far as (
        partition by lead_key order by occurred_at asc nulls last, status asc nulls last
    )
),

runs as (
    select
        *,
        sum(case when is_same then 0 else 1 end) over (
            partition by lead_key order by occurred_at asc nulls last, status asc nulls last
            rows between unbounded preceding and current row
        ) as run_number
    from compared
),

-- What was already known when it was repeated never says anything new.
statements as (
    select lead_key, source_system, status, occurred_at, known_from, cast(null as timestamp) as known_to
    from runs
    qualify
        coalesce(
            known_from < min(known_from) over (
                partition by lead_key, run_number order by occurred_at asc nulls last, status asc nulls last
                rows between unbounded preceding and 1 preceding
            ),
            true
        )
),

epochs as (
    {{ knowledge_epochs(['statements', 'silences'], 'lead_key') }}
),

held as (
    select
        statements.lead_key,
        statements.source_system,
        statements.status,
        statements.occurred_at,
        statements.known_from as known_at,
        epochs.known_from,
        epochs.known_to,
        lag(statements.lead_key) over history is null as is_first_version,
        lag(statements.status) over history as previous_status
    from epochs
    inner join silences
        on epochs.lead_key = silences.lead_key and {{ known_at_instant('silences', 'epochs.known_from') }}
    inner join statements
        on epochs.lead_key = statements.lead_key and epochs.known_from >= statements.known_from
    window history as (
        partition by statements.lead_key, epochs.known_from
        order by statements.occurred_at asc nulls last, statements.status asc nulls last
    )
)

select
    lead_key,
    source_system,
    {{ surrogate_key(["'version'", "lead_key", "status", "occurred_at"]) }} as event_id,
    status as crm_status,
    occurred_at,
    known_at,
    is_first_version,
    known_from,
    known_to
from held
where is_first_version or status is distinct from previous_status
