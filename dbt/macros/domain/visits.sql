{#
  Visits of a source that has no session ids: a silence longer than web.session_gap_minutes ends one.
    partition  list of columns whose events are one stream, the visitor among them
#}

{# 1 when an event begins a visit, else 0. #}
{% macro begins_visit(partition) -%}
{%- set previous -%}
lag(occurred_at) over (partition by {{ partition | join(", ") }} order by occurred_at asc nulls last, event_id asc nulls last)
{%- endset -%}
case
    when {{ seconds_between(previous, "occurred_at") }} <= {{ policy('web', 'session_gap_minutes') }} * 60 then 0
    else 1
end
{%- endmacro %}

{# The source's visit where it has one, else one numbered by the column begins_visit. #}
{% macro visit_id(partition) -%}
coalesce(
    session_id,
    concat('gap-', anonymous_id, '-', cast(
        sum(begins_visit) over (
            partition by {{ partition | join(", ") }}
            order by occurred_at asc nulls last, event_id asc nulls last
            rows between unbounded preceding and current row
        ) as {{ dbt.type_string() }}
    ))
)
{%- endmacro %}
