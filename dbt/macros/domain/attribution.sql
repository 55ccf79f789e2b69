{#
  Attribution models that give credit to single touches, with the anchors each has; their weights are
  rows of seeds/rules/attribution_model.csv. Time decay weighs by age instead.
#}
{% macro touch_models() %}
    {{ return({
        "first_touch": ["first"],
        "last_touch": ["last"],
        "last_non_direct": ["last_kept"],
        "linear": [],
        "time_decay": none,
        "u_shape": ["first", "last"],
        "w_shape": ["first", "lead", "opportunity"],
        "full_path": ["first", "lead", "opportunity", "last"],
    }) }}
{% endmacro %}

{# Those of them whose weights decide anything: a single anchor takes all, and linear has none. #}
{% macro shaped_models() %}
    {%- set shaped = {} -%}
    {%- for model, anchors in touch_models().items() if anchors is not none and anchors | length > 1 -%}
        {%- do shaped.update({model: anchors}) -%}
    {%- endfor -%}
    {{ return(shaped) }}
{% endmacro %}

{# Where an anchor is in the journey: an expression over int_attribution__journeys. #}
{% macro anchor_position(anchor) -%}
{{ {
    "first": "1",
    "lead": "lead_position",
    "opportunity": "opportunity_position",
    "last": "n_touches",
}[anchor] }}
{%- endmacro %}

{# 1 for an anchor on a touch that no earlier one in the list is on, else 0. #}
{% macro is_own_touch(anchors, anchor) -%}
{%- set before = anchors[:anchors.index(anchor)] -%}
{%- if before -%}
case
    when {% for other in before -%}
        {{ anchor_position(anchor) }} <> {{ anchor_position(other) }}{{ " and " if not loop.last }}
    {%- endfor %} then 1
    else 0
end
{%- else -%}
1
{%- endif -%}
{%- endmacro %}

{# Number of different touches that are anchors. #}
{% macro n_anchors(anchors) -%}
({% for anchor in anchors %}{{ is_own_touch(anchors, anchor) }}{{ " + " if not loop.last }}{% endfor %})
{%- endmacro %}

{#
  The share of the touches up to a position is a line with a step at each anchor, as a part of
  touch_share_whole. A touch that is no anchor adds others_weight; an anchor adds its own weight times
  the number of others (1 where there is none), and takes back what its touch gets as one of the others.
  All of it are whole numbers.
#}
{% macro anchor_step(model, anchors, anchor) -%}
{{ model }}_{{ anchor }} * greatest({{ model }}_n_others, 1)
        - {{ model }}_others * {{ is_own_touch(anchors, anchor) }}
{%- endmacro %}

{# That share; with "<" and the place before: the share of the touches before a position. #}
{% macro touch_share(model, anchors, n_so_far, comparison) -%}
{{ model }}_others * {{ n_so_far }}
        {%- for anchor in anchors %}
        + case when {{ anchor_position(anchor) }} {{ comparison }} touch_position then {{ model }}_{{ anchor }}_step
            else 0 end
        {%- endfor %}
{%- endmacro %}

{# The whole: every anchor is in the journey. #}
{% macro touch_share_whole(model, anchors) -%}
{{ model }}_others * n_touches{% for anchor in anchors %} + {{ model }}_{{ anchor }}_step{% endfor %}
{%- endmacro %}

{#
  What a model gives a touch of an amount: the rounded share so far less the one before. Exact at the last
  touch up to 2^50 cents. A single anchor takes all of it.
#}
{% macro touch_credit(model, anchors, amount) -%}
{%- if anchors is not none and anchors | length == 1 -%}
cast(case when {{ {
    "first": "touch_position = 1", "last": "touch_position = n_touches", "last_kept": "is_last_kept"
}[anchors[0]] }} then {{ amount }} else 0 end as bigint)
{%- else -%}
cast(
        round({{ amount }} * {{ model }}_part / {{ model }}_whole)
        - round({{ amount }} * {{ model }}_before / {{ model }}_whole) as bigint
    )
{%- endif -%}
{%- endmacro %}

{# The column `<model>_<suffix>` of the model a row is about: wide rows made long by a cross join. #}
{% macro of_model(model, suffix) -%}
case {{ model }}
    {%- for name in touch_models() %}
    when '{{ name }}' then {{ name }}_{{ suffix }}
    {%- endfor %}
end
{%- endmacro %}

{# Which of attribution.interval_groups groups a journey is in: by lot, the same in every build. #}
{% macro journey_group(journey_number) -%}
cast({{ journey_number }} % {{ policy('attribution', 'interval_groups') }} as integer)
{%- endmacro %}

{# Most players of the rate game: int_attribution__coalitions has 2 to this power rows at most. #}
{% macro most_players() %}{{ return(16) }}{% endmacro %}
