-- Each month and each quarter beside the one before it: MQLs and SQLs of every cell of recorded quality
-- and band of speed. Only MQLs that had their full horizon are counted; the others are n_open.
with mqls as (select * from {{ ref('int_questions__mqls') }}),

speeds as (select * from {{ ref('int_questions__mql_speed') }}),

members as (
    select
        mqls.*,
        coalesce(speeds.speed_band, 'not_computable') as speed_band
    from mqls
    inner join speeds on mqls.enquiry_lead_key = speeds.enquiry_lead_key
),

placed as (
    select members.*, 'month' as period_kind, mql_month as period_start, mql_month + interval '1' month as next_start
    from members
    union all
    select
        members.*, 'quarter' as period_kind, cast(date_trunc('quarter', mql_month) as date) as period_start,
        cast(date_trunc('quarter', mql_month) as date) + interval '3' month as next_start
    from members
),

sides as (
    select *, 'now' as side, period_start as compared_start from placed
    union all
    select *, 'before' as side, cast(next_start as date) as compared_start from placed
),

counted as (
    select
        period_kind,
        compared_start as period_start,
        cell_key,
        speed_band,
        score_band,
        channel_family,
        fit,
        max(horizon_days) as horizon_days,
        count(*) filter (where side = 'before' and is_mature) as n_before,
        count(*) filter (where side = 'before' and is_mature and has_converted) as k_before,
        count(*) filter (where side = 'now' and is_mature) as n_now,
        count(*) filter (where side = 'now' and is_mature and has_converted) as k_now,
        count(*) filter (where not is_mature) as n_open
    from sides
    group by period_kind, compared_start, cell_key, speed_band, score_band, channel_family, fit
),

summed as (
    select
        counted.*,
        sum(n_before + 0) over (partition by period_kind, period_start) as n_all_before,
        sum(n_now + 0) over (partition by period_kind, period_start) as n_all_now
    from counted
)

select
    {{ surrogate_key(["period_kind", "period_start"]) }} as comparison_key,
    summed.*
from summed
-- Neither the first period nor one that has not begun can be compared.
where n_all_before > 0 and n_all_now > 0
