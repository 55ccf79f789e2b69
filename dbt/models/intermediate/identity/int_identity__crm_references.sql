-- Records that name a CRM lead or contact, with the CRM it is in. A call centre or a mailing tool does
-- not say which CRM it means: then an id that exists in one CRM only is meant.
with versions as (select * from {{ ref('int_identity__record_versions') }}),

owners as (
    select record_type, record_id, min(source_system) as crm_system
    from versions
    where record_type in ('crm_lead', 'crm_contact')
    group by record_type, record_id
    having count(distinct source_system) = 1
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
        named.known_from,
        named.known_to
    from named
    left join owners on named.object_type = owners.record_type and named.crm_id = owners.record_id
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
