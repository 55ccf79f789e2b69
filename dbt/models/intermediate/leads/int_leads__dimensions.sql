-- What a lead is counted by, long form: one row per kind of dimension of the lead itself that is
-- switched on. The SDR is no property of a lead but of its entry into a stage.
with leads as (select * from {{ ref('int_leads__leads') }}),

kinds as (
    select * from {{ ref('funnel_dimension') }}
    where is_enabled and not needs_owner_sides and {{ in_force_now() }}
),

segments as (select * from {{ ref('company_segment') }} where {{ in_force_now() }}),

described as (
    select
        leads.lead_key,
        leads.channel,
        leads.lead_source,
        leads.industry,
        segments.segment
    from leads
    -- A handful of bands that do not overlap; a lead without a size is in the one that asks for none.
    left join segments
        on
            coalesce(leads.employee_count, -1) >= segments.min_employees
            and coalesce(leads.employee_count, -1) <= coalesce(segments.max_employees, 2147483647)
)

select
    described.lead_key,
    kinds.dimension_kind,
    coalesce(
        case kinds.dimension_kind
            when 'channel' then described.channel
            when 'lead_source' then described.lead_source
            when 'industry' then described.industry
            when 'segment' then described.segment
        end,
        kinds.missing_value
    ) as dimension_value,
    kinds.is_by_month
from described
cross join kinds
