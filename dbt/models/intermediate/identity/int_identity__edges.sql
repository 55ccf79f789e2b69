-- Bipartite edges record -- node of the identity graph with the periods in which they held. A node is
-- an identifier, or an identifier in the hands of one of the names that share it.
with evidence as (select * from {{ ref('int_identity__evidence') }} where status = 'ok'),

verdicts as (select * from {{ ref('int_identity__shared_identifiers') }}),

shared as (select distinct identifier_key from verdicts),

exclusive as (
    select
        evidence.record_key, evidence.entity, evidence.identifier_type, evidence.identifier_key, evidence.strength,
        evidence.label, cast(null as {{ dbt.type_string() }}) as name_group, evidence.known_from, evidence.known_to
    from evidence
    left join shared on evidence.identifier_key = shared.identifier_key
    where shared.identifier_key is null
),

-- A record may have used the value under two names: the name of the edge is the one of the period.
granted as (
    select
        evidence.record_key, evidence.entity, evidence.identifier_type, evidence.identifier_key, evidence.strength,
        evidence.label, verdicts.name_group,
        greatest(evidence.known_from, verdicts.known_from) as known_from,
        least(evidence.known_to, verdicts.known_to) as known_to
    from evidence
    inner join verdicts
        on
            evidence.identifier_key = verdicts.identifier_key
            and evidence.record_key = verdicts.record_key
    where
        verdicts.status = 'ok'
        and coalesce(evidence.label, '') = coalesce(verdicts.label, '')
        and (verdicts.known_to is null or evidence.known_from < verdicts.known_to)
        and (evidence.known_to is null or verdicts.known_from < evidence.known_to)
),

edges as (
    select * from exclusive
    union all
    select * from granted
)

select
    entity,
    record_key,
    {{ surrogate_key(["entity", "record_key"]) }} as record_node,
    {{ surrogate_key(["identifier_key", "name_group"]) }} as node_key,
    identifier_type,
    identifier_key,
    name_group,
    strength,
    label,
    known_from,
    known_to
from edges
