-- The company each record names, period by period: its legal key, a short name read as the legal name
-- it stands for, or the short name itself while no legal name fits.
with versions as (select * from {{ ref('int_identity__record_versions') }} where company_name is not null),

companies as (select * from {{ ref('int_identifiers__company_names') }} where company_legal_key is not null),

short_names as (select * from {{ ref('int_identity__short_names') }}),

written as (
    select
        versions.record_key,
        versions.known_from,
        versions.known_to,
        companies.company_legal_key as written_key,
        companies.is_short,
        case when companies.is_short then short_names.company_legal_key end as meant_key,
        case when companies.is_short then short_names.stands_from end as stands_from,
        case when companies.is_short then short_names.ambiguous_from end as ambiguous_from
    from versions
    inner join companies on versions.company_name = companies.raw_company_name
    left join short_names on companies.company_legal_key = short_names.short_key
),

readings as (
    select
        record_key, known_from, least(known_to, stands_from) as known_to,
        written_key as company_legal_key, is_short, cast(null as {{ dbt.type_string() }}) as reason
    from written
    union all
    select
        record_key, greatest(known_from, stands_from) as known_from, least(known_to, ambiguous_from) as known_to,
        meant_key as company_legal_key, false as is_short, cast(null as {{ dbt.type_string() }}) as reason
    from written
    where stands_from is not null
    union all
    select
        record_key, greatest(known_from, ambiguous_from) as known_from, known_to,
        written_key as company_legal_key, is_short, 'ambiguous_short_name' as reason
    from written
    where ambiguous_from is not null
)

select *
from readings
where known_to is null or known_from < known_to
