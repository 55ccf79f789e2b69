with models as (select * from {{ ref('score_model') }} where {{ in_force_now() }}),

terms as (select * from {{ ref('score_model_coefficient') }} where suggested_points is not null),

features as (
    select * from {{ ref('score_model_feature') }} where feature_kind = 'score_item' and {{ in_force_now() }}
),

items as (select * from {{ ref('score_item') }} where {{ in_force_now() }})

select
    {{ surrogate_key(["models.model_version", "items.score_item"]) }} as score_weight_suggestion_key,
    models.model_version,
    models.status as model_status,
    items.score_item,
    items.label_en,
    items.label_zh,
    items.score_group,
    items.max_count,
    items.points as points_today,
    terms.suggested_points,
    terms.points_low,
    terms.points_high,
    terms.suggested_points - items.points as points_change,
    items.points < terms.points_low or items.points > terms.points_high as is_change_supported,
    cast(terms.coefficient as double) as coefficient,
    cast(terms.coefficient_low as double) as coefficient_low,
    cast(terms.coefficient_high as double) as coefficient_high,
    models.n_train
from models
inner join terms on models.model_version = terms.model_version
inner join features on terms.feature = features.feature
inner join items on features.source_value = items.score_item
