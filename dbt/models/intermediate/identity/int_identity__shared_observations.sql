-- Evidence on values that more than one name, or more than one company, uses: the cases for a verdict.
with evidence as (select * from {{ ref('int_identity__evidence') }} where status = 'ok'),

names as (select * from {{ ref('int_identity__name_labels') }}),

labelled as (
    select
        evidence.*,
        case
            when evidence.sharing = 'name' then coalesce(names.name_token, names.family_token)
            else evidence.label
        end as labelled_as
    from evidence
    left join names on case when evidence.sharing = 'name' then evidence.label end = names.name_ref
    where evidence.sharing <> 'exact'
),

shared as (
    select identifier_key
    from labelled
    group by identifier_key
    having count(distinct labelled_as) > 1
)

select
    labelled.identifier_key,
    labelled.identifier_type,
    labelled.sharing,
    labelled.record_key,
    labelled.label,
    labelled.known_from,
    labelled.known_to
from labelled
inner join shared on labelled.identifier_key = shared.identifier_key
