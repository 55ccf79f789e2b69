-- Members of a funnel step in every cell they are counted in: a business month or all time, by each
-- dimension. A month of a dimension that would fall to pieces (is_by_month false) is left out.
with members as (select * from {{ ref('int_funnel__members') }}),

dimensions as (select * from {{ ref('int_funnel__dimensions') }}),

members_by_dimension as (
    select
        members.*,
        dimensions.dimension_kind,
        dimensions.dimension_value,
        dimensions.is_by_month
    from members
    inner join dimensions
        on
            members.enquiry_lead_key = dimensions.enquiry_lead_key
            and members.from_stage = dimensions.stage
),

first_months as (
    select from_stage, {{ business_month("min(started_at)") }} as first_month
    from members
    group by from_stage
)

select
    'month' as period_kind,
    {{ business_month("started_at") }} as period_start,
    dimension_kind, dimension_value, from_stage, to_stage, horizon_days, enquiry_lead_key,
    started_at, outcome, outcome_s, followed_s, is_mature, is_reached_in_time
from members_by_dimension
where is_by_month
union all
select
    'all' as period_kind,
    first_months.first_month as period_start,
    cells.dimension_kind, cells.dimension_value, cells.from_stage, cells.to_stage, cells.horizon_days,
    cells.enquiry_lead_key,
    cells.started_at, cells.outcome, cells.outcome_s, cells.followed_s, cells.is_mature,
    cells.is_reached_in_time
from members_by_dimension as cells
inner join first_months on cells.from_stage = first_months.from_stage
