-- Legal names that an incomplete name (a short name, or a legal name without its region) may mean:
-- those that begin with it, with or without their region. Names of branches are nobody's short name.
with companies as (select * from {{ ref('int_identifiers__company_names') }} where company_legal_key is not null),

versions as (select * from {{ ref('int_identity__record_versions') }}),

known as (
    select
        companies.company_legal_key,
        min(companies.company_brand_key) as brand,
        min(companies.company_core_key) as core,
        concat(min(companies.company_brand_key), '|', coalesce(min(companies.company_form), '')) as brand_and_form,
        min(concat(companies.company_brand_key, coalesce(companies.company_form, '')))
        <> companies.company_legal_key as has_region,
        min(case when companies.is_short then 1 else 0 end) = 1 as is_short,
        max(case when companies.is_branch then 1 else 0 end) = 1 as is_branch,
        min(versions.known_from) as known_from
    from companies
    inner join versions on companies.raw_company_name = versions.company_name
    group by companies.company_legal_key
),

legal_names as (select * from known where not is_short and not is_branch),

short_names as (
    select * from known
    where is_short and not is_branch and length(core) >= {{ policy('identity', 'short_name_min_length') }}
),

positions as ({{ series(1, "(select coalesce(max(length(core)), 0) from short_names)", "n_letters") }}),

beginnings as (
    select legal_names.*, substring(legal_names.brand, 1, positions.n_letters) as beginning, true as is_by_brand
    from legal_names
    inner join positions on positions.n_letters <= length(legal_names.brand)
    union all
    select
        legal_names.*, substring(legal_names.company_legal_key, 1, positions.n_letters) as beginning,
        false as is_by_brand
    from legal_names
    inner join positions on positions.n_letters <= length(legal_names.company_legal_key)
    where legal_names.has_region
)

select
    short_names.company_legal_key as written_key, beginnings.brand_and_form, beginnings.company_legal_key,
    beginnings.has_region, beginnings.known_from,
    max(case when beginnings.is_by_brand then 1 else 0 end) = 1 as is_by_brand
from short_names
inner join beginnings on short_names.core = beginnings.beginning
group by
    short_names.company_legal_key, beginnings.brand_and_form, beginnings.company_legal_key,
    beginnings.has_region, beginnings.known_from
union all
select
    regionless.company_legal_key as written_key, legal_names.brand_and_form, legal_names.company_legal_key,
    legal_names.has_region, legal_names.known_from, true as is_by_brand
from legal_names as regionless
inner join legal_names on regionless.brand_and_form = legal_names.brand_and_form
where not regionless.has_region and legal_names.has_region
