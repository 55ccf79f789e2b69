-- E. M. Kitagawa's symmetric decomposition (JASA 50, 1955) of the change of the MQL to SQL rate over cells of
-- recorded quality. mix is centred at the mean rate of both periods: the total is the same, and a cell reads
-- as "more of a better than average kind". A cell empty in one period has no rate there; it takes the other
-- period's, so all of its effect is mix.
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

rated as (
    select
        cells.*,
        {{ ratio("n_before", "n_all_before") }} as share_before,
        {{ ratio("n_now", "n_all_now") }} as share_now,
        coalesce({{ ratio("k_before", "n_before") }}, {{ ratio("k_now", "n_now") }}) as rate_before,
        coalesce({{ ratio("k_now", "n_now") }}, {{ ratio("k_before", "n_before") }}) as rate_now,
        -- Counts are summed, not rates: the same to the last bit in any order of rows.
        (
            cast(sum(k_before) over (partition by comparison_key) as double) / n_all_before
            + cast(sum(k_now) over (partition by comparison_key) as double) / n_all_now
        ) / 2 as mean_rate,
        n_before = 0 or n_now = 0 as is_one_sided
    from cells
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
    is_one_sided,
    (share_now - share_before) * ((rate_before + rate_now) / 2 - mean_rate) as mix_effect,
    (rate_now - rate_before) * (share_before + share_now) / 2 as within_effect
from rated
