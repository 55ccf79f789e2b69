-- Who is credited with SQLs, opportunities, wins and cash: the sales person who held the lead or the
-- opportunity, and, apart from that, the last SDR before. Per side every event is credited once.
with intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

watched as (select * from {{ ref('watched_stage') }} where watch = 'sql' and {{ in_force_now() }}),

opportunities as (select * from {{ ref('int_crm__opportunities') }} where not is_deleted),

receipts as (select * from {{ ref('int_cash__receipts') }}),

rates as (select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

first_sqls as (
    select intervals.lead_key, intervals.passage_number, min(intervals.entered_at) as happened_at
    from intervals
    inner join watched on intervals.stage = watched.stage
    group by intervals.lead_key, intervals.passage_number
),

events as (
    select
        'sql' as event_kind, {{ surrogate_key(["lead_key", "passage_number"]) }} as event_key, lead_key,
        cast(null as {{ dbt.type_string() }}) as source_system,
        cast(null as {{ dbt.type_string() }}) as sales_user_id, happened_at, cast(null as bigint) as amount_minor
    from first_sqls
    union all
    select
        'opportunity' as event_kind, opportunity_key as event_key, lead_key, source_system,
        owner_id as sales_user_id, created_at as happened_at, cast(null as bigint) as amount_minor
    from opportunities
    union all
    select
        'won' as event_kind, opportunities.opportunity_key as event_key, opportunities.lead_key,
        opportunities.source_system, opportunities.owner_id as sales_user_id,
        coalesce(opportunities.closed_at, opportunities.known_at) as happened_at,
        {{ converted_minor("opportunities.amount", "opportunities.currency", "rates.rate") }} as amount_minor
    from opportunities
    left join rates
        on
            upper(opportunities.currency) = rates.from_currency
            and {{ in_force('rates', business_date('coalesce(opportunities.closed_at, opportunities.known_at)')) }}
    where opportunities.is_won
    union all
    select
        'cash' as event_kind, receipts.payment_key as event_key, opportunities.lead_key,
        opportunities.source_system, opportunities.owner_id as sales_user_id, receipts.received_at as happened_at,
        receipts.amount_minor
    from receipts
    inner join opportunities on receipts.opportunity_key = opportunities.opportunity_key
),

holders as (
    select
        events.event_kind,
        events.event_key,
        max_by(owner_periods.owner_user_id, owner_periods.valid_from)
        filter (where owner_periods.owner_side = 'sdr') as sdr_user_id,
        max_by(owner_periods.owner_user_id, owner_periods.valid_from)
        filter (where owner_periods.owner_side = 'sales') as sales_user_id
    from events
    inner join owner_periods
        on events.lead_key = owner_periods.lead_key and events.happened_at >= owner_periods.valid_from
    group by events.event_kind, events.event_key
),

credited as (
    select
        events.*, coalesce(events.source_system, leads.source_system) as user_source_system, holders.sdr_user_id,
        coalesce(events.sales_user_id, holders.sales_user_id) as credited_sales_user_id
    from events
    left join holders on events.event_kind = holders.event_kind and events.event_key = holders.event_key
    left join leads on events.lead_key = leads.lead_key
)

select
    event_kind, event_key, lead_key, user_source_system as source_system, 'sdr' as side,
    sdr_user_id as user_id, happened_at, amount_minor
from credited
where sdr_user_id is not null
union all
select
    event_kind, event_key, lead_key, user_source_system as source_system, 'sales' as side,
    credited_sales_user_id as user_id, happened_at, amount_minor
from credited
where credited_sales_user_id is not null
