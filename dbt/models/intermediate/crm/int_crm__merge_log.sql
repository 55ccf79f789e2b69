-- Merges the CRM still stands by: of each one the newest word counts, a withdrawal included.
with deliveries as (select * from {{ ref('stg_crm__merge_log') }}),

latest as (
    {{ latest_version('deliveries', ['_source_system', 'object_type', 'winner_id', 'loser_id']) }}
)

select
    _source_system as source_system,
    lower(object_type) as object_type,
    winner_id,
    loser_id,
    merged_at,
    first_known_at
from latest
where not _is_deleted and winner_id <> loser_id
