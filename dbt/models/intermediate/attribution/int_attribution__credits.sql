-- Conversion x touch with what each model gives the touch, one pair of columns per model: cents of the
-- cash, and millionths of the conversion. Both are differences of rounded cumulative shares, so they
-- add up exactly. A view: reading the journeys costs less than keeping twenty columns more of them, and
-- whoever asks for cents alone pays for cents alone.
{{ config(materialized='view') }}
with journeys as (select * from {{ ref('int_attribution__journeys') }}),

windows as (select * from {{ ref('int_attribution__windows') }} where conversion_key is not null),

conversions as (select * from {{ ref('int_attribution__conversions') }}),

models as (select * from {{ ref('attribution_model') }} where is_enabled and {{ in_force_now() }}),

-- Doubles hold these numbers exactly.
weights as (
    select
        {% for model, anchors in shaped_models().items() -%}
        {% for anchor in anchors + ["others"] -%}
        cast(max(coalesce({{ anchor }}_weight, 0)) filter (
            where attribution_model = '{{ model }}'
        ) as double) as {{ model }}_{{ anchor }}{{ "," if not loop.last }}
        {% endfor -%}
        {{ "," if not loop.last }}
        {%- endfor %}
    from models
),

cash as (
    select windows.journey_number, conversions.conversion_key, cast(conversions.cash_minor as double) as cash_minor
    from windows
    inner join conversions on windows.conversion_key = conversions.conversion_key
),

counted as (
    select
        cash.conversion_key,
        cash.cash_minor,
        journeys.*,
        weights.*,
        {% for model, anchors in shaped_models().items() -%}
        cast(journeys.n_touches - {{ n_anchors(anchors) }} as double) as {{ model }}_n_others,
        {% endfor -%}
        1000000.0 as millionths
    from journeys
    inner join cash on journeys.journey_number = cash.journey_number
    cross join weights
),

stepped as (
    select
        *,
        {% for model, anchors in shaped_models().items() -%}
        {% for anchor in anchors -%}
        {{ anchor_step(model, anchors, anchor) }} as {{ model }}_{{ anchor }}_step,
        {% endfor -%}
        {% endfor -%}
        touch_position as linear_part,
        touch_position - 1 as linear_before,
        n_touches as linear_whole
    from counted
),

shared as (
    select
        *
        {%- for model, anchors in shaped_models().items() %},
        {{ touch_share(model, anchors, "touch_position", "<=") }} as {{ model }}_part,
        {{ touch_share(model, anchors, "(touch_position - 1)", "<") }} as {{ model }}_before,
        {{ touch_share_whole(model, anchors) }} as {{ model }}_whole
        {%- endfor %}
    from stepped
)

select
    conversion_key, journey_number, touch_position, n_touches, touch_number, channel, touched_at
    {%- for model, anchors in touch_models().items() %}
    {%- for amount, unit in (("cash_minor", "minor"), ("millionths", "micro")) %},
    {{ touch_credit(model, anchors, amount) }} as {{ model }}_{{ unit }}
    {%- endfor %}
    {%- endfor %}
from shared
