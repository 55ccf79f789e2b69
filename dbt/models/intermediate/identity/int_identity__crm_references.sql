-- Records that name a CRM lead or contact, with the CRM it is in. A call centre or a mailing tool does
-- not say which CRM it means: then an id that exists in one CRM only is meant.
with versions as (select * from {{ ref('int_identity__record_versions') }}),

-- The one CRM that has an id, until a second one has it too.
owners as (
    select
        record_type,
        record_id,
        source_system as crm_system,
        min(known_from) as owned_from,
        lead(min(known_from)) over (
            partition by record_type, record_id order by min(known_from) asc nulls last, source_system asc nulls last
        ) as owned_to,
        row_number() over (
            partition by record_type, record_id order by min(known_from) asc nulls last, source_system asc nulls last
        ) as place
    from versions
    where record_type in ('crm_lead', 'crm_contact')
    group by record_type, record_id, source_system
),

named as (
    select record_key, record_type, crm_system, crm_lead_id as crm_id, 'crm_lead' as object_type, known_from, known_to
    from versions where crm_lead_id is not null
    union all
    select
        record_key, record_type, crm_system, crm_contact_id as crm_id, 'crm_contact' as object_type,
        known_from, known_to
    from versions where crm_contact_id is not null
),

resolved as (
    select
        named.record_key,
        named.record_type,
        named.object_type,
        concat(coalesce(named.crm_system, owners.crm_system), ':', named.crm_id) as crm_reference,
        coalesce(named.crm_system, owners.crm_system) as crm_system,
        greatest(named.known_from, owners.owned_from) as known_from,
        least(named.known_to, owners.owned_to) as known_to
    from named
    left join owners
        on
            case when named.crm_system is null then named.crm_id end = owners.record_id
            and named.object_type = owners.record_type
            and owners.place = 1
),

-- A lead that nothing refers to needs no identifier of its own.
referred as (
    select distinct object_type, crm_reference from resolved
    where record_type <> object_type and crm_system is not null
)

select
    resolved.record_key,
    concat(resolved.object_type, '_id') as identifier_type,
    resolved.crm_reference as identifier_value,
    resolved.known_from,
    resolved.known_to
from resolved
inner join referred
    on resolved.object_type = referred.object_type and resolved.crm_reference = referred.crm_reference
where resolved.known_to is null or resolved.known_from < resolved.known_to
