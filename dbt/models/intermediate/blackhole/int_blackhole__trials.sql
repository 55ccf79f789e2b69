-- Leads that were so long in the hole, long enough ago to know what became of them in the days of the rule,
-- with their stage and score band at that instant. A lead counts once per band: at its first fall that got so far.
with falls as (select * from {{ ref('int_blackhole__intervals') }}),

dwells as (select * from {{ ref('black_hole_dwell') }} where {{ in_force_now() }}),

enquiries as (select * from {{ ref('int_leads__enquiries') }}),

stays as (select * from {{ ref('int_lifecycle__intervals') }}),

scores as (select * from {{ ref('int_scoring__intervals') }}),

bands as (select * from {{ ref('int_scoring__bands') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

reached as (
    select
        falls.lead_key,
        falls.interval_number,
        falls.left_at,
        dwells.dwell_band,
        {{ seconds_later("falls.entered_at", "(dwells.min_days * 86400)") }} as reached_at
    from falls
    cross join dwells
),

mature as (
    select
        reached.lead_key,
        reached.dwell_band,
        reached.reached_at,
        {{ seconds_later("reached.reached_at", policy("black_hole", "win_days") ~ " * 86400") }} as judged_at
    from reached
    cross join as_of
    where
        coalesce(reached.reached_at < reached.left_at, true)
        and {{ seconds_between("reached.reached_at", "as_of.as_of") }}
        >= {{ policy("black_hole", "win_days") }} * 86400
    qualify
        row_number() over (
            partition by reached.lead_key, reached.dwell_band order by reached.interval_number asc nulls last
        ) = 1
),

-- Who was won is the enquiry, whichever of its leads carries the win.
won as (
    select distinct mature.lead_key, mature.dwell_band
    from mature
    inner join enquiries on mature.lead_key = enquiries.survivor_lead_key
    inner join stays on enquiries.lead_key = stays.lead_key and stays.path_kind = 'won'
    where mature.reached_at < stays.entered_at and stays.entered_at <= mature.judged_at
)

select
    mature.lead_key,
    mature.dwell_band,
    stays.stage,
    bands.band,
    case when won.lead_key is not null then 1 else 0 end as is_won
from mature
inner join stays
    on
        mature.lead_key = stays.lead_key
        and mature.reached_at >= stays.entered_at
        and mature.reached_at < coalesce(stays.exited_at, timestamp '9999-12-31 00:00:00')
left join won on mature.lead_key = won.lead_key and mature.dwell_band = won.dwell_band
left join scores
    on
        mature.lead_key = scores.lead_key
        and mature.reached_at >= scores.valid_from
        and mature.reached_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
left join bands
    on
        scores.total_points >= bands.min_points
        and scores.total_points <= bands.max_points
        and mature.reached_at >= bands.valid_from
        and mature.reached_at < coalesce(bands.valid_to, timestamp '9999-12-31 00:00:00')
