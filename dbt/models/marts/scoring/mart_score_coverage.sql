with leads as (select * from {{ ref('dim_lead') }}),

scores as (select * from {{ ref('fct_lead_score') }} where valid_to is null),

seen as (select distinct lead_key from {{ ref('int_scoring__lead_visitors') }}),

attributes as (
    select
        lead_key,
        count(*) filter (where field_name = 'title' and field_value is null) as n_without_title,
        count(*) filter (where field_name = 'industry' and field_value is null) as n_without_industry,
        count(*) filter (where field_name = 'employee_count' and field_value is null) as n_without_size
    from {{ ref('int_crm__lead_field_periods') }}
    where valid_to is null
    group by lead_key
),

judged as (
    select
        case
            when scores.lead_key is null then 'no_score'
            when scores.total_points is null then 'behaviour_not_computable'
            when seen.lead_key is null then 'scored_never_seen_on_the_web'
            else 'scored'
        end as coverage_status,
        attributes.n_without_title,
        attributes.n_without_industry,
        attributes.n_without_size
    from leads
    left join scores on leads.lead_key = scores.lead_key
    left join seen on leads.lead_key = seen.lead_key
    left join attributes on leads.lead_key = attributes.lead_key
)

select
    coverage_status,
    cast(count(*) as integer) as n_leads,
    count(*) * 1.0e0 / sum(count(*)) over () as share_of_leads,
    cast(coalesce(sum(n_without_title), 0) as integer) as n_without_title,
    cast(coalesce(sum(n_without_industry), 0) as integer) as n_without_industry,
    cast(coalesce(sum(n_without_size), 0) as integer) as n_without_size
from judged
group by coverage_status
