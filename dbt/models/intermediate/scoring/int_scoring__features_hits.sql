-- Everything that counts for an item at the snapshot, up to the item's cap, the earliest first: behaviours
-- and attributes, each with the instant it happened and the instant we knew.
with snapshots as (select * from {{ ref('int_scoring__features_snapshots') }}),

behaviours as (select * from {{ ref('int_scoring__features_behaviour') }}),

field_values as (select * from {{ ref('int_scoring__features_fields') }}),

items as (select * from {{ ref('score_item') }} where score_group = 'attribute'),

roles as (select * from {{ ref('int_golden__title_roles') }}),

industries as (select * from {{ ref('target_industry') }} where {{ in_force_now() }}),

judged as (
    select
        field_values.*,
        items.score_item,
        items.points,
        items.max_count,
        case items.match_kind
            when 'buying_role' then roles.buying_role = items.match_value
            when 'target_industry' then industries.industry is not null
            when 'at_least'
                then
                    try_cast(field_values.field_value as decimal(18, 4))
                    >= try_cast(items.match_value as decimal(18, 4))
        end as is_match
    from field_values
    inner join snapshots
        on
            field_values.design = snapshots.design
            and field_values.lead_key = snapshots.lead_key
            and field_values.snapshot_kind = snapshots.snapshot_kind
    inner join items
        on
            field_values.field_name = items.signal
            and {{ in_force('items', business_date('snapshots.snapshot_at')) }}
    left join roles
        on case when field_values.field_name = 'title' then field_values.field_value end = roles.title
    left join industries
        on
            case when field_values.field_name = 'industry' then trim(field_values.field_value) end
            = industries.industry
)

select
    design, lead_key, snapshot_kind, 'behaviour' as score_group, score_item, points, max_count,
    occurred_at, known_at, hit_number
from behaviours
where hit_number between 1 and max_count
union all
select
    design, lead_key, snapshot_kind, 'attribute' as score_group, score_item, points, max_count,
    occurred_at, known_at, 1 as hit_number
from judged
where is_match
