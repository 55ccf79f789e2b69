-- Hand-overs nobody recorded: the owner changed from marketing or the SDRs to sales, and no recorded
-- hand-over of the lead to that user explains it. A change within a side (holiday cover) is none.
with owner_periods as (select * from {{ ref('int_routing__owner_periods') }}),

explicit_ones as (select * from {{ ref('int_handoffs__explicit') }}),

limits as (select * from {{ ref('sales_limit') }} where limit_id = 'owner_lag' and {{ in_force_now() }}),

to_sales as (
    select
        *,
        min(case when owner_side <> 'sales' then valid_from end) over (
            partition by lead_key order by valid_from asc nulls last
            rows between 1 following and unbounded following
        ) as left_sales_at
    from owner_periods
    qualify owner_side = 'sales' and previous_side in ('sdr', 'marketing')
),

explained as (
    select to_sales.lead_key, to_sales.valid_from
    from to_sales
    inner join explicit_ones
        on
            to_sales.lead_key = explicit_ones.lead_key
            and to_sales.owner_user_id = explicit_ones.to_user_id
    cross join limits
    where
        -- Some CRMs change the owner first and write the record afterwards.
        not {{ is_beyond(
            seconds_between("to_sales.valid_from", "explicit_ones.offered_at"),
            limit_seconds("limits"), "limits.boundary"
        ) }}
        and coalesce(not {{ is_beyond(
            seconds_between("explicit_ones.decided_at", "to_sales.valid_from"),
            limit_seconds("limits"), "limits.boundary"
        ) }}, true)
    group by to_sales.lead_key, to_sales.valid_from
)

select
    {{ surrogate_key(["'owner change'", "to_sales.lead_key", "to_sales.valid_from"]) }} as handoff_key,
    to_sales.lead_key,
    to_sales.source_system,
    to_sales.valid_from as offered_at,
    to_sales.previous_user_id as from_user_id,
    to_sales.previous_team_id as from_team_id,
    to_sales.owner_user_id as to_user_id,
    to_sales.owner_team_id as to_team_id,
    coalesce(to_sales.changed_by_user_id = to_sales.owner_user_id, false) as is_taken_by_receiver,
    to_sales.left_sales_at,
    to_sales.known_at
from to_sales
left join explained
    on to_sales.lead_key = explained.lead_key and to_sales.valid_from = explained.valid_from
where explained.lead_key is null
