{#
  From hits and attributes to intervals of constant score, of the leads whose input changed (dirty.sql).
    hits, attributes, leads, turning_points, computable_from  see item_intervals(), score_deltas() and
              score_intervals()
#}
{% macro scored_leads(hits, attributes, leads, turning_points, computable_from) -%}
{%- set steps -%}
items as (
    {{ item_intervals('dirty_hits') }}
),

deltas as (
    {{ score_deltas('dirty_leads', 'items', 'dirty_attributes', turning_points) }}
),

intervals as (
    {{ score_intervals('deltas', computable_from) }}
)
{%- endset -%}
with rules as ({{ score_rules_digest(steps) }}),

-- What lies after the as-of instant is no input yet.
inputs as (
    select
        {{ hits }}.lead_key, {{ hits }}.score_item, {{ hits }}.through_version as detail, {{ hits }}.valid_from,
        case when {{ hits }}.valid_to <= as_of.as_of then {{ hits }}.valid_to end as valid_to
    from {{ hits }}
    cross join {{ ref('int_time__as_of') }} as as_of
    where {{ hits }}.valid_from <= as_of.as_of
    union all
    select
        {{ attributes }}.lead_key, {{ attributes }}.score_item, {{ attributes }}.points as detail,
        {{ attributes }}.valid_from,
        case when {{ attributes }}.valid_to <= as_of.as_of then {{ attributes }}.valid_to end as valid_to
    from {{ attributes }}
    cross join {{ ref('int_time__as_of') }} as as_of
    where {{ attributes }}.valid_from <= as_of.as_of
    union all
    select
        lead_key, '' as score_item, 0 as detail, starts_at as valid_from, cast(null as timestamp) as valid_to
    from {{ leads }}
),

-- The rules are one number, added once per lead: hashing them with every row would cost as much again.
input_digests as (
    select lead_key, {{ rows_digest(["score_item", "detail", "valid_from", "valid_to"]) }} as input_digest
    from inputs
    group by lead_key
),

digests as (
    select
        input_digests.lead_key,
        {{ row_digest(["input_digests.lead_key", "input_digests.input_digest", "rules.rules_digest"]) }}
            as input_digest
    from input_digests
    cross join rules
),

dirty as (
    {{ dirty_keys('digests', 'lead_key', 'valid_to is null') }}
),

dirty_hits as (
    select {{ hits }}.* from {{ hits }} inner join dirty on {{ hits }}.lead_key = dirty.lead_key
),

dirty_attributes as (
    select {{ attributes }}.* from {{ attributes }} inner join dirty on {{ attributes }}.lead_key = dirty.lead_key
),

dirty_leads as (
    select {{ leads }}.* from {{ leads }} inner join dirty on {{ leads }}.lead_key = dirty.lead_key
),

{{ steps }}

select intervals.*, dirty.input_digest
from intervals
inner join dirty on intervals.lead_key = dirty.lead_key
{%- endmacro %}

{#
  One number that changes with any rule that decides the scores, and with the steps themselves.
    code  text of the steps as rendered
#}
{% macro score_rules_digest(code) -%}
select coalesce(items.items_digest, 0) + caps.caps_digest + presence.presence_digest as rules_digest
from (
    select {{ rows_digest([
        "score_item", "version_number", "points", "max_count", "n_skipped", "rule_version"
    ]) }} as items_digest
    from {{ ref('int_scoring__item_versions') }}
) as items
cross join (
    select {{ rows_digest([
        "cap_periods.valid_from", "cap_periods.valid_to", "behaviour_cap", "attribute_cap",
        "cap_periods.valid_from <= as_of.as_of"
    ]) }} as caps_digest
    from {{ ref('int_scoring__cap_periods') }} as cap_periods
    cross join {{ ref('int_time__as_of') }} as as_of
) as caps
cross join (
    select {{ rows_digest(["computable_from", "known_from", "'" ~ local_md5(code) ~ "'"]) }} as presence_digest
    from {{ ref('int_scoring__behaviour_presence') }}
) as presence
{%- endmacro %}
