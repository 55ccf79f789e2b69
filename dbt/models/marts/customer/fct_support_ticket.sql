with tickets as (select * from {{ ref('int_customer__tickets') }})

select
    ticket_key,
    source_system,
    ticket_id,
    account_key,
    contract_key,
    kind,
    priority,
    status,
    created_at,
    first_reply_at,
    resolved_at,
    {{ seconds_between("created_at", "first_reply_at") }} / 3600 as hours_to_first_reply,
    {{ seconds_between("created_at", "resolved_at") }} / 3600 as hours_to_resolution,
    resolved_at is null as is_open,
    coalesce(resolved_at < created_at, false) or coalesce(first_reply_at < created_at, false)
        as is_before_creation
from tickets
