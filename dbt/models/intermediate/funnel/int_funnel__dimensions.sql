-- What an entry into a stage is counted by, long form: one row per kind of dimension that is switched
-- on. Channel, industry and size are those of the enquiry's surviving lead, the SDR is that of the entry.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

sdrs as (select * from {{ ref('int_funnel__sdrs') }}),

kinds as (select * from {{ ref('funnel_dimension') }} where is_enabled and {{ in_force_now() }}),

segments as (select * from {{ ref('company_segment') }} where {{ in_force_now() }}),

computable as (select * from {{ ref('int_routing__computable') }}),

described as (
    select
        entries.enquiry_lead_key,
        entries.stage,
        entries.channel,
        leads.lead_source,
        leads.industry,
        segments.segment,
        sdrs.owner_user_id,
        sdrs.owner_team_id
    from entries
    inner join leads on entries.enquiry_lead_key = leads.lead_key
    -- Size bands do not overlap; a lead without a size is in the band that asks for none.
    left join segments
        on
            coalesce(leads.employee_count, -1) >= segments.min_employees
            and coalesce(leads.employee_count, -1) <= coalesce(segments.max_employees, 2147483647)
    left join sdrs
        on entries.enquiry_lead_key = sdrs.enquiry_lead_key and entries.stage = sdrs.stage
),

long_form as (
    select
        described.enquiry_lead_key,
        described.stage,
        kinds.dimension_kind,
        case kinds.dimension_kind
            when 'channel' then described.channel
            when 'lead_source' then described.lead_source
            when 'industry' then described.industry
            when 'segment' then described.segment
            when 'sdr' then described.owner_user_id
            when 'sdr_team' then described.owner_team_id
            when 'all' then kinds.missing_value
        end as stated_value,
        kinds.missing_value,
        kinds.is_by_month
    from described
    cross join kinds
    cross join computable
    where not kinds.needs_owner_sides or computable.has_sides
)

select
    enquiry_lead_key,
    stage,
    dimension_kind,
    coalesce(stated_value, missing_value) as dimension_value,
    is_by_month
from long_form
