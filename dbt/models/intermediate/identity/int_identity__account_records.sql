-- One row per record with evidence of a company: its account, named by the same anchor rule.
with records as (select * from {{ ref('int_identity__records') }}),

components as (select * from {{ ref('int_identity__account_components') }}),

clustered as (
    select
        records.record_key,
        records.record_type,
        records.source_system,
        records.record_id,
        records.first_known_at,
        records.company_name,
        components.component
    from records
    inner join components on records.record_key = components.node
),

anchored as (
    select
        *,
        first_value(record_key) over (
            partition by component order by first_known_at asc nulls last, record_key asc nulls last
        ) as anchor_record_key
    from clustered
)

select
    record_key,
    record_type,
    source_system,
    record_id,
    first_known_at,
    company_name,
    {{ surrogate_key(["'account'", "anchor_record_key"]) }} as account_key
from anchored
