-- One wide row per lead for BI tools, which join badly (L16): every column is a figure of another mart.
with leads as (select * from {{ ref('dim_lead') }}),

channels as (select * from {{ ref('dim_channel') }}),

stages as (select * from {{ ref('dim_stage') }}),

passages as (select * from {{ ref('fct_lead_lifecycle') }}),

scores as (select * from {{ ref('fct_lead_score') }} where valid_to is null),

original_sources as (select * from {{ ref('fct_lead_source') }} where source_kind = 'original'),

clocks as (select * from {{ ref('fct_sla') }} where clock_start = 'created'),

conversions as (select * from {{ ref('mart_conversion_origin') }} where lead_key is not null),

lifecycles as (select * from passages where is_current_passage),

-- In whichever passage it got there first.
reached as (
    select
        lead_key,
        count(*) as n_passages,
        min(reached_mql_at) as mql_at,
        min(reached_sql_at) as sql_at,
        min(reached_opportunity_at) as opportunity_at,
        min(reached_account_at) as account_at
    from passages
    group by lead_key
),

first_contacts as (
    select
        lead_key,
        min(first_attempt_at) as first_attempt_at,
        min(first_connected_at) as first_connected_at
    from clocks
    group by lead_key
),

-- A lead may have been part of several deals; their money is in one currency.
money as (
    select
        lead_key,
        count(*) as n_conversions,
        count(*) filter (where is_won) as n_wins,
        max(currency) as currency,
        sum(cash_minor) as cash_minor
    from conversions
    group by lead_key
)

select
    leads.lead_key,
    leads.person_key,
    leads.account_key,
    leads.created_at,
    leads.created_date,
    cast(date_trunc('month', leads.created_date) as date) as created_month,
    leads.channel,
    channels.label_en as channel_en,
    channels.label_zh as channel_zh,
    channels.channel_family,
    channels.traffic_group,
    original_sources.channel as original_channel,
    leads.lead_source,
    leads.utm_campaign,
    leads.industry,
    leads.employee_count,
    leads.country,
    leads.buying_role,
    leads.owner_id,
    leads.cleaning_outcome,
    leads.is_deleted,
    lifecycles.current_stage,
    stages.label_en as current_stage_en,
    stages.label_zh as current_stage_zh,
    lifecycles.current_stage_since,
    cast(coalesce(reached.n_passages, 0) as integer) as n_passages,
    reached.mql_at,
    reached.sql_at,
    reached.opportunity_at,
    reached.account_at,
    lifecycles.close_reason,
    scores.total_points,
    scores.behaviour_points,
    scores.attribute_points,
    scores.band,
    first_contacts.first_attempt_at,
    first_contacts.first_connected_at,
    cast(coalesce(money.n_conversions, 0) as integer) as n_conversions,
    cast(coalesce(money.n_wins, 0) as integer) as n_wins,
    money.currency,
    cast(money.cash_minor as bigint) as cash_minor
from leads
left join channels on leads.channel = channels.channel
left join lifecycles on leads.lead_key = lifecycles.lead_key
left join reached on leads.lead_key = reached.lead_key
left join stages on lifecycles.current_stage = stages.stage
left join scores on leads.lead_key = scores.lead_key
left join original_sources on leads.lead_key = original_sources.lead_key
left join first_contacts on leads.lead_key = first_contacts.lead_key
left join money on leads.lead_key = money.lead_key
