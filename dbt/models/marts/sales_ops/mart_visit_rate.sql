-- Which opportunities were visited. The win rates side by side are an association: who is visited was
-- chosen. Visits that name no opportunity are allowed and counted in the month they took place.
with contacts as (select * from {{ ref('int_engagement__sales_activities') }} where is_rep_action),

opportunities as (select * from {{ ref('int_crm__opportunities') }} where not is_deleted),

computable as (select * from {{ ref('int_routing__computable') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

touched as (
    select
        contacts.opportunity_key,
        count(*) filter (where contacts.kind = 'visit') as n_visits,
        count(*) filter (where contacts.kind = 'meeting') as n_meetings,
        count(*) filter (where contacts.kind = 'call') as n_calls,
        count(*) as n_activities
    from contacts
    cross join as_of
    where contacts.opportunity_key is not null and contacts.occurred_at <= as_of.as_of
    group by contacts.opportunity_key
),

placed as (
    select
        {{ business_month("opportunities.created_at") }} as month_start,
        coalesce(touched.n_visits, 0) as n_visits,
        coalesce(touched.n_meetings, 0) as n_meetings,
        coalesce(touched.n_calls, 0) as n_calls,
        coalesce(touched.n_activities, 0) as n_activities,
        coalesce(touched.n_visits, 0) > 0 as has_visit,
        opportunities.is_closed,
        opportunities.is_won
    from opportunities
    cross join computable
    left join touched on opportunities.opportunity_key = touched.opportunity_key
    -- Visits are kept by the activities of the CRM alone: without that extract there are not none.
    where computable.has_activities
),

by_month as (
    select
        month_start,
        count(*) as n_opportunities,
        count(*) filter (where has_visit) as n_visited,
        cast(sum(n_visits) as bigint) as n_visits,
        cast(sum(n_meetings) as bigint) as n_meetings,
        cast(sum(n_calls) as bigint) as n_calls,
        cast(sum(n_activities) as bigint) as n_activities,
        count(*) filter (where has_visit and is_closed) as n_visited_closed,
        count(*) filter (where has_visit and is_won) as n_visited_won,
        count(*) filter (where not has_visit and is_closed) as n_unvisited_closed,
        count(*) filter (where not has_visit and is_won) as n_unvisited_won
    from placed
    group by month_start
),

loose as (
    select {{ business_month("contacts.occurred_at") }} as month_start, count(*) as n_loose_visits
    from contacts
    cross join as_of
    where contacts.kind = 'visit' and contacts.opportunity_key is null and contacts.occurred_at <= as_of.as_of
    group by {{ business_month("contacts.occurred_at") }}
)

select
    coalesce(by_month.month_start, loose.month_start) as month_start,
    coalesce(by_month.n_opportunities, 0) as n_opportunities,
    coalesce(by_month.n_visited, 0) as n_visited,
    coalesce(by_month.n_visits, 0) as n_visits,
    coalesce(loose.n_loose_visits, 0) as n_visits_without_opportunity,
    coalesce(by_month.n_meetings, 0) as n_meetings,
    coalesce(by_month.n_calls, 0) as n_calls,
    coalesce(by_month.n_activities, 0) as n_activities,
    {{ ratio("by_month.n_visited", "by_month.n_opportunities") }} as visit_rate,
    {{ wilson_bound("by_month.n_visited", "by_month.n_opportunities", "low") }} as visit_low,
    {{ wilson_bound("by_month.n_visited", "by_month.n_opportunities", "high") }} as visit_high,
    {{ ratio("by_month.n_visited_won", "by_month.n_visited_closed") }} as win_rate_visited,
    {{ ratio("by_month.n_unvisited_won", "by_month.n_unvisited_closed") }} as win_rate_unvisited
from by_month
full outer join loose on by_month.month_start = loose.month_start
