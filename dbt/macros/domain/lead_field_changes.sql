{#
  What makes a row of the CRM's lead history one change, whoever reads it. Without a sequence number the
  new value belongs to it, because histories of whole seconds tie.
#}
{% macro lead_field_change_columns() -%}
{{ return([
    "_source_system", "lead_id", "field", "changed_at", "seq", "case when seq is null then new_value end"
]) }}
{%- endmacro %}
