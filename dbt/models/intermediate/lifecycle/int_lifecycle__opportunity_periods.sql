-- When we held which version of an opportunity of a lead true, and from when it counts as closed.
with deliveries as (select * from {{ ref('stg_crm__opportunities') }}),

versions as (
    select
        deliveries.*,
        min(_extracted_at) over (
            partition by _source_system, opportunity_id, _row_hash
        ) as version_known_at
    from deliveries
),

periods as (
    {{ version_periods('versions', ['_source_system', 'opportunity_id']) }}
),

judged as (
    select
        {{ surrogate_key(["_source_system", "opportunity_id"]) }} as opportunity_key,
        {{ surrogate_key(["_source_system", "lead_id"]) }} as lead_key,
        created_at,
        closed_at,
        coalesce(is_won, false) as is_won,
        coalesce(is_closed, false) or coalesce(is_won, false) as is_closed,
        owner_id,
        lost_reason,
        first_known_at,
        version_known_at,
        known_from,
        known_to,
        _is_deleted
    from periods
    where lead_id is not null
)

select
    opportunity_key,
    lead_key,
    created_at,
    closed_at,
    is_won,
    owner_id,
    lost_reason,
    first_known_at,
    version_known_at,
    case
        when not is_closed then cast(null as timestamp)
        -- Won without a date: as precise as the delivery. Lost without a date: not known to be over.
        when closed_at is null then case when is_won then version_known_at end
        -- A date-only close on the day of creation lies before it.
        when {{ business_date("closed_at") }} = {{ business_date("created_at") }}
            then greatest(closed_at, created_at)
        else closed_at
    end as effective_closed_at,
    known_from,
    known_to
from judged
where not _is_deleted
