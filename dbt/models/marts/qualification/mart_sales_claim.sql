-- Who in sales took a lead for his own, and whether somebody had handed it over before.
with claims as (select * from {{ ref('int_qualification__claims') }}),

has_records as (
    select max(cast(is_present as integer)) = 1 as is_present
    from {{ ref('int_quality__extract_presence') }}
    where extract_table = 'crm_handoffs'
),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    {{ surrogate_key([
        "claims.lead_key", "claims.claim_evidence", "claims.claimed_at", "claims.claimed_by_user_id",
        "claims.handoff_key"
    ]) }} as sales_claim_key,
    claims.lead_key,
    claims.claimed_at,
    {{ business_date("claims.claimed_at") }} as claimed_date,
    claims.claimed_by_user_id,
    claims.claimed_by_team_id,
    claims.claim_evidence,
    claims.is_own_act,
    claims.handoff_key,
    claims.offered_at,
    case when has_records.is_present then claims.handoff_key is null end as is_self_sourced
from claims
cross join has_records
inner join as_of on claims.claimed_at <= as_of.as_of
