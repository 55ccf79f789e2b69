-- What was known of a lead's quality when it first became an MQL: score, channel, industry. Nothing that
-- anybody learned by calling it.
with reached as (select * from {{ ref('int_funnel__reached') }} where reached_mql_at is not null),

leads as (select * from {{ ref('int_leads__leads') }}),

scores as (select * from {{ ref('int_scoring__intervals') }}),

bands as (select * from {{ ref('int_scoring__bands') }}),

fields as (select * from {{ ref('int_crm__lead_field_periods') }} where field_name = 'industry'),

industries as (select * from {{ ref('target_industry') }} where {{ in_force_now() }}),

channels as (select * from {{ ref('channel') }} where {{ in_force_now() }}),

scored as (
    select reached.lead_key, reached.reached_mql_at, max(scores.total_points) as total_points
    from reached
    left join scores
        on
            reached.lead_key = scores.lead_key
            and reached.reached_mql_at >= scores.valid_from
            and reached.reached_mql_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
    group by reached.lead_key, reached.reached_mql_at
),

-- Of several periods at one instant the last change.
industry_held as (
    select reached.lead_key, max_by(fields.field_value, fields.change_number) as industry
    from reached
    inner join fields
        on
            reached.lead_key = fields.lead_key
            and reached.reached_mql_at >= fields.valid_from
            and reached.reached_mql_at < coalesce(fields.valid_to, timestamp '9999-12-31 00:00:00')
    group by reached.lead_key
)

select
    scored.lead_key,
    cast(scored.total_points as integer) as total_points,
    bands.band as score_band,
    coalesce(channels.channel_family, 'unknown') as channel_family,
    case
        when industries.industry is not null then 'target'
        when industry_held.industry is not null then 'other'
        else 'unknown'
    end as fit
from scored
inner join leads on scored.lead_key = leads.lead_key
left join bands
    on
        scored.total_points >= bands.min_points
        and scored.total_points <= bands.max_points
        and scored.reached_mql_at >= bands.valid_from
        and scored.reached_mql_at < coalesce(bands.valid_to, timestamp '9999-12-31 00:00:00')
left join channels on leads.channel = channels.channel
left join industry_held on scored.lead_key = industry_held.lead_key
left join industries on industry_held.industry = industries.industry
