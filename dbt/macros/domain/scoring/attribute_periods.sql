{#
  Periods in which a lead's attribute earns the points of an item.
    periods  name of a CTE: lead_key, field_name, field_value, known_at, valid_from, valid_to
#}
{% macro attribute_periods(periods) -%}
with items as (
    select
        *,
        {{ to_utc("cast(valid_from as timestamp)", var('business_timezone')) }} as rule_from,
        {{ to_utc("cast(valid_to as timestamp)", var('business_timezone')) }} as rule_to
    from {{ ref('score_item') }}
    where score_group = 'attribute'
),

roles as (select * from {{ ref('int_golden__title_roles') }}),

industries as (select * from {{ ref('target_industry') }} where {{ in_force_now() }}),

judged as (
    select
        held.lead_key,
        items.score_item,
        items.points,
        items.rule_version,
        held.known_at,
        -- A new version of an item takes over within a period.
        greatest(held.valid_from, items.rule_from) as valid_from,
        least(held.valid_to, items.rule_to) as valid_to,
        case items.match_kind
            when 'buying_role' then roles.buying_role = items.match_value
            when 'target_industry' then industries.industry is not null
            when 'at_least'
                then
                    try_cast(held.field_value as decimal(18, 4))
                    >= try_cast(items.match_value as decimal(18, 4))
        end as is_match
    from {{ periods }} as held
    inner join items
        on
            held.field_name = items.signal
            and items.rule_from < coalesce(held.valid_to, timestamp '9999-12-31 00:00:00')
            and held.valid_from < coalesce(items.rule_to, timestamp '9999-12-31 00:00:00')
    left join roles
        on case when held.field_name = 'title' then held.field_value end = roles.title
    left join industries
        on case when held.field_name = 'industry' then trim(held.field_value) end = industries.industry
)

select
    lead_key,
    score_item,
    points,
    rule_version,
    known_at,
    valid_from,
    valid_to
from judged
where is_match and valid_from < coalesce(valid_to, timestamp '9999-12-31 00:00:00')
{%- endmacro %}
