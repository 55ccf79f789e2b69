{#
  The landing: immutable Parquet written by dagster_project/lib/landing, one folder per raw table.
  What is not there is an empty relation with the declared columns: any subset of extracts builds.
#}

{# Folder of the landing. The default is made absolute: a view is read from other folders too. #}
{% macro landing_root() -%}
    {% set default_home = invocation_args_dict.get("project_dir", ".") ~ "/../.leadhouse" %}
    {{ return(env_var("LEADHOUSE_HOME", default_home) ~ "/landing") }}
{%- endmacro %}

{# Columns that the landing adds to every raw table: [name, type]. #}
{% macro landing_meta_columns() %}
    {{ return([
        ["_source_system", "string"],
        ["_extracted_at", "string"],
        ["_batch_id", "string"],
        ["_file", "string"],
        ["_row_number", "bigint"],
        ["_is_deleted", "string"],
        ["_extra", "string"],
    ]) }}
{% endmacro %}

{# Relation of a declared raw table, everything text as delivered. Registers the lineage. #}
{% macro landing(source_name, table_name) -%}
    {% do source(source_name, table_name) %}
    {{ return(landed_table(source_name, table_name)) }}
{%- endmacro %}

{# The same relation without lineage, for what already depends on the staging model. #}
{% macro landed_table(source_name, table_name) -%}
    {% set columns = [] %}
    {% if execute %}
        {% for column in declared_columns(source_name, table_name) %}
            {% do columns.append([column.name, "string"]) %}
        {% endfor %}
    {% endif %}
    {{ return(landed_relation(table_name ~ "/*.parquet", columns + landing_meta_columns())) }}
{%- endmacro %}

{# Relation of the Parquet files under the landing that match a pattern, or the empty columns. #}
{% macro landed_relation(pattern, columns) -%}
    {% if not execute or landing_has(pattern) %}
        {{ return(parquet_relation(landing_root() ~ "/" ~ pattern)) }}
    {% endif %}
    {{ return(empty_relation(columns)) }}
{%- endmacro %}

{# A relation without rows: columns are [name, type]. #}
{% macro empty_relation(columns) -%}
(
    select
        {% for name, type in columns -%}
        cast(null as {{ type }}) as {{ adapter.quote(name) }}{{ "," if not loop.last }}
        {% endfor -%}
    where false
)
{%- endmacro %}

{# Relation over Parquet files; a column missing from one of them is NULL there. #}
{% macro parquet_relation(pattern) -%}
    {{ return(adapter.dispatch("parquet_relation")(pattern)) }}
{%- endmacro %}

{% macro default__parquet_relation(pattern) -%}
read_parquet({{ text_literal(pattern) }}, union_by_name = true)
{%- endmacro %}

{# Needs spark.sql.parquet.mergeSchema=true on the server: a path in a query takes no options. #}
{% macro spark__parquet_relation(pattern) -%}
parquet.`{{ pattern }}`
{%- endmacro %}

{# True when a file under the landing matches the pattern. Asks the engine: only while executing. #}
{% macro landing_has(pattern) %}
    {{ return(adapter.dispatch("landing_has")(pattern)) }}
{% endmacro %}

{% macro default__landing_has(pattern) %}
    {% set found = run_query(
        "select count(*) as n from glob(" ~ text_literal(landing_root() ~ "/" ~ pattern) ~ ")"
    ) %}
    {{ return(found.columns[0].values()[0] | int > 0) }}
{% endmacro %}

{# Spark can not list a folder in SQL: there the landing of every declared table must exist. #}
{% macro spark__landing_has(pattern) %}
    {{ return(true) }}
{% endmacro %}
