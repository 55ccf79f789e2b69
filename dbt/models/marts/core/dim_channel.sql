with channels as (select * from {{ ref('channel') }})

select
    channel,
    traffic_group,
    channel_family,
    label_en,
    label_zh,
    cast(display_order as integer) as display_order,
    ga4_group
from channels
where {{ in_force_now() }}
union all
select
    '(unattributed)' as channel,
    'none' as traffic_group,
    'none' as channel_family,
    'Unattributed' as label_en,
    '未归因' as label_zh,
    999 as display_order,
    'Unassigned' as ga4_group
