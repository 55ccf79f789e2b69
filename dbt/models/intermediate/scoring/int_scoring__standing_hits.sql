-- The hits of each lead at the as-of instant, those that are forgotten too: in the order in which the
-- item's maximum is used up. A first visit takes no place of repeat visits.
with hits as (select * from {{ ref('int_scoring__lead_hits') }}),

item_versions as (select * from {{ ref('int_scoring__item_versions') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

behaviour as (
    select
        hits.lead_key,
        hits.score_item,
        hits.repeat_key,
        own_version.rule_version,
        own_version.points,
        own_version.max_count + own_version.n_skipped as last_place,
        own_version.n_skipped,
        hits.version_number,
        hits.event_id,
        hits.occurred_at,
        hits.known_at,
        hits.valid_from,
        hits.valid_to,
        hits.valid_to is null or hits.valid_to > as_of.as_of as is_standing
    from hits
    cross join as_of
    inner join item_versions
        on
            hits.score_item = item_versions.score_item
            and hits.through_version = item_versions.version_number
            and item_versions.version_number = item_versions.n_versions
    inner join item_versions as own_version
        on
            hits.score_item = own_version.score_item
            and hits.version_number = own_version.version_number
    where hits.valid_from <= as_of.as_of
),

placed as (
    select
        *,
        row_number() over (
            partition by lead_key, score_item, is_standing
            order by
                version_number asc nulls last, occurred_at asc nulls last, event_id asc nulls last,
                repeat_key asc nulls last
        ) as place
    from behaviour
)

select
    lead_key,
    score_item,
    repeat_key,
    rule_version,
    points,
    occurred_at,
    known_at,
    valid_from,
    valid_to,
    is_standing,
    case when is_standing then place - n_skipped end as hit_number,
    is_standing and place > n_skipped and place <= last_place as is_counted
from placed
