-- Each distinct raw website cut down to its host: half-width, lower case, without scheme, user, port,
-- path and a leading www.
with record_versions as (select * from {{ ref('int_identity__record_versions') }}),

distinct_raw as (select distinct website as raw_website from record_versions where website is not null),

lowered as (
    select
        raw_website,
        translate(lower({{ half_width("raw_website") }}), {{ text_literal("。 \t\u00a0\u200b") }}, '.') as site_text
    from distinct_raw
),

-- What stands between scheme and path, without user and port.
authorities as (
    select
        raw_website,
        {{ regex_extract("site_text", "^([a-z][a-z0-9+.-]*:/+|https?/+|/+)?([^/?#]*)", 2) }} as authority
    from lowered
),

hosts as (
    select
        raw_website,
        {{ regex_replace_all(
            regex_replace_all("authority", "^.*@", ""), "(:[0-9]*)?[.]*$", ""
        ) }} as host_written
    from authorities
)

select
    raw_website,
    nullif(host_written, '') as host_written,
    -- www.ck is a name of its own: only a www. before something that has a dot goes.
    nullif(
        case
            when {{ regex_like("host_written", "^www[.][^.]+[.]") }} then substring(host_written, 5)
            else host_written
        end,
        ''
    ) as host
from hosts
