-- How often leads that fell into the hole were won within the days of the rule, of those that have had so
-- many days: by stage and score band at the fall, by stage, and of all. A lead counts once, at its first fall.
with falls as (select * from {{ ref('int_black_hole__intervals') }} where interval_number = 1),

enquiries as (select * from {{ ref('int_leads__enquiries') }}),

wins as (select * from {{ ref('int_lifecycle__intervals') }} where path_kind = 'won'),

scores as (select * from {{ ref('int_scoring__intervals') }}),

bands as (select * from {{ ref('int_scoring__bands') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

mature as (
    select
        falls.lead_key,
        falls.entered_at,
        falls.stage_at_entry as stage,
        {{ seconds_later("falls.entered_at", policy("black_hole", "win_days") ~ " * 86400") }} as judged_at
    from falls
    cross join as_of
    where {{ seconds_between("falls.entered_at", "as_of.as_of") }} >= {{ policy("black_hole", "win_days") }} * 86400
),

-- Who was won is the enquiry, whichever of its leads carries the win.
won as (
    select distinct mature.lead_key
    from mature
    inner join enquiries on mature.lead_key = enquiries.survivor_lead_key
    inner join wins on enquiries.lead_key = wins.lead_key
    where mature.entered_at < wins.entered_at and wins.entered_at <= mature.judged_at
),

trials as (
    select mature.stage, bands.band, case when won.lead_key is not null then 1 else 0 end as is_won
    from mature
    left join won on mature.lead_key = won.lead_key
    left join scores
        on
            mature.lead_key = scores.lead_key
            and mature.entered_at >= scores.valid_from
            and mature.entered_at < coalesce(scores.valid_to, timestamp '9999-12-31 00:00:00')
    left join bands
        on
            scores.total_points >= bands.min_points
            and scores.total_points <= bands.max_points
            and mature.entered_at >= bands.valid_from
            and mature.entered_at < coalesce(bands.valid_to, timestamp '9999-12-31 00:00:00')
)

select 'stage_band' as odds_basis, stage, band, count(*) as n_trials, sum(is_won) as n_won
from trials
where band is not null
group by stage, band
union all
select 'stage' as odds_basis, stage, '*' as band, count(*) as n_trials, sum(is_won) as n_won
from trials
group by stage
union all
select 'all' as odds_basis, '*' as stage, '*' as band, count(*) as n_trials, sum(is_won) as n_won
from trials
having count(*) > 0
