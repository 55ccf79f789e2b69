-- Record versions on the axis of business time: when did the record say this?
with versions as (
    select
        *,
        row_number() over (partition by record_key order by known_from asc nulls last) as version_number
    from {{ ref('int_identity__record_versions') }}
),

kinds as (select * from {{ ref('record_statement') }} where {{ in_force_now() }}),

-- A newer version of a form corrects what was said then; one of a CRM contact tells of a change.
counted as (
    select
        versions.*,
        kinds.is_employment,
        coalesce(kinds.statement_kind = 'changes', false) and versions.version_number > 1 as is_change
    from versions
    left join kinds on versions.record_type = kinds.record_type
    where versions.known_to is null or kinds.statement_kind = 'changes'
),

-- Nothing was said after we knew it, whatever the clock of the source.
dated as (
    select
        *,
        case
            when is_change and stated_at is not null then 'updated'
            when is_change or occurred_at is null then 'delivered'
            else 'occurred'
        end as said_basis,
        least(coalesce(case when is_change then stated_at else occurred_at end, known_from), known_from) as said_then
    from counted
),

-- The later version was not said before the earlier one.
ordered as (
    select
        *,
        max(said_then) over (
            partition by record_key order by known_from asc nulls last
            rows between unbounded preceding and current row
        ) as said_at
    from dated
)

select
    *,
    lead(said_at) over (partition by record_key order by known_from asc nulls last) as said_until
from ordered
