-- Coefficients are decimals and counts integers, so the log-odds are exact in any order of rows.
with features as (select * from {{ ref('int_scoring__features') }}),

rule_scores as (select * from {{ ref('int_scoring__features_points') }}),

snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

models as (
    select * from {{ ref('score_model') }} where status in ('candidate', 'promoted') and {{ in_force_now() }}
),

terms as (select * from {{ ref('score_model_coefficient') }}),

constants as (
    select
        model_version,
        max(coefficient) filter (where term_kind = 'intercept') as intercept,
        max(coefficient) filter (where term_kind = 'platt_slope') as platt_slope,
        max(coefficient) filter (where term_kind = 'platt_intercept') as platt_intercept,
        count(*) filter (where term_kind = 'feature') as n_features
    from terms
    group by model_version
),

summed as (
    select
        models.model_version,
        models.status,
        features.design,
        features.lead_key,
        features.snapshot_kind,
        count(features.feature_value) as n_known,
        sum(features.feature_value * terms.coefficient) as weighted_sum
    from models
    inner join terms on models.model_version = terms.model_version and terms.term_kind = 'feature'
    inner join features on models.design = features.design and terms.feature = features.feature
    group by
        models.model_version, models.status, features.design, features.lead_key, features.snapshot_kind
),

-- A feature that is not computable, or no longer there, leaves no score.
scored as (
    select
        summed.*,
        case
            when summed.n_known = constants.n_features
                then cast(constants.intercept + summed.weighted_sum as double)
        end as log_odds,
        cast(constants.platt_slope as double) as platt_slope,
        cast(constants.platt_intercept as double) as platt_intercept
    from summed
    inner join constants on summed.model_version = constants.model_version
)

select
    {{ surrogate_key(["scored.model_version", "scored.lead_key", "scored.snapshot_kind"]) }}
        as lead_score_learned_key,
    scored.model_version,
    scored.status as model_status,
    scored.design,
    scored.lead_key,
    scored.snapshot_kind,
    snapshots.snapshot_at,
    snapshots.snapshot_known_at,
    scored.log_odds,
    1 / (1 + exp(-(scored.platt_slope * scored.log_odds + scored.platt_intercept))) as probability,
    rule_scores.total_points as rule_points
from scored
inner join snapshots
    on
        scored.design = snapshots.design
        and scored.lead_key = snapshots.lead_key
        and scored.snapshot_kind = snapshots.snapshot_kind
inner join rule_scores
    on
        scored.design = rule_scores.design
        and scored.lead_key = rule_scores.lead_key
        and scored.snapshot_kind = rule_scores.snapshot_kind
