-- What an incomplete company name stands for, period by period: for the one company it fits, for its
-- full name once a record writes it with a region, and for nobody from the second company on.
with matches as (select * from {{ ref('int_identity__company_matches') }}),

-- A name that fits without the region fits every full name of that company.
companies as (
    select
        written_key,
        brand_and_form,
        max(case when is_by_brand then 1 else 0 end) as is_by_brand,
        min(known_from) as known_from
    from matches
    group by written_key, brand_and_form
),

ranked_companies as (
    select
        *,
        row_number() over (
            partition by written_key order by known_from asc nulls last, brand_and_form asc nulls last
        ) as place,
        lead(known_from) over (
            partition by written_key order by known_from asc nulls last, brand_and_form asc nulls last
        ) as second_from
    from companies
),

full_names as (
    select
        matches.written_key,
        matches.company_legal_key,
        matches.known_from,
        matches.has_region,
        ranked_companies.second_from,
        row_number() over (
            partition by matches.written_key, matches.has_region
            order by matches.known_from asc nulls last, matches.company_legal_key asc nulls last
        ) as place
    from matches
    inner join ranked_companies
        on
            matches.written_key = ranked_companies.written_key
            and matches.brand_and_form = ranked_companies.brand_and_form
    where
        ranked_companies.place = 1
        and (matches.is_by_brand or ranked_companies.is_by_brand = 0)
),

windows as (
    select
        written_key,
        max(case when not has_region then company_legal_key end) as plain_key,
        min(case when not has_region then known_from end) as plain_from,
        max(case when has_region and place = 1 then company_legal_key end) as regional_key,
        min(case when has_region and place = 1 then known_from end) as regional_from,
        least(min(second_from), min(case when has_region and place = 2 then known_from end)) as ambiguous_from
    from full_names
    group by written_key
)

select
    written_key, plain_key as company_legal_key, plain_from as reads_from,
    least(regional_from, ambiguous_from) as reads_to, cast(null as {{ dbt.type_string() }}) as reason
from windows
where plain_key is not null
union all
select
    written_key, regional_key as company_legal_key, regional_from as reads_from, ambiguous_from as reads_to,
    cast(null as {{ dbt.type_string() }}) as reason
from windows
where regional_key is not null
union all
select
    written_key, written_key as company_legal_key, ambiguous_from as reads_from,
    cast(null as timestamp) as reads_to, 'ambiguous_short_name' as reason
from windows
where ambiguous_from is not null
