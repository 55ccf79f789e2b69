-- How fast an MQL was contacted: hours from the MQL to the first attempt, 0 when one came before it.
-- An attempt after the horizon cannot have made the SQL: not contacted. NULL without any contact extract.
with mqls as (select * from {{ ref('int_questions__mqls') }}),

contacts as (select * from {{ ref('int_sla__contacts') }} where is_attempt),

computable as (select * from {{ ref('int_routing__computable') }}),

bands as (select * from {{ ref('int_questions__speed_bands') }}),

first_attempts as (
    select mqls.enquiry_lead_key, min(contacts.occurred_at) as first_attempt_at
    from mqls
    inner join contacts
        on
            mqls.lead_key = contacts.lead_key
            and mqls.mql_at + mqls.horizon_days * interval '1' day >= contacts.occurred_at
    group by mqls.enquiry_lead_key
),

measured as (
    select
        mqls.enquiry_lead_key,
        first_attempts.first_attempt_at,
        greatest(0, {{ seconds_between("mqls.mql_at", "first_attempts.first_attempt_at") }}) / 3600 as response_hours
    from mqls
    left join first_attempts on mqls.enquiry_lead_key = first_attempts.enquiry_lead_key
)

select
    measured.enquiry_lead_key,
    measured.first_attempt_at,
    case when measured.first_attempt_at is not null then measured.response_hours end as response_hours,
    case
        when not max(computable.has_contacts) then null
        when measured.first_attempt_at is null then 'never'
        else min_by(bands.speed_band, bands.band_order)
    end as speed_band
from measured
cross join computable
-- The first band that is wide enough; the one without a limit holds the rest.
left join bands
    on
        measured.response_hours <= coalesce(bands.max_hours, measured.response_hours)
        and bands.speed_band <> 'never'
group by measured.enquiry_lead_key, measured.first_attempt_at, measured.response_hours
