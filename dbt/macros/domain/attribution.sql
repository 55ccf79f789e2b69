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
    "last_kept": "last_kept_position",
}[anchor] }}
{%- endmacro %}

{# Number of different touches that are anchors and stand at or before a position. #}
{% macro anchors_up_to(anchors, position) -%}
(
    {%- for anchor in anchors %}
    case
        when {{ anchor_position(anchor) }} <= {{ position }}
        {%- for before in anchors[:loop.index0] %}
            and {{ anchor_position(anchor) }} <> {{ anchor_position(before) }}
        {%- endfor %}
            then 1
        else 0
    end{{ " +" if not loop.last }}
    {%- else %}0{% endfor %}
)
{%- endmacro %}

{#
  Share of the touches up to a position, as a part of touch_share_whole: the weights of the anchors up
  to there, and the others' part of what all others share. All of it are integers.
#}
{% macro touch_share_part(model, anchors, position) -%}
(
    {%- for anchor in anchors %}
    case when {{ anchor_position(anchor) }} <= {{ position }} then {{ model }}_{{ anchor }} else 0 end
    * greatest({{ model }}_n_others, 1) +
    {%- endfor %}
    {{ model }}_others * ({{ position }} - {{ anchors_up_to(anchors, position) }})
)
{%- endmacro %}

{# The whole of touch_share_part; where there is no other touch, the anchors share all of it. #}
{% macro touch_share_whole(model, anchors) -%}
(
    {%- for anchor in anchors %}
    {{ model }}_{{ anchor }} * greatest({{ model }}_n_others, 1) +
    {%- endfor %}
    {{ model }}_others * {{ model }}_n_others
)
{%- endmacro %}

{# The column `<model>_<suffix>` of the model a row is about: wide rows made long by a cross join. #}
{% macro of_model(model, suffix) -%}
case {{ model }}
    {%- for name in touch_models() %}
    when '{{ name }}' then {{ name }}_{{ suffix }}
    {%- endfor %}
end
{%- endmacro %}

{# Most players of the rate game: int_attribution__coalitions has 2 to this power rows at most. #}
{% macro most_players() %}{{ return(16) }}{% endmacro %}
