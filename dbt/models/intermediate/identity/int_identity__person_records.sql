-- One row per record: its person. The id is the hash of the anchor, the first record of the cluster
-- that we ever loaded: a pure function of membership, so a rebuild gives the same ids.
with records as (
    select * from {{ ref('int_identity__records') }} where record_type not in ('crm_account', 'web_visitor', 'social_touch', 'message_recipient')
),

components as (select * from {{ ref('int_identity__person_components') }}),

clustered as (
    select
        records.*,
        coalesce(components.component, records.record_key) as component,
        components.node is not null as is_identified
    from records
    left join components on records.record_key = components.node
),

anchored as (
    select
        *,
        first_value(record_key) over (
            partition by component order by first_known_at asc nulls last, record_key asc nulls last
        ) as anchor_record_key
    from clustered
)

select
    record_key,
    record_type,
    source_system,
    record_id,
    first_known_at,
    is_identified,
    anchor_record_key,
    {{ surrogate_key(["'person'", "anchor_record_key"]) }} as person_key
from anchored
