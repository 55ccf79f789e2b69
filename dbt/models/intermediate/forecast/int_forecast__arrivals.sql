-- What is forecast, as dated amounts: an enquiry reaching a stage is 1, so is a deal won, a receipt is
-- its cents. Deals without a lead have no enquiry.
with targets as (select * from {{ ref('forecast_target') }} where {{ in_force_now() }}),

entries as (select * from {{ ref('int_funnel__stage_entries') }}),

wins as (select * from {{ ref('int_funnel__wins') }}),

receipts as (select * from {{ ref('int_cash__receipts') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

presence as (select * from {{ ref('int_attribution__computable') }})

select
    targets.target, targets.horizon_days,
    entries.enquiry_lead_key, entries.reached_at as happened_at, cast(1 as bigint) as amount
from targets
inner join entries on targets.reached_stage = entries.stage
where targets.reached_stage <> 'account'
union all
select
    targets.target, targets.horizon_days,
    wins.enquiry_lead_key, wins.won_at as happened_at, cast(1 as bigint) as amount
from targets
cross join presence
cross join wins
where targets.reached_stage = 'account' and presence.has_wins
union all
select
    targets.target, targets.horizon_days,
    conversions.survivor_lead_key as enquiry_lead_key, receipts.received_at as happened_at,
    receipts.amount_minor as amount
from targets
cross join presence
cross join receipts
left join conversions on receipts.conversion_key = conversions.conversion_key
where targets.is_cash and presence.has_cash
