-- E. M. Kitagawa's symmetric decomposition (JASA 50, 1955) of the change of the MQL to SQL rate over cells of
-- recorded quality. mix is centred at the mean rate of both periods: the total is the same, and a cell reads
-- as "more of a better than average kind". A cell empty in one period has no rate there; it takes the other
-- period's, moved by as much as the cells that both have (Mantel-Haenszel difference). Were it not moved, a drop
-- of every cell would look like mix as far as cells are thin.
with comparisons as (select * from {{ ref('int_questions__comparisons') }}),

cells as (
    select
        comparison_key, cell_key, score_band, channel_family, fit,
        sum(n_before) as n_before,
        sum(k_before) as k_before,
        sum(n_now) as n_now,
        sum(k_now) as k_now,
        max(n_all_before) as n_all_before,
        max(n_all_now) as n_all_now
    from comparisons
    group by comparison_key, cell_key, score_band, channel_family, fit
    having sum(n_before) + sum(n_now) > 0
),

paired as (
    select
        cells.*,
        cast(cast(n_before * n_now as double) / (n_before + n_now) as decimal(28, 12)) as pair_weight,
        cast(cast(k_now * n_before - k_before * n_now as double) / (n_before + n_now) as decimal(28, 12)) as pair_change
    from cells
),

-- Counts and decimals are summed, not rates: the same to the last bit in any order of rows.
compared as (
    select
        paired.*,
        coalesce(
            cast(sum(pair_change) over whole as double) / nullif(cast(sum(pair_weight) over whole as double), 0), 0
        ) as rate_moved,
        (
            cast(sum(k_before) over whole as double) / n_all_before
            + cast(sum(k_now) over whole as double) / n_all_now
        ) / 2 as mean_rate
    from paired
    window whole as (partition by comparison_key)
),

rated as (
    select
        compared.*,
        {{ ratio("n_before", "n_all_before") }} as share_before,
        {{ ratio("n_now", "n_all_now") }} as share_now,
        coalesce({{ ratio("k_before", "n_before") }}, {{ ratio("k_now", "n_now") }} - rate_moved) as rate_before,
        coalesce({{ ratio("k_now", "n_now") }}, {{ ratio("k_before", "n_before") }} + rate_moved) as rate_now,
        n_before = 0 or n_now = 0 as is_one_sided
    from compared
)

select
    comparison_key,
    cell_key,
    score_band,
    channel_family,
    fit,
    cast(n_before as bigint) as n_before,
    cast(k_before as bigint) as k_before,
    cast(n_now as bigint) as n_now,
    cast(k_now as bigint) as k_now,
    share_before,
    share_now,
    rate_before,
    rate_now,
    pair_weight,
    is_one_sided,
    (share_now - share_before) * ((rate_before + rate_now) / 2 - mean_rate) as mix_effect,
    (rate_now - rate_before) * (share_before + share_now) / 2 as within_effect
from rated
