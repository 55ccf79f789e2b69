-- The platform behind the evidence, and the kind of site it is, in each period of the rules. What was
-- paid says more than a tag, a tag more than a word of the CRM, that more than the page before.
with evidence as (select * from {{ ref('int_channels__evidence') }}),

epochs as (select * from {{ ref('int_channels__epochs') }}),

platforms as (select * from {{ ref('traffic_platform') }}),

platform_names as (select * from {{ ref('traffic_platform_name') }}),

own_domains as (select * from {{ ref('own_domain') }}),

-- The page before counts only when no source is tagged; our own pages are listed beside the platforms.
named as (
    {% for column, name_kind in [("ad_platform", "ad_platform"), ("click_id_type", "click_id"),
        ("lead_source", "lead_source")] -%}
    select
        channel_signal_key, '{{ name_kind }}' as name_kind, {{ column }} as traffic_name,
        '{{ column }}' as named_by
    from evidence where {{ column }} is not null
    union
    {% endfor -%}
    {% for column in ["utm_source", "referrer"] -%}
    {% set outer_last = loop.last -%}
    {% for name in site_names(column) -%}
    select channel_signal_key, 'source' as name_kind, {{ name }} as traffic_name, '{{ column }}' as named_by
    from evidence where {{ column }} is not null{{ " and utm_source is null" if column == "referrer" }}
    {{ "union" if not (loop.last and outer_last) }}
    {% endfor -%}
    {% endfor -%}
),

listed as (
    select name_kind, traffic_name, platform, valid_from, valid_to from platform_names
    union all
    select 'source' as name_kind, email_domain as traffic_name, '(own)' as platform, valid_from, valid_to
    from own_domains
),

found as (
    select
        named.channel_signal_key,
        named.named_by,
        epochs.rules_of,
        listed.platform,
        platforms.site_category,
        row_number() over (
            partition by named.channel_signal_key, named.named_by, epochs.rules_of
            order by length(named.traffic_name) desc nulls last, listed.platform asc nulls last
        ) as place
    from named
    inner join listed on named.name_kind = listed.name_kind and named.traffic_name = listed.traffic_name
    cross join epochs
    left join platforms on listed.platform = platforms.platform and {{ in_force('platforms', 'epochs.rules_of') }}
    where {{ in_force('listed', 'epochs.rules_of') }}
)

select
    channel_signal_key,
    rules_of,
    coalesce(
        max(platform) filter (where named_by = 'ad_platform'),
        max(platform) filter (where named_by = 'click_id_type'),
        max(platform) filter (where named_by = 'utm_source'),
        max(platform) filter (where named_by = 'lead_source'),
        max(platform) filter (where named_by = 'referrer' and platform <> '(own)')
    ) as platform,
    -- Rules ask what kind of site sent the visit, not what was paid for it.
    coalesce(
        max(site_category) filter (where named_by = 'utm_source'),
        max(site_category) filter (where named_by = 'referrer')
    ) as site_category,
    coalesce(max(platform) filter (where named_by = 'referrer') = '(own)', false) as is_own_referrer
from found
where place = 1
group by channel_signal_key, rules_of
