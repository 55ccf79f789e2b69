-- Addresses of persons on a suppression list in force. A list names an address in clear or by its MD5
-- or SHA-256; a mobile is hashed as E.164, without the plus or as the national number.
with listed as (
    {{ latest_version(
        ref('stg_compliance__suppression_lists'),
        ['_source_system', 'list', 'identifier_type', 'identifier_hash', 'valid_from']
    ) }}
),

addresses as (select * from {{ ref('int_golden__addresses') }}),

as_of as (select * from {{ ref('int_time__as_of') }}),

spellings as (
    select identifier_type, identifier_key, identifier_value as spelling from addresses
    union
    select identifier_type, identifier_key, shown_value as spelling from addresses
    union
    select identifier_type, identifier_key, substring(identifier_value, 2) as spelling from addresses
    where identifier_type = 'mobile'
    union
    select identifier_type, identifier_key, substring(identifier_value, 4) as spelling from addresses
    where identifier_type = 'mobile' and identifier_value like '+86%'
),

digests as (
    select identifier_type, identifier_key, spelling as digest from spellings
    union
    select identifier_type, identifier_key, md5(spelling) as digest from spellings
    union
    select identifier_type, identifier_key, {{ sha256_hex("spelling") }} as digest from spellings
),

in_force as (
    select
        {{ surrogate_key([
            "listed._source_system", "listed.list", "listed.identifier_type", "listed.identifier_hash",
            "listed.valid_from",
        ]) }} as listing_key,
        lower(listed.list) as list_name,
        case when lower(listed.identifier_type) = 'phone' then 'mobile' else lower(listed.identifier_type) end
            as identifier_type,
        lower(listed.identifier_hash) as digest,
        coalesce(listed.valid_from, listed.first_known_at) as listed_at
    from listed
    cross join as_of
    where
        not listed._is_deleted
        and (listed.valid_from is null or listed.valid_from <= as_of.as_of)
        and (listed.valid_to is null or as_of.as_of < listed.valid_to)
)

select distinct
    in_force.listing_key,
    in_force.list_name,
    in_force.listed_at,
    digests.identifier_type,
    digests.identifier_key
from in_force
inner join digests
    on
        in_force.identifier_type = digests.identifier_type
        and in_force.digest = digests.digest
