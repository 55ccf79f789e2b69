-- Support tickets, newest version, with their account and the contract in force when they were opened.
with deliveries as (select * from {{ ref('stg_success__support_tickets') }}),

tickets as (
    {{ latest_version('deliveries', ['_source_system', 'ticket_id']) }}
),

account_ids as (select * from {{ ref('int_customer__account_ids') }}),

contracts as (select * from {{ ref('int_cash__contracts') }} where not is_deleted),

resolved as (
    select
        {{ surrogate_key(["tickets._source_system", "tickets.ticket_id"]) }} as ticket_key,
        tickets.*,
        account_ids.account_key
    from tickets
    left join account_ids
        on
            tickets._source_system = account_ids.source_system
            and tickets.account_id = account_ids.account_id
    where not tickets._is_deleted
)

select
    resolved.ticket_key,
    resolved._source_system as source_system,
    resolved.ticket_id,
    resolved.account_key,
    contracts.contract_key,
    resolved.kind,
    resolved.priority,
    resolved.created_at,
    resolved.first_reply_at,
    resolved.resolved_at,
    resolved.status,
    resolved.first_known_at
from resolved
left join contracts
    on
        resolved.account_key = contracts.account_key
        and resolved.created_at >= contracts.signed_at
        and resolved.created_at < coalesce(contracts.ends_at, timestamp '9999-12-31 00:00:00')
-- Of several contracts in force, the one signed last.
qualify
    row_number() over (
        partition by resolved.ticket_key
        order by contracts.signed_at desc nulls last, contracts.contract_key asc nulls last
    ) = 1
