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

lifetimes as (select * from {{ ref('int_identity__lifetimes') }})

select
    lifetimes.record_key,
    concat(sides.record_type, '_merge') as identifier_type,
    concat(sides.source_system, ':', sides.winner_id) as identifier_value,
    greatest(lifetimes.known_from, sides.known_from) as known_from,
    least(lifetimes.known_to, sides.known_to) as known_to
from sides
inner join lifetimes
    on {{ surrogate_key(["sides.record_type", "sides.source_system", "sides.record_id"]) }} = lifetimes.record_key
where
    (sides.known_to is null or lifetimes.known_from < sides.known_to)
    and (lifetimes.known_to is null or sides.known_from < lifetimes.known_to)
