-- E08, O04: a row is a promoted model whose difference to the rule score, in the metric of its design, chance
-- could explain; the command refuses to promote such a model, a hand-written row does not.
with promoted as (select distinct model_version, design from {{ ref('score_model') }} where status = 'promoted'),

designs as (select distinct design, promotion_metric from {{ ref('score_model_design') }}),

metrics as (select * from {{ ref('score_model_metric') }} where scorer = 'difference')

select promoted.model_version, promoted.design
from promoted
left join designs on promoted.design = designs.design
left join metrics on promoted.model_version = metrics.model_version and designs.promotion_metric = metrics.metric
group by promoted.model_version, promoted.design
having not coalesce(max(metrics.value_low) > 0, false)
