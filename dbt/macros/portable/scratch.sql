{#
  Tables that live while one model is built. Each is written once and dropped by who made it: what
  was left by a failed build is replaced.
#}

{# What a scratch table is called in SQL; `name` must carry the name of its model. #}
{% macro scratch_name(name) -%}
    {{ return(adapter.dispatch('scratch_name')(name)) }}
{%- endmacro %}

{% macro default__scratch_name(name) -%}
    {{ return(name) }}
{%- endmacro %}

{# Spark has no temp tables, and a temp view would be computed again by every reader. #}
{% macro spark__scratch_name(name) -%}
    {{ return(target.schema ~ '.' ~ name) }}
{%- endmacro %}

{# Write the rows of a query into a scratch table. #}
{% macro create_scratch_table(name, query) -%}
    {{ return(adapter.dispatch('create_scratch_table')(name, query)) }}
{%- endmacro %}

{% macro default__create_scratch_table(name, query) -%}
    {% do run_query('create or replace temp table ' ~ scratch_name(name) ~ ' as ' ~ query) %}
{%- endmacro %}

{% macro spark__create_scratch_table(name, query) -%}
    {% do drop_scratch_table(name) %}
    {% do run_query('create table ' ~ scratch_name(name) ~ ' using parquet as ' ~ query) %}
{%- endmacro %}

{% macro drop_scratch_table(name) -%}
    {% do run_query('drop table if exists ' ~ scratch_name(name)) %}
{%- endmacro %}

{# Rows of a relation, as a number. Asks the engine. #}
{% macro count_rows(relation) -%}
    {{ return(run_query('select count(*) as n from ' ~ relation).columns[0].values()[0] | int) }}
{%- endmacro %}
