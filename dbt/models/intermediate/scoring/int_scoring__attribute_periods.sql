-- Periods in which a lead's attribute earns the points of an item, as known now.
with periods as (select * from {{ ref('int_crm__lead_field_periods') }}),

earned as (
    {{ attribute_periods('periods') }}
)

select * from earned
