-- From the bought word to the cash. What no keyword brought is one row, so that cash adds up.
with keywords as (select * from {{ ref('int_keywords__keywords') }}),

evidence as (select * from {{ ref('int_keywords__evidence') }}),

matches as (select * from {{ ref('int_keywords__matches') }}),

outcomes as (select * from {{ ref('int_keywords__outcomes') }}),

costs as (select * from {{ ref('fct_cost') }} where platform is not null),

presence as (
    select
        coalesce(max(extract_table) filter (where extract_table = 'web_events') is not null, false) as has_visits,
        coalesce(max(extract_table) filter (where extract_table = 'web_form_submissions') is not null, false)
            as has_forms,
        coalesce(max(extract_table) filter (where extract_table = 'crm_opportunities') is not null, false) as has_deals,
        coalesce(max(extract_table) filter (where extract_table = 'payments') is not null, false) as has_cash
    from {{ ref('int_quality__extract_presence') }}
    where is_present
),

touched as (
    select
        matches.keyword_key,
        count(case when evidence.object_kind = 'visit' then 1 end) as n_visits,
        count(case when evidence.object_kind = 'form' then 1 end) as n_forms
    from evidence
    inner join matches on evidence.evidence_key = matches.evidence_key
    group by matches.keyword_key
),

spent as (
    select
        {{ surrogate_key(["source_system", "platform", "campaign_id", "keyword_id"]) }} as keyword_key,
        sum(amount_minor) as cost_minor
    from costs
    group by source_system, platform, campaign_id, keyword_id
),

listed as (
    select keyword_key from keywords
    union
    select '(none)' as keyword_key
)

select
    listed.keyword_key,
    keywords.source_system,
    keywords.ad_platform,
    keywords.platform,
    keywords.campaign_id,
    keywords.keyword_id,
    keywords.keyword_text,
    cast(keywords.n_impressions as bigint) as n_impressions,
    cast(keywords.n_clicks as bigint) as n_clicks,
    case when presence.has_visits then coalesce(touched.n_visits, 0) end as n_visits,
    case when presence.has_forms then coalesce(touched.n_forms, 0) end as n_forms,
    cast(coalesce(outcomes.n_leads, 0) as bigint) as n_leads,
    cast(coalesce(outcomes.n_net_leads, 0) as bigint) as n_net_leads,
    cast(coalesce(outcomes.n_mqls, 0) as bigint) as n_mqls,
    cast(coalesce(outcomes.n_sqls, 0) as bigint) as n_sqls,
    case when presence.has_deals then cast(coalesce(outcomes.n_opportunities, 0) as bigint) end as n_opportunities,
    case when presence.has_deals then cast(coalesce(outcomes.n_wins, 0) as bigint) end as n_wins,
    '{{ var("reporting_currency") }}' as currency,
    cast(coalesce(spent.cost_minor, 0) as bigint) as cost_minor,
    case when presence.has_cash then cast(coalesce(outcomes.cash_minor, 0) as bigint) end as cash_minor,
    {{ ratio("spent.cost_minor", "outcomes.n_leads") }} as cost_per_lead_minor
from listed
cross join presence
left join keywords on listed.keyword_key = keywords.keyword_key
left join touched on listed.keyword_key = touched.keyword_key
left join outcomes on listed.keyword_key = outcomes.keyword_key
left join spent on listed.keyword_key = spent.keyword_key
