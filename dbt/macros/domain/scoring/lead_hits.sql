{#
  The hits of a lead: those of the visitors it shares a person with, while it does. What a person did
  before the lead was there counts from the lead's beginning; one asset fetched in two browsers is one.
    visitor_hits   name of a CTE of visitor_hits()
    lead_visitors  name of a CTE: lead_key, source_system, anonymous_id, valid_from, valid_to
    first_of       columns taken from the first hit, in the order of occurred_at and event_id
#}
{% macro lead_hits(visitor_hits, lead_visitors, first_of=[]) -%}
with seen as (
    select
        {{ lead_visitors }}.lead_key,
        {{ visitor_hits }}.score_item,
        {{ visitor_hits }}.through_version,
        {{ visitor_hits }}.repeat_key,
        {%- for column in first_of %}
        {{ visitor_hits }}.{{ column }},
        {%- endfor %}
        {%- if first_of %}
        row_number() over (
            partition by {{ lead_visitors }}.lead_key
            order by {{ visitor_hits }}.occurred_at asc nulls last, {{ visitor_hits }}.event_id asc nulls last
        ) as place,
        {%- endif %}
        greatest({{ visitor_hits }}.valid_from, {{ lead_visitors }}.valid_from) as valid_from,
        least({{ visitor_hits }}.valid_to, {{ lead_visitors }}.valid_to) as valid_to
    from {{ lead_visitors }}
    inner join {{ visitor_hits }}
        on
            {{ lead_visitors }}.source_system = {{ visitor_hits }}.source_system
            and {{ lead_visitors }}.anonymous_id = {{ visitor_hits }}.anonymous_id
)

{{ joined_periods('seen', ['lead_key', 'score_item', 'through_version', 'repeat_key'], first_of) }}
{%- endmacro %}
