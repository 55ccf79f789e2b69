-- Edges, as known now, of persons whose records tell two companies or two names: one of the edges may
-- be all that holds strangers together.
with memberships as (select * from {{ ref('int_identity__memberships') }} where valid_to is null),

edges as (select * from {{ ref('int_identity__edges') }} where entity = 'person' and known_to is null),

refusals as (
    select distinct record_key, node_key from {{ ref('int_identity__replayed') }}
    where row_kind = 'refusal' and known_to is null
),

names as (select * from {{ ref('int_identity__name_labels') }} where name_kind = 'full'),

told as (
    select
        edges.record_key,
        edges.node_key,
        edges.label,
        names.name_token,
        persons.entity_key as person_key,
        accounts.entity_key as account_key
    from edges
    inner join memberships as persons on edges.record_key = persons.record_key and persons.entity = 'person'
    left join memberships as accounts on edges.record_key = accounts.record_key and accounts.entity = 'account'
    left join names on edges.label = names.name_ref
    left join refusals on edges.record_key = refusals.record_key and edges.node_key = refusals.node_key
    where refusals.record_key is null
),

doubtful as (
    select person_key
    from told
    group by person_key
    having count(distinct account_key) > 1 or count(distinct name_token) > 1
)

select
    told.person_key,
    told.record_key,
    told.node_key,
    told.label,
    told.account_key
from told
inner join doubtful on told.person_key = doubtful.person_key
