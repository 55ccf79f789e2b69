-- The part of the change at equal quality that comes from faster or slower contact: how the shares of the
-- bands of speed moved within cells, times what a band is worth against the fastest one. That worth is the
-- Mantel–Haenszel difference of rates (S. Greenland, J. M. Robins, Biometrics 41, 1985) over cell x period,
-- so neither better leads nor a better period makes a band look good. NULL: a band that moved has no
-- comparison, or contacts are not delivered. A cell that one period does not have has no shares of bands to
-- compare: its bands are taken to move as those of the other cells do, as its rate does.
with comparisons as (select * from {{ ref('int_questions__comparisons') }}),

bands as (select * from {{ ref('int_questions__speed_bands') }}),

cells as (select * from {{ ref('int_questions__cell_effects') }}),

moved as (
    select
        comparisons.comparison_key,
        comparisons.speed_band,
        (cells.share_before + cells.share_now) / 2 as cell_share,
        cells.pair_weight,
        {{ ratio("comparisons.n_now", "cells.n_now", "not cells.is_one_sided") }}
        - {{ ratio("comparisons.n_before", "cells.n_before", "not cells.is_one_sided") }} as band_moved
    from comparisons
    inner join cells
        on comparisons.comparison_key = cells.comparison_key and comparisons.cell_key = cells.cell_key
),

weights as (
    select
        comparison_key,
        cast(sum(pair_weight) as double) as pair_weight,
        cast(sum(cast(
            case when is_one_sided then (share_before + share_now) / 2 else 0 end as decimal(28, 15)
        )) as double) as one_sided_cell_share
    from cells
    group by comparison_key
),

summed as (
    select
        comparison_key,
        speed_band,
        cast(sum(cast(coalesce(cell_share * band_moved, 0) as decimal(28, 15))) as double) as own_moved,
        cast(sum(cast(coalesce(pair_weight * band_moved, 0) as decimal(28, 12))) as double) as weighted_moved
    from moved
    group by comparison_key, speed_band
),

moves as (
    select
        summed.comparison_key,
        summed.speed_band,
        summed.own_moved
        + weights.one_sided_cell_share
        * coalesce(summed.weighted_moved / nullif(weights.pair_weight, 0), 0) as share_moved
    from summed
    inner join weights on summed.comparison_key = weights.comparison_key
),

strata as (
    select comparison_key, cell_key, 'before' as side, speed_band, n_before as n, k_before as k from comparisons
    union all
    select comparison_key, cell_key, 'now' as side, speed_band, n_now as n, k_now as k from comparisons
),

fastest as (select speed_band from bands qualify row_number() over (order by band_order asc nulls last) = 1),

paired as (
    select
        strata.comparison_key,
        strata.speed_band,
        cast(strata.k * base.n - base.k * strata.n as double) / (strata.n + base.n) as difference,
        cast(strata.n * base.n as double) / (strata.n + base.n) as weight
    from strata
    cross join fastest
    inner join strata as base
        on
            strata.comparison_key = base.comparison_key
            and strata.cell_key = base.cell_key
            and strata.side = base.side
            and fastest.speed_band = base.speed_band
    where strata.n > 0 and base.n > 0
),

worth as (
    select
        comparison_key,
        speed_band,
        cast(sum(cast(difference as decimal(28, 12))) as double)
        / cast(sum(cast(weight as decimal(28, 12))) as double) as rate_difference
    from paired
    group by comparison_key, speed_band
)

select
    moves.comparison_key,
    count(*) filter (where moves.speed_band = 'not_computable') = 0 as has_contacts,
    case
        when
            count(*) filter (where moves.speed_band = 'not_computable') = 0
            and count(*) filter (where abs(moves.share_moved) > 1e-9 and worth.rate_difference is null) = 0
            then cast(sum(cast(
                moves.share_moved * coalesce(worth.rate_difference, 0) as decimal(28, 15)
            )) as double)
    end as speed_effect
from moves
left join worth on moves.comparison_key = worth.comparison_key and moves.speed_band = worth.speed_band
group by moves.comparison_key
