-- Periods in which a lead's attribute earns the points of an item.
with periods as (select * from {{ ref('int_crm__lead_field_periods') }}),

items as (select * from {{ ref('score_item') }} where score_group = 'attribute'),

roles as (select * from {{ ref('int_scoring__title_roles') }}),

industries as (select * from {{ ref('target_industry') }} where valid_to is null),

judged as (
    select
        periods.lead_key,
        items.score_item,
        items.points,
        items.rule_version,
        periods.valid_from,
        periods.valid_to,
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
        on periods.field_name = items.signal and {{ in_force('items', 'periods.valid_from') }}
    left join roles on periods.field_name = 'title' and periods.field_value = roles.title
    left join industries
        on periods.field_name = 'industry' and trim(periods.field_value) = industries.industry
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
