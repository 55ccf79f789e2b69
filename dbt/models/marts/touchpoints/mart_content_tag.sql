-- How many MQLs and SQLs had met content of a tag before: assisted, not caused.
with tags as (select * from {{ ref('int_touchpoints__content_tags') }}),

interactions as (select * from {{ ref('fct_content_interaction') }}),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

-- When a person first met each tag.
met as (
    select tags.tag, interactions.person_key, min(interactions.occurred_at) as first_met_at, count(*) as n_interactions
    from tags
    inner join interactions on tags.asset_id = interactions.asset_id
    group by tags.tag, interactions.person_key
),

assets as (select tag, count(*) as n_assets from tags group by tag),

totals as (
    select count(reached_mql_at) as n_mqls, count(reached_sql_at) as n_sqls from enquiries
),

assisted as (
    select
        met.tag,
        count(case when met.first_met_at <= enquiries.reached_mql_at then 1 end) as n_assisted_mqls,
        count(case when met.first_met_at <= enquiries.reached_sql_at then 1 end) as n_assisted_sqls
    from met
    inner join enquiries on met.person_key = enquiries.person_key
    group by met.tag
),

used as (
    select tag, sum(n_interactions) as n_interactions, count(person_key) as n_persons
    from met
    group by tag
)

select
    assets.tag,
    assets.n_assets,
    cast(coalesce(used.n_interactions, 0) as bigint) as n_interactions,
    coalesce(used.n_persons, 0) as n_persons,
    coalesce(assisted.n_assisted_mqls, 0) as n_assisted_mqls,
    coalesce(assisted.n_assisted_sqls, 0) as n_assisted_sqls,
    totals.n_mqls,
    totals.n_sqls,
    {{ ratio("coalesce(assisted.n_assisted_mqls, 0)", "totals.n_mqls") }} as assisted_mql_share,
    {{ wilson_bound("coalesce(assisted.n_assisted_mqls, 0)", "totals.n_mqls", "low") }} as assisted_mql_share_low,
    {{ wilson_bound("coalesce(assisted.n_assisted_mqls, 0)", "totals.n_mqls", "high") }} as assisted_mql_share_high,
    {{ ratio("coalesce(assisted.n_assisted_sqls, 0)", "totals.n_sqls") }} as assisted_sql_share,
    {{ wilson_bound("coalesce(assisted.n_assisted_sqls, 0)", "totals.n_sqls", "low") }} as assisted_sql_share_low,
    {{ wilson_bound("coalesce(assisted.n_assisted_sqls, 0)", "totals.n_sqls", "high") }} as assisted_sql_share_high
from assets
cross join totals
left join used on assets.tag = used.tag
left join assisted on assets.tag = assisted.tag
