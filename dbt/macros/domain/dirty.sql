{#
  Rebuilding only what changed. A model whose rows belong to keys (a lead) writes beside them the
  digest of all it made them of, so that the next build can tell which keys are dirty:

      {{ config(
          materialized='incremental' if var('lifecycle_incremental') else 'table',
          incremental_strategy='delete+insert', unique_key='lead_key',
          pre_hook="{{ forget_vanished_keys(ref('x'), 'lead_key', 'row_number_in_lead = 1') }}"
      ) }}
      digests as ({{ input_digests('inputs', 'lead_key', ['a', 'b'], code) }}),
      dirty as ({{ dirty_keys('digests', 'lead_key', 'row_number_in_lead = 1') }}),
      … inner join dirty, and dirty.input_digest among the columns of the model

  The digest is of rows, not of their order or delivery: a build that reuses the last one equals a
  full build, row by row. Whatever else decides the rows must be among the columns or in the code:
  columns of rules and policies joined in, verdicts on the as-of instant.
#}

{#
  One row per key: the order-free digest of its rows in `relation`.
    columns  expressions that decide what the model makes of a row
    code     text of the model's steps as rendered, macros included: other code, other digest
#}
{% macro input_digests(relation, key, columns, code) -%}
select
    {{ key }},
    {{ row_digest([key, rows_digest(columns + ["'" ~ local_md5(code) ~ "'"])]) }} as input_digest
from {{ relation }}
group by {{ key }}
{%- endmacro %}

{#
  Keys to build with their digest: all of them, or in an incremental build those whose digest is
  not the one their rows were built from. A digest is of 64 bits and of the key too, so digests are
  compared alone: joining on the keys as well costs three times as much.
    one_row  condition on the model's own columns that picks one row of each key
#}
{% macro dirty_keys(digests, key, one_row) -%}
select {{ digests }}.{{ key }}, {{ digests }}.input_digest
from {{ digests }}
{%- if reuses_last_build() %}
left join (select input_digest from {{ this }} where {{ one_row }}) as built
    on {{ digests }}.input_digest = built.input_digest
where built.input_digest is null
{%- endif %}
{%- endmacro %}

{# Before an incremental build: keys the input no longer has leave the model. `one_row` as above. #}
{% macro forget_vanished_keys(relation, key, one_row) -%}
{% if reuses_last_build() -%}
delete from {{ this }}
where {{ key }} in (
    select {{ key }} from {{ this }}
    where {{ one_row }} and {{ key }} not in (select {{ key }} from {{ relation }})
)
{%- endif %}
{%- endmacro %}

{# True when a build adds to what the last one left. Asks the settings first: a unit test has no `this`. #}
{% macro reuses_last_build() -%}
    {{ return(config.get('materialized') == 'incremental' and is_incremental()) }}
{%- endmacro %}
