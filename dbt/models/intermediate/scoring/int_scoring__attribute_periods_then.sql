-- Periods in which a lead's attribute earns the points of an item, as we knew it at the time.
with periods as (select * from {{ ref('int_crm__lead_field_periods_then') }}),

earned as (
    {{ attribute_periods('periods') }}
)

select * from earned
