-- Periods in which a lead's attribute earns the points of an item.
with periods as (select * from {{ ref('int_crm__lead_field_periods') }}),

items as (
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
        periods.lead_key,
        items.score_item,
        items.points,
        items.rule_version,
        -- A new version of an item takes over within a period.
        greatest(periods.valid_from, items.rule_from) as valid_from,
        least(periods.valid_to, items.rule_to) as valid_to,
        case items.match_kind
            when 'buying_role' then roles.buying_role = items.match_value
            when 'target_industry' then industries.industry is not null
            when 'at_least'
                then
                    try_cast(periods.field_value as decimal(18, 4))
                    >= try_cast(items.match_value as decimal(18, 4))
        end as is_match
    from periods
    inner join items
        on
            periods.field_name = items.signal
            and items.rule_from < coalesce(periods.valid_to, cast('9999-01-01' as timestamp))
            and (items.rule_to is null or periods.valid_from < items.rule_to)
    left join roles
        on case when periods.field_name = 'title' then periods.field_value end = roles.title
    left join industries
        on
            case when periods.field_name = 'industry' then trim(periods.field_value) end
            = industries.industry
)

select
    lead_key,
    score_item,
    points,
    rule_version,
    valid_from,
    valid_to
from judged
where is_match and (valid_to is null or valid_to > valid_from)
