-- Every journey and how it ended. A journey is a deal, or an enquiry that no deal came of. It ends with
-- the conversion, with the loss, or when it has been open for so long that none is expected; until
-- then it is open (censored), which is not the same as lost.
with conversions as (select * from {{ ref('int_attribution__conversions') }}),

opportunities as (select * from {{ ref('int_crm__opportunities') }} where not is_deleted),

accounts as (select * from {{ ref('int_customer__opportunities') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

repeats as (select * from {{ ref('int_leads__enquiries') }}),

enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

dealt_with as (
    select distinct repeats.survivor_lead_key
    from opportunities
    inner join repeats on opportunities.lead_key = repeats.lead_key
),

unconverted as (
    select
        opportunities.opportunity_key as journey_key, opportunities.opportunity_key, leads.lead_key,
        accounts.account_key, leads.created_at as lead_created_at,
        opportunities.created_at as opportunity_created_at,
        case
            when opportunities.is_closed then coalesce(opportunities.closed_at, opportunities.known_at)
        end as lost_at,
        opportunities.created_at as began_at
    from opportunities
    inner join accounts on opportunities.opportunity_key = accounts.opportunity_key
    left join conversions on opportunities.opportunity_key = conversions.conversion_key
    left join leads on opportunities.lead_key = leads.lead_key
    where conversions.conversion_key is null
    union all
    select
        {{ surrogate_key(["'enquiry'", "enquiries.enquiry_lead_key"]) }} as journey_key,
        cast(null as {{ dbt.type_string() }}) as opportunity_key, enquiries.enquiry_lead_key as lead_key,
        enquiries.account_key, leads.created_at as lead_created_at,
        cast(null as timestamp) as opportunity_created_at, cast(null as timestamp) as lost_at,
        leads.created_at as began_at
    from enquiries
    inner join leads on enquiries.enquiry_lead_key = leads.lead_key
    left join dealt_with on enquiries.enquiry_lead_key = dealt_with.survivor_lead_key
    where dealt_with.survivor_lead_key is null
),

matured as (
    select
        unconverted.*,
        as_of.as_of,
        {{ seconds_between("unconverted.began_at", "as_of.as_of") }}
        >= {{ policy('attribution', 'maturity_days') }} * 86400 as is_mature
    from unconverted
    cross join as_of
)

select
    conversion_key as journey_key, conversion_key, opportunity_key, lead_key, account_key,
    lead_created_at, opportunity_created_at, 'converted' as outcome, converted_at as ended_at
from conversions
union all
select
    journey_key, cast(null as {{ dbt.type_string() }}) as conversion_key, opportunity_key, lead_key,
    account_key, lead_created_at, opportunity_created_at,
    case when lost_at <= as_of or is_mature then 'not_converted' else 'open' end as outcome,
    case
        when lost_at <= as_of then lost_at
        when is_mature then began_at + interval '1' day * {{ policy('attribution', 'maturity_days') }}
        else as_of
    end as ended_at
from matured
