-- Merges in the CRM's own log, as long as it stands by them. Both sides carry the winner's id, so
-- chains of any length hang together.
with merge_log as (select * from {{ ref('stg_crm__merge_log') }}),

periods as (
    {{ version_periods('merge_log', ['_source_system', 'object_type', 'winner_id', 'loser_id']) }}
),

standing as (
    select
        _source_system as source_system,
        concat('crm_', lower(object_type)) as record_type,
        winner_id,
        loser_id,
        known_from,
        known_to
    from periods
    where not _is_deleted and winner_id <> loser_id and lower(object_type) in ('lead', 'contact', 'account')
),

sides as (
    select source_system, record_type, winner_id as record_id, winner_id, known_from, known_to from standing
    union all
    select source_system, record_type, loser_id as record_id, winner_id, known_from, known_to from standing
),

-- The record itself where it was delivered, and the id that stands for it where it was not.
bearers as (
    select {{ surrogate_key(["record_type", "source_system", "record_id"]) }} as record_key, * from sides
    union all
    select
        {{ surrogate_key([
            "'crm_reference'", "source_system", "concat(replace(record_type, 'crm_', ''), '|', record_id)"
        ]) }} as record_key,
        *
    from sides
),

lifetimes as (select * from {{ ref('int_identity__lifetimes') }})

select
    lifetimes.record_key,
    concat(bearers.record_type, '_merge') as identifier_type,
    concat(bearers.source_system, ':', bearers.winner_id) as identifier_value,
    greatest(lifetimes.known_from, bearers.known_from) as known_from,
    least(lifetimes.known_to, bearers.known_to) as known_to
from bearers
inner join lifetimes on bearers.record_key = lifetimes.record_key
where
    (bearers.known_to is null or lifetimes.known_from < bearers.known_to)
    and (lifetimes.known_to is null or bearers.known_from < lifetimes.known_to)
