-- How often leads that were so long in the hole were won: by stage and score band, by stage, and of all.
with trials as (select * from {{ ref('int_blackhole__trials') }})

select
    'stage_band' as odds_basis, dwell_band, stage, band, count(*) as n_trials,
    cast(sum(is_won) as bigint) as n_won
from trials
where band is not null
group by dwell_band, stage, band
union all
select
    'stage' as odds_basis, dwell_band, stage, '*' as band, count(*) as n_trials,
    cast(sum(is_won) as bigint) as n_won
from trials
group by dwell_band, stage
union all
select
    'all' as odds_basis, dwell_band, '*' as stage, '*' as band, count(*) as n_trials,
    cast(sum(is_won) as bigint) as n_won
from trials
group by dwell_band
