-- Instants at which a lead leaves everybody's hands: a stay outside the success path begins, the CRM
-- merges it away, or deletes it.
with intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

lead_merges as (select * from {{ ref('int_crm__lead_merges') }}),

leads as (select * from {{ ref('int_crm__leads') }} where is_deleted),

tombstones as (select * from {{ ref('stg_crm__leads') }} where _is_deleted),

-- Loaders often leave the change date of a tombstone empty.
deletions as (
    select
        leads.lead_key,
        min(coalesce(tombstones.updated_at, tombstones._extracted_at)) as deleted_at,
        min(tombstones._extracted_at) as known_at
    from leads
    inner join tombstones
        on leads.source_system = tombstones._source_system and leads.lead_id = tombstones.lead_id
    group by leads.lead_key
)

select lead_key, entered_at as closed_at, stage as closed_as, known_at
from intervals
where path_kind <> 'success'
union all
select loser_lead_key as lead_key, merged_at as closed_at, 'merged' as closed_as, known_at
from lead_merges
where merged_at is not null
union all
select lead_key, deleted_at as closed_at, 'deleted' as closed_as, known_at
from deletions
