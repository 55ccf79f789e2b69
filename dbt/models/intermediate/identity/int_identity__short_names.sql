-- A company's short name (no legal form, 简称) stands for a legal name when exactly one that begins
-- with it, with or without its region, is known. From the second candidate on it stands for none.
with companies as (select * from {{ ref('int_identifiers__company_names') }}),

versions as (select * from {{ ref('int_identity__record_versions') }}),

known as (
    select
        companies.company_legal_key,
        companies.company_brand_key,
        companies.is_short,
        min(versions.known_from) as known_from
    from companies
    inner join versions on companies.raw_company_name = versions.company_name
    where companies.company_legal_key is not null
    group by companies.company_legal_key, companies.company_brand_key, companies.is_short
),

short_names as (
    select distinct company_legal_key as short_key from known
    where is_short and length(company_legal_key) >= {{ policy('identity', 'short_name_min_length') }}
),

legal_names as (
    select company_legal_key, company_legal_key as written, known_from from known where not is_short
    union
    select company_legal_key, company_brand_key as written, known_from from known
    where not is_short and company_brand_key is not null
),

positions as ({{ series(
    1, "(select coalesce(max(length(short_key)), 0) from short_names)", "n_letters"
) }}),

candidates as (
    select distinct short_names.short_key, legal_names.company_legal_key, legal_names.known_from
    from legal_names
    inner join positions on positions.n_letters <= length(legal_names.written)
    inner join short_names on substring(legal_names.written, 1, positions.n_letters) = short_names.short_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by short_key order by known_from asc nulls last, company_legal_key asc nulls last
        ) as candidate_number,
        lead(known_from) over (
            partition by short_key order by known_from asc nulls last, company_legal_key asc nulls last
        ) as ambiguous_from
    from candidates
)

select
    short_key,
    company_legal_key,
    known_from as stands_from,
    ambiguous_from
from ranked
where candidate_number = 1
