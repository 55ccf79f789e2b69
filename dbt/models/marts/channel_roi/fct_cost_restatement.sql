-- One row per change of what a day of media is held to cost: by how much, and since when we know.
with versions as (select * from {{ ref('int_cost__ad_spend_versions') }}),

compared as (
    select
        *,
        lag(amount_minor) over (partition by cost_key order by known_from asc nulls last) as previous_minor,
        row_number() over (partition by cost_key order by known_from asc nulls last) as version_number
    from versions
)

select
    {{ surrogate_key(["cost_key", "version_number"]) }} as cost_restatement_key,
    cost_key,
    source_system,
    platform,
    campaign_id,
    cost_date,
    cast(version_number as integer) as version_number,
    known_from as known_at,
    is_withdrawn,
    '{{ var("reporting_currency") }}' as currency,
    previous_minor,
    amount_minor,
    amount_minor - previous_minor as change_minor
from compared
where previous_minor is not null and amount_minor <> previous_minor
