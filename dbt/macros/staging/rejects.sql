{#
  The rows and cells that typing refuses, generated from the contract like the staging models. Both
  queries read a table once; refused rows are few, so what they say about them may cost.
#}

{# A raw table with the cells of some columns, <column>__cell, and their values, <column>__value. #}
{% macro read_cells(source_name, table_name, columns) -%}
    {%- set zone = declared_timezone(source_name, table_name) -%}
    select
        {%- for column in columns if column.data_type != "string" %}
        {%- set cell = {"name": column.name ~ "__cell", "data_type": column.data_type} %}
        {{ typed_cell(cell, column.zone or zone) }} as {{ adapter.quote(column.name ~ "__value") }},
        {%- endfor %}
        *
    from (
        select
            {%- for column in columns %}
            {{ cleaned_cell(column) }} as {{ adapter.quote(column.name ~ "__cell") }},
            {%- endfor %}
            *
        from {{ landed_table(source_name, table_name) }}
    ) as cells
{%- endmacro %}

{# Columns a row must have: the required ones and the instant it was extracted. #}
{% macro fatal_columns(source_name, table_name) %}
    {% set fatal = [{"name": "_extracted_at", "data_type": "timestamp", "zone": "UTC"}] %}
    {% for column in declared_columns(source_name, table_name) if column.is_required %}
        {% do fatal.append(column) %}
    {% endfor %}
    {{ return(fatal) }}
{% endmacro %}

{# Name of the column that holds the value read from a cell. #}
{% macro value_of(column) -%}
{{ adapter.quote(column.name ~ ("__cell" if column.data_type == "string" else "__value")) }}
{%- endmacro %}

{# Rows of a raw table that staging refuses, in the columns of rejected_rows. #}
{% macro typing_rejects(source_name, table_name) -%}
{%- set fatal = fatal_columns(source_name, table_name) -%}
{%- set raw_names = declared_columns(source_name, table_name) | map(attribute="name") | list -%}
select
    '{{ table_name }}' as table_name,
    _file as file,
    _batch_id as batch_id,
    _row_number as row_number,
    'typing' as stage,
    case
        {%- for column in fatal %}
        when {{ value_of(column) }} is null then '{{ column.name }}'
        {%- endfor %}
    end as column_name,
    case
        {%- for column in fatal %}
        when {{ value_of(column) }} is null then
            case when {{ adapter.quote(column.name ~ "__cell") }} is null then 'required_empty'
            else 'required_unreadable' end
        {%- endfor %}
    end as reason,
    concat_ws('; '
        {%- for column in fatal %},
        case
            when {{ adapter.quote(column.name ~ "__cell") }} is null
                then '{{ column.name }} is empty'
            when {{ value_of(column) }} is null
                then '{{ column.name }} is not a readable {{ column.data_type }}'
        end
        {%- endfor %}
    ) as detail,
    {{ json_of_columns(raw_names) }} as raw_text
from (
    {{ read_cells(source_name, table_name, fatal) }}
) as cell_values
where
    {%- for column in fatal %}
    {{ "or " if not loop.first }}{{ value_of(column) }} is null
    {%- endfor %}
{%- endmacro %}

{# Optional cells of a raw table that could not be read, in the columns of cell_issues. #}
{% macro typing_issues(source_name, table_name) -%}
{%- set optional = [{"name": "_is_deleted", "data_type": "boolean"}] -%}
{%- for column in declared_columns(source_name, table_name)
    if not column.is_required and column.data_type != "string" -%}
    {%- do optional.append(column) -%}
{%- endfor -%}
select
    '{{ table_name }}' as table_name,
    found._file as file,
    found._batch_id as batch_id,
    found._row_number as row_number,
    issue.column_name,
    issue.data_type,
    case issue.column_name
        {%- for column in optional %}
        when '{{ column.name }}' then found.{{ adapter.quote(column.name ~ "__cell") }}
        {%- endfor %}
    end as raw_value
from (
    select *
    from (
        {{ read_cells(source_name, table_name, optional) }}
    ) as cell_values
    where
        {%- for column in optional %}
        {{ "or " if not loop.first }}{{ unreadable(column) }}
        {%- endfor %}
) as found
cross join (
    values
    {%- for column in optional %}
    ('{{ column.name }}', '{{ column.data_type }}'){{ "," if not loop.last }}
    {%- endfor %}
) as issue (column_name, data_type)
where
    case issue.column_name
        {%- for column in optional %}
        when '{{ column.name }}' then {{ unreadable(column, "found.") }}
        {%- endfor %}
    end
{%- endmacro %}

{# The cell says something and it could not be read. #}
{% macro unreadable(column, prefix="") -%}
(
    {{ prefix }}{{ adapter.quote(column.name ~ "__cell") }} is not null
    and {{ prefix }}{{ value_of(column) }} is null
)
{%- endmacro %}

{# Declared tables with a landed batch, as [source, table]. Depends on all staging models. #}
{% macro landed_tables() %}
    {% set landed = [] %}
    {% for source_name, table_name in declared_tables() %}
        {% do ref(staging_model(source_name, table_name)) %}
        {% if execute and landing_has(table_name ~ "/[!_]*.parquet") %}
            {% do landed.append([source_name, table_name]) %}
        {% endif %}
    {% endfor %}
    {% if execute %}
        {% do check_declared_tables() %}
    {% endif %}
    {{ return(landed) }}
{% endmacro %}

{# Every row that did not make it into staging: refused with its file's reader or by typing. #}
{% macro all_rejected_rows() -%}
{%- set tables = landed_tables() -%}
select
    table_name,
    file,
    batch_id,
    cast(row_number as bigint) as row_number,
    'file' as stage,
    cast(null as {{ dbt.type_string() }}) as column_name,
    reason,
    detail,
    raw_text
from {{ landing_book("rejects", "_rejects/*.parquet") }}
{%- for source_name, table_name in tables %}

union all

{{ typing_rejects(source_name, table_name) }}
{%- endfor %}
{%- endmacro %}

{# Every unreadable optional cell, of refused rows too. #}
{% macro all_cell_issues() -%}
{%- set tables = landed_tables() -%}
{%- for source_name, table_name in tables -%}
{{ typing_issues(source_name, table_name) }}
{{- "\n\nunion all\n\n" if not loop.last }}
{%- else -%}
select *
from {{ empty_relation([
    ["table_name", "string"], ["file", "string"], ["batch_id", "string"], ["row_number", "bigint"],
    ["column_name", "string"], ["data_type", "string"], ["raw_value", "string"],
]) }} as nothing_landed
{%- endfor -%}
{%- endmacro %}

{# Relation of one of the landing's own books (source `landing`), empty before the first landing. #}
{% macro landing_book(name, pattern) -%}
    {% do source("landing", name) %}
    {% set columns = [] %}
    {% if execute %}
        {% for column in declared_table("landing", name).columns.values() %}
            {% do columns.append([column.name, column.data_type]) %}
        {% endfor %}
    {% endif %}
    {{ return(landed_relation(pattern, columns)) }}
{%- endmacro %}
