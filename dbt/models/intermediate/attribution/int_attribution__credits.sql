-- Conversion x touch x model with the cumulative share of credit; cents and millionths of credit
-- are differences of the rounded cumulative share, so they add up exactly.
with journeys as (select * from {{ ref('int_attribution__journeys') }}),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

models as (
    select attribution_model from {{ ref('attribution_model') }} where is_enabled and {{ in_force_now() }}
),

-- Shares as integers of n_touches: linear gives everyone 1, first and last one touch all of it.
shares as (
    select
        journeys.*,
        models.attribution_model,
        case models.attribution_model
            when 'linear' then 1
            when 'first_touch' then case when journeys.touch_position = 1 then journeys.n_touches else 0 end
            when 'last_touch'
                then case when journeys.touch_position = journeys.n_touches then journeys.n_touches else 0 end
        end as share
    from journeys
    cross join models
),

running as (
    select
        shares.*,
        sum(shares.share) over (
            partition by shares.conversion_key, shares.attribution_model
            order by shares.touch_position asc nulls last
            rows between unbounded preceding and current row
        ) as share_so_far
    from shares
),

cumulated as (
    select
        running.*,
        {{ telescoped_minor("conversions.cash_minor", "running.share_so_far", "running.n_touches") }}
            as cash_so_far_minor,
        {{ telescoped_minor("1000000", "running.share_so_far", "running.n_touches") }} as credit_so_far_micro
    from running
    inner join conversions on running.conversion_key = conversions.conversion_key
)

select
    conversion_key,
    attribution_model,
    touch_position,
    n_touches,
    touchpoint_key,
    channel,
    touched_at,
    cash_so_far_minor - coalesce(lag(cash_so_far_minor) over journey, 0) as cash_minor,
    credit_so_far_micro - coalesce(lag(credit_so_far_micro) over journey, 0) as credit_micro
from cumulated
window journey as (
    partition by conversion_key, attribution_model order by touch_position asc nulls last
)
