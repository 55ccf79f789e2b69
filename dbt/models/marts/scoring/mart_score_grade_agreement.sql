with grades as (select * from {{ ref('fct_score_grade') }}),

bands as (select max(band_rank) - min(band_rank) as widest from {{ ref('int_scoring__bands') }} where valid_to is null),

-- Every person who graded, and all of them together.
judged as (
    select grade_source, coalesce(user_id, '(unknown)') as user_id, manual_rank, rule_rank from grades
    union all
    select grade_source, '(all)' as user_id, manual_rank, rule_rank from grades
),

-- Agreement of a pair: exact, and by how many bands it is off (linear weights).
pairs as (
    select
        judged.grade_source,
        judged.user_id,
        judged.manual_rank,
        judged.rule_rank,
        case when judged.manual_rank = judged.rule_rank then 1.0e0 else 0.0e0 end as exact_weight,
        1.0e0 - abs(judged.manual_rank - judged.rule_rank) * 1.0e0 / bands.widest as linear_weight
    from judged
    cross join bands
    where judged.manual_rank is not null and judged.rule_rank is not null
),

observed as (
    select
        grade_source,
        user_id,
        count(*) as n,
        count(*) filter (where manual_rank > rule_rank) as n_manual_above,
        count(*) filter (where manual_rank < rule_rank) as n_manual_below,
        avg(exact_weight) as exact_observed,
        avg(linear_weight) as linear_observed,
        avg(linear_weight * linear_weight) as linear_squared
    from pairs
    group by grade_source, user_id
),

margins as (
    select grade_source, user_id, 'manual' as side, manual_rank as band_rank, count(*) as n
    from pairs
    group by grade_source, user_id, manual_rank
    union all
    select grade_source, user_id, 'rule' as side, rule_rank as band_rank, count(*) as n
    from pairs
    group by grade_source, user_id, rule_rank
),

-- What two strangers with the same habits would agree on by chance.
expected as (
    select
        manual.grade_source,
        manual.user_id,
        sum(manual.n * 1.0e0 * rule.n * case when manual.band_rank = rule.band_rank then 1 else 0 end)
            as exact_expected,
        sum(
            manual.n * 1.0e0 * rule.n * (1.0e0 - abs(manual.band_rank - rule.band_rank) * 1.0e0 / bands.widest)
        ) as linear_expected
    from margins as manual
    inner join margins as rule
        on manual.grade_source = rule.grade_source and manual.user_id = rule.user_id and rule.side = 'rule'
    cross join bands
    where manual.side = 'manual'
    group by manual.grade_source, manual.user_id
),

shares as (
    select
        observed.*,
        expected.exact_expected / (observed.n * 1.0e0 * observed.n) as exact_expected,
        expected.linear_expected / (observed.n * 1.0e0 * observed.n) as linear_expected
    from observed
    inner join expected
        on observed.grade_source = expected.grade_source and observed.user_id = expected.user_id
),

kappas as (
    select
        *,
        {{ ratio("exact_observed - exact_expected", "1 - exact_expected", "exact_expected < 1") }} as kappa,
        {{ ratio("linear_observed - linear_expected", "1 - linear_expected", "linear_expected < 1") }}
            as weighted_kappa,
        {{ ratio(
            "sqrt(exact_observed * (1 - exact_observed) / n)", "1 - exact_expected", "exact_expected < 1"
        ) }} as kappa_error,
        {{ ratio(
            "sqrt(greatest(0.0e0, linear_squared - linear_observed * linear_observed) / n)",
            "1 - linear_expected", "linear_expected < 1"
        ) }} as weighted_kappa_error
    from shares
)

select
    {{ surrogate_key(["grade_source", "user_id"]) }} as score_grade_agreement_key,
    grade_source,
    user_id,
    cast(n as integer) as n,
    cast(n_manual_above as integer) as n_manual_above,
    cast(n_manual_below as integer) as n_manual_below,
    exact_observed as observed_agreement,
    kappa,
    -- greatest() and least() skip NULLs: without a kappa there would be bounds.
    case when kappa is not null then greatest(-1.0e0, kappa - 1.959963984540054e0 * kappa_error) end as kappa_low,
    case when kappa is not null then least(1.0e0, kappa + 1.959963984540054e0 * kappa_error) end as kappa_high,
    weighted_kappa,
    case
        when weighted_kappa is not null
            then greatest(-1.0e0, weighted_kappa - 1.959963984540054e0 * weighted_kappa_error)
    end as weighted_kappa_low,
    case
        when weighted_kappa is not null
            then least(1.0e0, weighted_kappa + 1.959963984540054e0 * weighted_kappa_error)
    end as weighted_kappa_high,
    n >= {{ policy('score', 'agreement_small_n') }} as has_enough
from kappas
