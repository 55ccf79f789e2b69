-- What a lead in the hole is worth, by what became of leads like it: the finest group of enough of them.
with falls as (select * from {{ ref('int_blackhole__intervals') }} where left_at is null),

stays as (select * from {{ ref('int_lifecycle__intervals') }} where exited_at is null),

scores as (select * from {{ ref('int_scoring__intervals') }} where valid_to is null),

bands as (select * from {{ ref('int_scoring__bands') }} where valid_to is null),

dwells as (select * from {{ ref('black_hole_dwell') }} where {{ in_force_now() }}),

odds as (select * from {{ ref('int_blackhole__odds') }}),

cash as (select * from {{ ref('int_blackhole__win_cash') }}),

presence as (select * from {{ ref('int_attribution__computable') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

standing as (
    select falls.lead_key, stays.stage, scores.total_points, bands.band, dwells.dwell_band
    from falls
    cross join as_of
    inner join dwells
        on
            {{ seconds_between("falls.entered_at", "as_of.as_of") }} >= dwells.min_days * 86400
            and {{ seconds_between("falls.entered_at", "as_of.as_of") }}
            < coalesce(dwells.max_days, 1000000) * 86400.0
    inner join stays on falls.lead_key = stays.lead_key
    left join scores on falls.lead_key = scores.lead_key
    left join bands
        on scores.total_points >= bands.min_points and scores.total_points <= bands.max_points
),

groups_of_leads as (
    select lead_key, dwell_band, stage, band, 1 as coarseness from standing where band is not null
    union all
    select lead_key, dwell_band, stage, '*' as band, 2 as coarseness from standing
    union all
    select lead_key, dwell_band, '*' as stage, '*' as band, 3 as coarseness from standing
),

-- Where no group has enough leads, the largest tells how few there are.
chosen as (
    select groups_of_leads.lead_key, odds.odds_basis, odds.n_trials, odds.n_won
    from groups_of_leads
    inner join odds
        on
            groups_of_leads.dwell_band = odds.dwell_band
            and groups_of_leads.stage = odds.stage
            and groups_of_leads.band = odds.band
    qualify
        row_number() over (
            partition by groups_of_leads.lead_key
            order by
                case
                    when odds.n_trials >= {{ policy("black_hole", "small_n") }} then groups_of_leads.coarseness
                    else 9 - groups_of_leads.coarseness
                end asc nulls last
        ) = 1
),

judged as (
    select
        standing.*,
        chosen.odds_basis,
        coalesce(chosen.n_trials, 0) as n_trials,
        chosen.n_won,
        cash.n_deals,
        cash.cash_per_win_minor,
        cash.cash_per_win_low,
        cash.cash_per_win_high,
        case
            when not presence.has_wins or not presence.has_cash then 'not_computable'
            when chosen.lead_key is null then 'immature'
            when chosen.n_trials < {{ policy("black_hole", "small_n") }} then 'small_n'
            when coalesce(cash.cash_per_win_minor, 0) <= 0 then 'no_cash'
            when cash.n_deals < {{ policy("black_hole", "small_n") }} then 'small_n'
            when chosen.n_won = 0 then 'no_wins'
            else 'ok'
        end as value_status
    from standing
    cross join cash
    cross join presence
    left join chosen on standing.lead_key = chosen.lead_key
),

rated as (
    select
        *,
        case when value_status <> 'not_computable' then {{ ratio("n_won", "n_trials") }} end as win_rate,
        case when value_status <> 'not_computable' then {{ wilson_bound("n_won", "n_trials", "low") }} end
            as win_rate_low,
        case when value_status <> 'not_computable' then {{ wilson_bound("n_won", "n_trials", "high") }} end
            as win_rate_high
    from judged
)

select
    *,
    case when value_status = 'ok' then cast(round(win_rate * cash_per_win_minor) as bigint) end
        as expected_value_minor,
    -- Both at their bound: wider than 95 %, never narrower.
    case when value_status = 'ok' then cast(round(win_rate_low * cash_per_win_low) as bigint) end
        as expected_value_low,
    case
        when value_status in ('ok', 'no_wins') then cast(round(win_rate_high * cash_per_win_high) as bigint)
    end as expected_value_high
from rated
