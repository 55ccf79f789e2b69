-- First version: creations, and merges the CRM told us. Splits and moves come with the graph.
with persons as (select * from {{ ref('int_identity__person_records') }}),

crm_merges as (select * from {{ ref('int_crm__lead_merges') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

created as (
    select
        'created' as event_kind, person_key, record_key as cause_record_key,
        first_known_at as known_at, 'first record' as cause
    from persons
    where record_key = anchor_record_key
),

merged as (
    select
        'merged' as event_kind, winners.person_key, losers.record_key as cause_record_key,
        crm_merges.known_at, 'crm_merge_log' as cause
    from crm_merges
    inner join leads as losers on crm_merges.loser_lead_key = losers.lead_key
    inner join leads as winners on crm_merges.final_lead_key = winners.lead_key
),

events as (
    select * from created
    union all
    select * from merged
)

select
    {{ surrogate_key(["event_kind", "person_key", "cause_record_key"]) }} as identity_event_key,
    event_kind,
    person_key,
    cause_record_key,
    cause,
    known_at
from events
