-- Identifiers and attributes of a record that other systems keep, and the links humans decided.
-- Which of them join anything is said by seeds/rules/identity_identifier_type.csv.
with external_ids as (select * from {{ ref('stg_crm__external_ids') }}),

lifetimes as (select * from {{ ref('int_identity__lifetimes') }}),

must_links as (select * from {{ ref('int_identity__overrides') }} where kind = 'must_link'),

periods as (
    {{ version_periods(
        'external_ids',
        ['_source_system', 'record_type', 'record_source_system', 'record_id', 'identifier_type', 'identifier_value'],
        ['updated_at']
    ) }}
),

stated as (
    select
        {{ surrogate_key([
            "lower(record_type)", "coalesce(record_source_system, _source_system)", "record_id"
        ]) }} as record_key,
        lower(identifier_type) as identifier_type,
        {{ regex_replace_all("lower(" ~ half_width("identifier_value") ~ ")", "[ ]", "") }} as identifier_value,
        known_from,
        known_to
    from periods
    where not _is_deleted
    union all
    select
        record_key,
        case when entity = 'account' then 'account_must_link' else 'must_link' end as identifier_type,
        override_id as identifier_value,
        known_from,
        known_to
    from must_links
)

select
    lifetimes.record_key,
    stated.identifier_type,
    stated.identifier_value,
    greatest(lifetimes.known_from, stated.known_from) as known_from,
    least(lifetimes.known_to, stated.known_to) as known_to
from stated
inner join lifetimes on stated.record_key = lifetimes.record_key
where
    (stated.known_to is null or lifetimes.known_from < stated.known_to)
    and (lifetimes.known_to is null or stated.known_from < lifetimes.known_to)
