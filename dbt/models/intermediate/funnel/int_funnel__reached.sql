-- Earliest instant each lead reached each stage or one beyond it, over all its passages.
with intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

stages as (select * from {{ ref('int_lifecycle__stages') }} where stage_rank is not null)

select
    intervals.lead_key,
    {% for stage in ["lead", "mql", "sal", "sql", "opportunity", "account"] -%}
    min(intervals.entered_at) filter (where stages.stage = '{{ stage }}') as reached_{{ stage }}_at
    {%- if not loop.last %},{% endif %}
    {% endfor %}
from intervals
inner join stages on intervals.stage_rank >= stages.stage_rank
group by intervals.lead_key
