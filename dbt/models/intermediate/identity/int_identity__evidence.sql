-- Observations with the verdict of the lists and of humans, cut where a suspension begins or ends.
-- From here on a value may be a token.
with observations as (
    select
        *,
        {{ surrogate_key([
            "record_key", "identifier_type", "identifier_value", "label", "reason", "known_from"
        ]) }} as observation_key
    from {{ ref('int_identity__observations') }}
),

suspensions as (select * from {{ ref('int_identity__suspensions') }}),

identifier_types as (
    select * from {{ ref('identity_identifier_type') }}
    where identity_scope <> 'attribute' and {{ in_force_now() }}
),

suspended as (
    select
        observations.*,
        suspensions.reason as suspension,
        suspensions.known_from as suspended_from,
        suspensions.known_to as suspended_to
    from observations
    inner join suspensions
        on
            observations.identifier_type = suspensions.identifier_type
            and observations.identifier_value = suspensions.identifier_value
    where
        observations.reason is null
        and coalesce(suspensions.record_key, observations.record_key) = observations.record_key
        and (suspensions.known_to is null or observations.known_from < suspensions.known_to)
        and (observations.known_to is null or suspensions.known_from < observations.known_to)
),

instants as (
    select observation_key, greatest(known_from, suspended_from) as instant from suspended
    union
    select observation_key, known_from as instant from suspended
    union
    select observation_key, suspended_to as instant from suspended
    where suspended_to is not null and (known_to is null or suspended_to < known_to)
),

pieces as (
    select
        observation_key,
        instant as piece_from,
        lead(instant) over (partition by observation_key order by instant asc nulls last) as piece_to
    from instants
),

cut as (
    select
        suspended.record_key, suspended.identifier_type, suspended.identifier_value, suspended.label,
        min(case
            when
                suspended.suspended_from <= pieces.piece_from
                and (suspended.suspended_to is null or pieces.piece_from < suspended.suspended_to)
                then suspended.suspension
        end) as reason,
        pieces.piece_from as known_from,
        coalesce(pieces.piece_to, max(suspended.known_to)) as known_to
    from pieces
    inner join suspended on pieces.observation_key = suspended.observation_key
    group by
        suspended.record_key, suspended.identifier_type, suspended.identifier_value, suspended.label,
        pieces.observation_key, pieces.piece_from, pieces.piece_to
),

judged as (
    select * from cut
    union all
    select
        observations.record_key, observations.identifier_type, observations.identifier_value, observations.label,
        observations.reason, observations.known_from, observations.known_to
    from observations
    left join suspended on observations.observation_key = suspended.observation_key
    where suspended.observation_key is null
)

select
    judged.record_key,
    identifier_types.identity_scope as entity,
    judged.identifier_type,
    {{ identifier_key("judged") }} as identifier_key,
    {{ identity_token("judged.identifier_type", "judged.identifier_value") }} as identifier_value,
    judged.label,
    identifier_types.strength,
    identifier_types.sharing,
    coalesce(judged.reason, case when identifier_types.is_enabled then 'ok' else 'disabled' end) as status,
    judged.known_from,
    judged.known_to
from judged
inner join identifier_types on judged.identifier_type = identifier_types.identifier_type
