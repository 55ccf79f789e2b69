-- One row per lead x passage. reached_<stage>_at back-fills skipped stages (the earliest entry at that
-- rank or beyond); <stage>_at is the direct entry.
{{ config(
    materialized='incremental' if var('lifecycle_incremental') else 'table',
    incremental_strategy='delete+insert', unique_key='lead_key',
    pre_hook="{{ forget_vanished_keys(ref('int_lifecycle__intervals'), 'lead_key') }}"
) }}
{%- set passages = lifecycle_passages('dirty_stays', 'ranks') -%}
with stays as (select * from {{ ref('int_lifecycle__intervals') }}),

ranks as (
    select
        {% for stage in lifecycle_stage_columns() -%}
        max(stage_rank) filter (where stage = '{{ stage }}') as {{ stage }}_rank{{ "," if not loop.last }}
        {% endfor -%}
    from {{ ref('int_lifecycle__stages') }}
),

first_stays as (
    select stays.lead_key, stays.input_digest, ranks.*
    from stays
    cross join ranks
    where stays.stay_number = 1
),

digests as (
    {{ input_digests('first_stays', 'lead_key', [
        'input_digest', 'lead_rank', 'mql_rank', 'sal_rank', 'sql_rank', 'opportunity_rank', 'account_rank',
    ], passages) | indent(4) }}
),

dirty as (
    {{ dirty_keys('digests', 'lead_key', 'passage_number = 1') | indent(4) }}
),

dirty_stays as (
    select stays.*
    from stays
    inner join dirty on stays.lead_key = dirty.lead_key
),

passages as (
    {{ passages | indent(4) }}
)

select passages.*, dirty.input_digest
from passages
inner join dirty on passages.lead_key = dirty.lead_key
