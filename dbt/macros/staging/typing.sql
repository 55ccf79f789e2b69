{#
  Staging generated from the contract, in three steps that a staging model writes out:
    cells     cleaned_columns(): text trimmed, what is to be read as a value also in half-width form
    typed     typed_columns(): each cell read once
    accepted  is_accepted(): rows whose key and required columns are readable
  typing_rejects() and typing_issues() take the same steps, so a row is either staged or listed.
#}

{# Select list from landing(): cleaned text of all declared columns and _row_hash. #}
{% macro cleaned_columns(source_name, table_name) -%}
    {% if not execute %}{{ return("*") }}{% endif %}
    {%- set columns = declared_columns(source_name, table_name) -%}
    {%- for column in columns %}
    {{ cleaned_cell(column) }} as {{ adapter.quote(column.name) }},
    {%- endfor %}
    _source_system,
    {{ cell_text("_extracted_at") }} as _extracted_at,
    _batch_id,
    _file,
    _row_number,
    {{ cell_text("_is_deleted") }} as _is_deleted,
    {{ row_hash(columns) }} as _row_hash
{%- endmacro %}

{# Select list from the cleaned cells: the staging columns. #}
{% macro typed_columns(source_name, table_name) -%}
    {% if not execute %}{{ return("*") }}{% endif %}
    {%- set zone = declared_timezone(source_name, table_name) -%}
    {%- for column in declared_columns(source_name, table_name) %}
    {{ typed_cell(column, zone) }} as {{ adapter.quote(column.name) }},
    {%- endfor %}
    _source_system,
    {{ parse_timestamp("_extracted_at", var('source_timezone')) }} as _extracted_at,
    _batch_id,
    _file,
    _row_number,
    coalesce({{ parse_boolean("_is_deleted") }}, false) as _is_deleted,
    _row_hash
{%- endmacro %}

{# Condition on the typed columns: the row stays in staging. #}
{% macro is_accepted(source_name, table_name) -%}
    {% if not execute %}{{ return("true") }}{% endif %}
    _extracted_at is not null
    {%- for column in declared_columns(source_name, table_name) if column.is_required %}
    and {{ adapter.quote(column.name) }} is not null
    {%- endfor %}
{%- endmacro %}

{# Cleaned text of one raw cell. #}
{% macro cleaned_cell(column) -%}
    {% if column.data_type == "string" -%}
    {{ clean_text(adapter.quote(column.name)) }}
    {%- else -%}
    {{ cell_text(adapter.quote(column.name)) }}
    {%- endif %}
{%- endmacro %}

{# Value of one cleaned cell; NULL when it can not be read as the declared type. #}
{% macro typed_cell(column, zone) -%}
    {% set cell = adapter.quote(column.name) %}
    {% if column.data_type == "string" -%}
    {{ cell }}
    {%- elif column.data_type == "timestamp" -%}
    {{ parse_timestamp(cell, zone) }}
    {%- elif column.data_type == "date" -%}
    {{ parse_date(cell, zone) }}
    {%- elif column.data_type == "decimal(18,4)" -%}
    {{ parse_decimal(cell) }}
    {%- elif column.data_type == "bigint" -%}
    {{ parse_integer(cell) }}
    {%- elif column.data_type == "boolean" -%}
    {{ parse_boolean(cell) }}
    {%- else -%}
    {{ exceptions.raise_compiler_error(
        "column " ~ column.name ~ ": data_type " ~ column.data_type ~ " is unknown; use string, "
        ~ "bigint, decimal(18,4), boolean, timestamp or date"
    ) }}
    {%- endif %}
{%- endmacro %}

{#
  md5 of the raw declared cells, NULL as ''. Cells are joined by a control character and a bar; the
  control character within a cell is followed by a dot instead, so no two contents give one text.
  Next to no row has one: the test for it is cheaper than replacing in every cell.
#}
{% macro row_hash(columns) -%}
{%- set cells = [] -%}
{%- set escaped = [] -%}
{%- for column in columns -%}
    {%- set cell = adapter.quote(column.name) -%}
    {%- do cells.append("coalesce(" ~ cell ~ ", '')") -%}
    {%- do escaped.append("coalesce(replace(" ~ cell ~ ", chr(31), chr(31) || '.'), '')") -%}
{%- endfor -%}
md5(
    case
        when contains(concat({{ cells | join(", ") }}), chr(31))
            then concat_ws(chr(31) || '|', {{ escaped | join(", ") }})
        else concat_ws(chr(31) || '|', {{ cells | join(", ") }})
    end
)
{%- endmacro %}
