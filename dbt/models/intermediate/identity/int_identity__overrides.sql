-- Decisions of humans with the records they are about, one row per record. Those of the future wait.
with overrides as (select * from {{ ref('identity_override') }}),

as_of as (select * from {{ ref('int_time__as_of') }}),

known as (
    select
        overrides.*,
        overrides.decided_at as known_from,
        case when overrides.withdrawn_at <= as_of.as_of then overrides.withdrawn_at end as known_to
    from overrides
    cross join as_of
    where
        overrides.decided_at <= as_of.as_of
        and (overrides.withdrawn_at is null or overrides.decided_at < overrides.withdrawn_at)
)

select
    override_id, entity, kind, 1 as side,
    case
        when record_id is not null then {{ surrogate_key(["record_type", "source_system", "record_id"]) }}
    end as record_key,
    identifier_type, identifier_value, known_from, known_to
from known
union all
select
    override_id, entity, kind, 2 as side,
    {{ surrogate_key(["other_record_type", "other_source_system", "other_record_id"]) }} as record_key,
    identifier_type, identifier_value, known_from, known_to
from known
where other_record_id is not null
