-- The company each record names, period by period: its legal key, or what an incomplete name stands
-- for; the name itself as long as it fits nothing. A placeholder (无, 1) names nobody.
with versions as (select * from {{ ref('int_identity__record_versions') }} where company_name is not null),

companies as (select * from {{ ref('int_identifiers__company_names') }} where company_legal_key is not null),

readings as (select * from {{ ref('int_identity__company_readings') }} where reads_to is null or reads_from < reads_to),

blocked as (select * from {{ ref('int_identity__blocked_companies') }}),

written as (
    select
        versions.record_key,
        versions.known_from,
        versions.known_to,
        companies.company_legal_key as written_key,
        companies.is_short,
        case when blocked.company_legal_key is not null then 'blocked' end as reason
    from versions
    inner join companies on versions.company_name = companies.raw_company_name
    left join blocked on companies.company_legal_key = blocked.company_legal_key
),

first_readings as (select written_key, min(reads_from) as read_from from readings group by written_key),

periods as (
    select
        written.record_key, written.known_from, least(written.known_to, first_readings.read_from) as known_to,
        written.written_key as company_legal_key, written.is_short, written.reason
    from written
    left join first_readings on written.written_key = first_readings.written_key
    union all
    select
        written.record_key, greatest(written.known_from, readings.reads_from) as known_from,
        least(written.known_to, readings.reads_to) as known_to,
        readings.company_legal_key, written.is_short and readings.reason is not null as is_short,
        coalesce(written.reason, readings.reason) as reason
    from written
    inner join readings on written.written_key = readings.written_key
)

select *
from periods
where known_to is null or known_from < known_to
