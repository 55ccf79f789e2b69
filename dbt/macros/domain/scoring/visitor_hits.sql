{#
  Periods in which a visitor has done what a behaviour item counts, one row per item version, repeat
  key (the visit, the asset, …: what counts once) and longest period. A window forgets: what happened
  longer ago than window_days is as if it had not been. An event counts under the version in force
  on its business day; `through_version` n holds the events of the versions 1 to n, so that a key seen
  under two versions is one.
    events    name of a CTE: source_system, anonymous_id, session_id, event_id, event_name, asset_ref,
              occurred_at, valid_from, valid_to
    first_of  columns taken from the first event of a period, by `place`
#}
{% macro visitor_hits(events, first_of=[]) -%}
with item_versions as (select * from {{ ref('int_scoring__item_versions') }}),

matching as (
    select named.event_name, item_versions.*
    from (select distinct event_name from {{ events }}) as named
    cross join item_versions
    where item_versions.signal in ('*', named.event_name)
),

matched as (
    select
        happened.*,
        matching.score_item,
        matching.version_number,
        case matching.repeat_policy
            when 'once' then 'once'
            when 'each_session' then {{ visit_key('happened') }}
            when 'each_later_session' then {{ visit_key('happened') }}
            when 'each_asset' then happened.asset_ref
            else happened.event_id
        end as repeat_key,
        happened.occurred_at + matching.window_days * interval '1' day as forgotten_at
    from {{ events }} as happened
    inner join matching
        on happened.event_name = matching.event_name and {{ in_force('matching', business_date('happened.occurred_at')) }}
),

hits as (
    select
        matched.source_system,
        matched.anonymous_id,
        matched.score_item,
        item_versions.version_number as through_version,
        matched.repeat_key,
        {%- for column in first_of %}
        matched.{{ column }},
        {%- endfor %}
        {%- if first_of %}
        matched.place,
        {%- endif %}
        matched.valid_from,
        least(matched.valid_to, matched.forgotten_at) as valid_to
    from matched
    inner join item_versions
        on
            matched.score_item = item_versions.score_item
            and matched.version_number <= item_versions.version_number
)

{{ joined_periods('hits', ['source_system', 'anonymous_id', 'score_item', 'through_version', 'repeat_key'], first_of) }}
{%- endmacro %}

{# Key of the visit of an event: a session id is unique only within a visitor. #}
{% macro visit_key(event) -%}
{{ surrogate_key([event ~ ".source_system", event ~ ".anonymous_id", event ~ ".session_id"]) }}
{%- endmacro %}
