-- A row says that the cash of contracts, with the cash of no contract, is not the cash received (F13).
with contracts as (select * from {{ ref('fct_contract_cash') }}),

cash as (select * from {{ ref('fct_cash') }}),

totals as (
    select
        (select coalesce(sum(cash_minor), 0) from contracts) as contract_minor,
        (
            select coalesce(sum(cash.amount_minor), 0)
            from cash
            left join contracts
                on cash.source_system = contracts.source_system and cash.contract_id = contracts.contract_id
            where contracts.contract_key is null
        ) as other_minor,
        (select coalesce(sum(amount_minor), 0) from cash) as received_minor
)

select *
from totals
where contract_minor + other_minor <> received_minor
