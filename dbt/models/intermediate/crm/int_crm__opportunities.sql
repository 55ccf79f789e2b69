with versions as (select * from {{ ref('stg_crm__opportunities') }}),

latest as (
    {{ latest_version('versions', ['_source_system', 'opportunity_id']) }}
)

select
    {{ surrogate_key(["_source_system", "opportunity_id"]) }} as opportunity_key,
    case
        when lead_id is not null then {{ surrogate_key(["_source_system", "lead_id"]) }}
    end as lead_key,
    _source_system as source_system,
    opportunity_id,
    lead_id,
    account_id,
    primary_contact_id,
    type as opportunity_type,
    stage as opportunity_stage,
    amount,
    currency,
    created_at,
    closed_at,
    coalesce(is_won, false) as is_won,
    coalesce(is_closed, false) or coalesce(is_won, false) as is_closed,
    lost_reason,
    is_tender,
    owner_id,
    first_known_at,
    version_known_at as known_at,
    _is_deleted as is_deleted
from latest
