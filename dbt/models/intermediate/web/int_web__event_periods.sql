-- Web events with the visit they belonged to as far as we knew: a late event can make two visits one.
with versions as (select * from {{ ref('int_web__event_versions') }}),

epochs as (select * from {{ ref('int_web__event_epochs') }}),

known as (
    select
        versions.source_system,
        versions.event_id,
        versions.anonymous_id,
        versions.session_id,
        versions.event_name,
        versions.asset_ref,
        versions.occurred_at,
        epochs.epoch_from,
        greatest(versions.known_from, epochs.epoch_from) as known_from,
        least(versions.known_to, epochs.epoch_to) as known_to
    from versions
    left join epochs
        on
            versions.source_system = epochs.source_system
            and versions.anonymous_id = epochs.anonymous_id
            and versions.known_from < coalesce(epochs.epoch_to, timestamp '9999-12-31 00:00:00')
            and coalesce(versions.known_to, timestamp '9999-12-31 00:00:00') > epochs.epoch_from
),

begun as (
    select
        *,
        {{ begins_visit(['source_system', 'anonymous_id', 'epoch_from']) }} as begins_visit
    from known
)

select
    source_system,
    event_id,
    anonymous_id,
    {{ visit_id(['source_system', 'anonymous_id', 'epoch_from']) }} as session_id,
    event_name,
    asset_ref,
    occurred_at,
    known_from,
    known_to
from begun
