-- What an entry into a stage is counted by, long form: one row per kind of dimension that is switched
-- on. Channel, industry and size are those of the enquiry's surviving lead, the SDR is that of the entry.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

lead_dimensions as (select * from {{ ref('int_leads__dimensions') }}),

sdrs as (select * from {{ ref('int_funnel__sdrs') }}),

sdr_kinds as (
    select * from {{ ref('funnel_dimension') }}
    where is_enabled and needs_owner_sides and {{ in_force_now() }}
),

computable as (select * from {{ ref('int_routing__computable') }})

select
    entries.enquiry_lead_key,
    entries.stage,
    lead_dimensions.dimension_kind,
    lead_dimensions.dimension_value,
    lead_dimensions.is_by_month
from entries
inner join lead_dimensions on entries.enquiry_lead_key = lead_dimensions.lead_key
union all
select
    entries.enquiry_lead_key,
    entries.stage,
    sdr_kinds.dimension_kind,
    coalesce(
        case sdr_kinds.dimension_kind
            when 'sdr' then sdrs.owner_user_id
            when 'sdr_team' then sdrs.owner_team_id
        end,
        sdr_kinds.missing_value
    ) as dimension_value,
    sdr_kinds.is_by_month
from entries
cross join sdr_kinds
cross join computable
left join sdrs
    on entries.enquiry_lead_key = sdrs.enquiry_lead_key and entries.stage = sdrs.stage
where computable.has_sides
