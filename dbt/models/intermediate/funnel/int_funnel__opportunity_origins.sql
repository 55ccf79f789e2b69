-- Where each opportunity came from: the lead it names, else the leads of the same person or account
-- that were there before it or came after it (F17).
with opportunities as (select * from {{ ref('int_customer__opportunities') }}),

leads as (select * from {{ ref('int_leads__leads') }} where not is_deleted),

contacts as (
    select source_system, record_id, person_key
    from {{ ref('int_identity__person_records') }}
    where record_type = 'crm_contact'
),

buyers as (
    select opportunities.*, contacts.person_key
    from opportunities
    left join contacts
        on
            opportunities.source_system = contacts.source_system
            and opportunities.primary_contact_id = contacts.record_id
),

candidates as (
    select
        buyers.opportunity_key, 'person' as match_kind, 1 as match_rank, leads.lead_key,
        leads.created_at as lead_created_at, leads.created_at <= buyers.created_at as is_prior
    from buyers
    inner join leads on buyers.person_key = leads.person_key
    where buyers.lead_key is null
    union all
    select
        buyers.opportunity_key, 'account' as match_kind, 2 as match_rank, leads.lead_key,
        leads.created_at as lead_created_at, leads.created_at <= buyers.created_at as is_prior
    from buyers
    inner join leads on buyers.account_key = leads.account_key
    where buyers.lead_key is null
),

-- The same person says more than the same company; then the nearest lead in time.
matches as (
    select *
    from candidates
    qualify
        row_number() over (
            partition by opportunity_key, is_prior
            order by
                match_rank asc nulls last,
                case when is_prior then lead_created_at end desc nulls last,
                lead_created_at asc nulls last, lead_key asc nulls last
        ) = 1
)

select
    buyers.opportunity_key,
    buyers.account_key,
    buyers.owner_id,
    buyers.created_at,
    buyers.is_won,
    buyers.won_at,
    buyers.lead_key,
    buyers.named_lead_key is not null and buyers.lead_key is null as is_lead_missing,
    earlier.lead_key as prior_lead_key,
    earlier.match_kind as prior_match_kind,
    later.lead_key as later_lead_key,
    later.match_kind as later_match_kind,
    later.lead_created_at as later_lead_created_at,
    case
        when buyers.lead_key is not null then 'lead'
        when earlier.lead_key is not null then 'unnamed_prior_lead'
        when later.lead_key is not null then 'later_lead'
        else 'no_lead'
    end as origin
from buyers
left join matches as earlier
    on buyers.opportunity_key = earlier.opportunity_key and earlier.is_prior
left join matches as later
    on buyers.opportunity_key = later.opportunity_key and not later.is_prior
