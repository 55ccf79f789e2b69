-- What managers ask about MQLs (M01, M03), one row per enquiry that became one: what was known of its
-- quality at that instant, who worked it, how fast, and whether it became an SQL in time. The enquiry's
-- MQL is that of its first lead to become one.
with enquiries as (select * from {{ ref('int_funnel__enquiries') }} where reached_mql_at is not null),

leads as (select lead_key, reached_mql_at from {{ ref('int_funnel__reached') }}),

outcomes as (select lead_key, survivor_lead_key, cleaning_outcome from {{ ref('int_leads__outcomes') }}),

steps as (
    select * from {{ ref('funnel_step') }} where from_stage = 'mql' and to_stage = 'sql' and {{ in_force_now() }}
),

quality as (select * from {{ ref('int_questions__lead_quality') }}),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }} where owner_side = 'sdr'),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

mqls as (
    select
        enquiries.enquiry_lead_key,
        min(leads.lead_key) as lead_key,
        max(enquiries.person_key) as person_key,
        max(enquiries.reached_mql_at) as mql_at,
        max(enquiries.reached_sql_at) as sql_at,
        max(steps.horizon_days) as horizon_days
    from enquiries
    cross join steps
    inner join outcomes
        on enquiries.enquiry_lead_key = outcomes.survivor_lead_key and outcomes.cleaning_outcome <> 'exclude'
    inner join leads on outcomes.lead_key = leads.lead_key and enquiries.reached_mql_at = leads.reached_mql_at
    group by enquiries.enquiry_lead_key
),

-- The SDR of the instant, else the next one within the horizon.
sdrs as (
    select mqls.enquiry_lead_key, min_by(owner_periods.owner_user_id, owner_periods.valid_from) as user_id
    from mqls
    inner join owner_periods
        on
            mqls.lead_key = owner_periods.lead_key
            and mqls.mql_at < coalesce(owner_periods.valid_to, timestamp '9999-12-31 00:00:00')
            and mqls.mql_at + mqls.horizon_days * interval '1' day >= owner_periods.valid_from
    group by mqls.enquiry_lead_key
)

select
    mqls.enquiry_lead_key,
    mqls.lead_key,
    mqls.person_key,
    mqls.mql_at,
    {{ business_month("mqls.mql_at") }} as mql_month,
    cast(mqls.horizon_days as integer) as horizon_days,
    mqls.mql_at + mqls.horizon_days * interval '1' day <= as_of.as_of as is_mature,
    coalesce(mqls.sql_at <= mqls.mql_at + mqls.horizon_days * interval '1' day, false) as has_converted,
    quality.total_points,
    quality.score_band,
    quality.channel_family,
    quality.fit,
    {{ surrogate_key(["quality.score_band", "quality.channel_family", "quality.fit"]) }} as cell_key,
    sdrs.user_id
from mqls
inner join quality on mqls.lead_key = quality.lead_key
cross join as_of
left join sdrs on mqls.enquiry_lead_key = sdrs.enquiry_lead_key
