-- What many reports call a conversion rate, under a name that says that it is none: entries of a month
-- into a stage over entries of the same month into the stage before. Other leads, other ages.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

steps as (select * from {{ ref('funnel_step') }} where {{ in_force_now() }}),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

monthly as (
    select stage, {{ business_month("reached_at") }} as calendar_month, count(*) as n_entries
    from entries
    group by stage, {{ business_month("reached_at") }}
),

months as (select distinct calendar_month from monthly),

paired as (
    select
        months.calendar_month,
        steps.from_stage,
        steps.to_stage,
        presence.has_wins or steps.to_stage not in ('opportunity', 'account') as is_computable,
        coalesce(from_entries.n_entries, 0) as n_from_entries,
        coalesce(to_entries.n_entries, 0) as n_to_entries
    from months
    cross join steps
    inner join stages as from_stages on steps.from_stage = from_stages.stage
    inner join stages as to_stages on steps.to_stage = to_stages.stage
    cross join presence
    left join monthly as from_entries
        on months.calendar_month = from_entries.calendar_month and steps.from_stage = from_entries.stage
    left join monthly as to_entries
        on months.calendar_month = to_entries.calendar_month and steps.to_stage = to_entries.stage
)

select
    {{ surrogate_key(["calendar_month", "from_stage", "to_stage"]) }} as funnel_calendar_key,
    calendar_month,
    from_stage,
    to_stage,
    n_from_entries,
    case when is_computable then n_to_entries end as n_to_entries,
    {{ ratio("n_to_entries", "n_from_entries", "is_computable") }} as calendar_ratio_not_conversion
from paired
