-- Whose work the first contact before a deal was, and who had a part in it. The first contact is a touch
-- of the buyer or somebody's act of ours, whichever came first; a mailing is nobody's. What the deal's
-- route says comes first: who registered it before it existed brought it.
with windows as (select * from {{ ref('int_attribution__windows') }} where outcome = 'converted'),

journeys as (select * from {{ ref('int_attribution__journeys') }} where touched_at is not null),

channels as (select * from {{ ref('channel') }} where {{ in_force_now() }}),

families as (select * from {{ ref('origin_channel_family') }} where {{ in_force_now() }}),

deal_routes as (select * from {{ ref('int_cash__deal_routes') }}),

routes as (select * from {{ ref('deal_route') }} where {{ in_force_now() }}),

party_records as (select * from {{ ref('int_attribution__party_records') }}),

acts as (
    select * from {{ ref('int_touchpoints__unified') }} where direction = 'outbound' and is_human_act
),

touches as (
    select
        windows.conversion_key, journeys.touch_position, journeys.touched_at, journeys.channel,
        coalesce(families.origin, 'unknown') as origin
    from windows
    inner join journeys on windows.journey_number = journeys.journey_number
    left join channels on journeys.channel = channels.channel
    left join families on channels.channel_family = families.channel_family
),

first_acts as (
    select party_records.journey_key, min(acts.occurred_at) as first_act_at
    from party_records
    inner join acts
        on
            party_records.record_key = acts.record_key
            and party_records.counts_after < acts.occurred_at
            and party_records.began_at >= acts.occurred_at
    group by party_records.journey_key
),

parts as (
    select
        conversion_key,
        count(*) as n_touches,
        count(*) filter (where origin = 'marketing') as n_marketing_touches,
        count(*) filter (where origin = 'partner') as n_partner_touches
    from touches
    group by conversion_key
)

select
    windows.conversion_key,
    windows.began_at as deal_began_at,
    case
        when routes.origin is not null then routes.origin
        when first_acts.first_act_at < coalesce(openings.touched_at, timestamp '9999-12-31 00:00:00') then 'sales'
        else coalesce(openings.origin, 'unknown')
    end as origin,
    openings.channel as first_channel,
    openings.touched_at as first_touched_at,
    first_acts.first_act_at,
    coalesce(parts.n_touches, 0) as n_touches,
    coalesce(parts.n_marketing_touches, 0) as n_marketing_touches,
    coalesce(parts.n_partner_touches, 0) as n_partner_touches,
    deal_routes.deal_route is not null or coalesce(parts.n_partner_touches, 0) > 0 as has_partner
from windows
left join touches as openings
    on
        windows.conversion_key = openings.conversion_key
        and openings.touch_position = 1
        and windows.began_at >= openings.touched_at
left join first_acts on windows.journey_key = first_acts.journey_key
left join parts on windows.conversion_key = parts.conversion_key
left join deal_routes on windows.opportunity_key = deal_routes.opportunity_key
left join routes on deal_routes.deal_route = routes.deal_route
