with models as (select * from {{ ref('score_model') }} where {{ in_force_now() }}),

metrics as (select * from {{ ref('score_model_metric') }}),

designs as (select * from {{ ref('score_model_design') }} where {{ in_force_now() }})

select
    {{ surrogate_key(["models.model_version", "metrics.metric", "metrics.scorer"]) }} as score_model_report_key,
    models.model_version,
    models.status as model_status,
    models.label_stage,
    models.horizon_days,
    models.trained_through,
    metrics.metric,
    metrics.scorer,
    metrics.metric_value,
    metrics.value_low,
    metrics.value_high,
    metrics.n_rows,
    metrics.n_positive,
    metrics.metric = designs.promotion_metric and metrics.scorer = 'difference' as is_deciding,
    case
        when metrics.scorer = 'difference' then metrics.value_low > 0 or metrics.value_high < 0
    end as is_different,
    models.approved_by
from models
inner join metrics on models.model_version = metrics.model_version
inner join designs on models.design = designs.design
