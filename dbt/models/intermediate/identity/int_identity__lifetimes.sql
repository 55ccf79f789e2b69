-- When each record existed, as far as we knew: the periods of its versions, joined where they touch.
with versions as (select * from {{ ref('int_identity__record_versions') }}),

gaps as (
    select
        *,
        case
            when lag(known_to) over (partition by record_key order by known_from asc nulls last) = known_from then 0
            else 1
        end as begins_life
    from versions
),

numbered as (
    select
        *,
        sum(begins_life) over (
            partition by record_key order by known_from asc nulls last
            rows between unbounded preceding and current row
        ) as life_number
    from gaps
)

select
    record_key,
    record_type,
    source_system,
    record_id,
    min(first_known_at) as first_known_at,
    min(known_from) as known_from,
    case when count(*) = count(known_to) then max(known_to) end as known_to
from numbered
group by record_key, record_type, source_system, record_id, life_number
