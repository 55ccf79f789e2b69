-- One row per lead x passage. reached_<stage>_at back-fills skipped stages (the earliest entry at that
-- rank or beyond); <stage>_at is the direct entry.
{{ config(
    materialized='incremental' if var('lifecycle_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_lifecycle__intervals'), 'lead_key', 'passage_number = 1') }}"
) }}
{%- set stays = ref('int_lifecycle__intervals') -%}
{%- set code = lifecycle_passages('stays', 'ranks') -%}
with ranks as (
    select
        {{ rows_digest(['stage', 'stage_rank']) }} as ranks_digest,
        {% for stage in lifecycle_stage_columns() -%}
        max(stage_rank) filter (where stage = '{{ stage }}') as {{ stage }}_rank{{ "," if not loop.last }}
        {% endfor -%}
    from {{ ref('int_lifecycle__stages') }}
),

digests as (
    select
        stays.lead_key,
        {{ row_digest(["stays.input_digest", "ranks.ranks_digest", "'" ~ local_md5(code) ~ "'"]) }} as input_digest
    from {{ stays }} as stays
    cross join ranks
    where stays.stay_number = 1
),

dirty as (
    {{ dirty_keys('digests', 'lead_key', 'passage_number = 1') | indent(4) }}
),

dirty_stays as (
    select stays.*
    from {{ stays }} as stays
    {% if reuses_last_build() -%}
    inner join dirty on stays.lead_key = dirty.lead_key
    {%- endif %}
),

passages as (
    {{ lifecycle_passages('dirty_stays', 'ranks') | indent(4) }}
)

select passages.*, dirty.input_digest
from passages
inner join dirty on passages.lead_key = dirty.lead_key
