-- The parts of each change with their intervals, in percentage points: estimate and 1.96 bootstrap standard
-- errors on each side. Nothing is said where the comparison may not be read.
with changes as (select * from {{ ref('int_questions__changes') }}),

errors as (select * from {{ ref('int_questions__diagnosis_errors') }}),

parts as (
    {% for measure in ["change", "mix", "within", "speed", "skill"] -%}
    select comparison_key, '{{ measure }}' as measure, {{ measure }} as effect, status from changes
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    parts.comparison_key,
    parts.measure,
    case when parts.status = 'ok' then 100 * parts.effect end as effect_pp,
    case when parts.status = 'ok' then 100 * (parts.effect - {{ normal_quantile(95) }} * errors.standard_error) end
        as effect_pp_low,
    case when parts.status = 'ok' then 100 * (parts.effect + {{ normal_quantile(95) }} * errors.standard_error) end
        as effect_pp_high
from parts
left join errors on parts.comparison_key = errors.comparison_key and parts.measure = errors.measure
