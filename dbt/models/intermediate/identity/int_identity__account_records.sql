-- The account of every record with evidence of a company, as known now.
with memberships as (
    select * from {{ ref('int_identity__memberships') }} where entity = 'account' and valid_to is null
),

records as (select * from {{ ref('int_identity__records') }})

select
    memberships.record_key,
    records.record_type,
    records.source_system,
    records.record_id,
    records.first_known_at,
    records.company_name,
    memberships.anchor_record_key,
    memberships.entity_key as account_key
from memberships
inner join records on memberships.record_key = records.record_key
