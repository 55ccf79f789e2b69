-- CRM merges of leads with chains resolved: A into B into C gives A -> C. A cycle keeps its last hop.
with recursive merge_log as (select * from {{ ref('int_crm__merge_log') }}),

crm_merges as (
    select
        {{ surrogate_key(["source_system", "loser_id"]) }} as loser_lead_key,
        {{ surrogate_key(["source_system", "winner_id"]) }} as winner_lead_key,
        merged_at,
        first_known_at as known_at
    from merge_log
    where object_type = 'lead'
    qualify
        row_number() over (
            partition by source_system, loser_id
            order by merged_at desc nulls last, winner_id asc nulls last
        ) = 1
),

-- 20 hops: longer chains do not occur, and a cycle must end.
walk as (
    select loser_lead_key, winner_lead_key as final_lead_key, 1 as hop
    from crm_merges
    union all
    select walk.loser_lead_key, crm_merges.winner_lead_key as final_lead_key, walk.hop + 1 as hop
    from walk
    inner join crm_merges on walk.final_lead_key = crm_merges.loser_lead_key
    where walk.hop < 20 and crm_merges.winner_lead_key <> walk.loser_lead_key
),

resolved as (
    select loser_lead_key, max_by(final_lead_key, hop) as final_lead_key
    from walk
    group by loser_lead_key
)

select
    crm_merges.loser_lead_key,
    crm_merges.winner_lead_key,
    resolved.final_lead_key,
    crm_merges.merged_at,
    crm_merges.known_at
from crm_merges
inner join resolved on crm_merges.loser_lead_key = resolved.loser_lead_key
