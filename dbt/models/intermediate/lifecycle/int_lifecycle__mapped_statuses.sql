-- Status assertions with the stage the status map gives them; NULL stage = a status nobody mapped.
with assertions as (select * from {{ ref('int_lifecycle__status_assertions') }}),

status_map as (select * from {{ ref('crm_status_map') }} where crm_object = 'lead'),

matched as (
    select
        assertions.*,
        status_map.stage
    from assertions
    left join status_map
        on
            lower(assertions.crm_status) = lower(status_map.crm_status)
            and status_map.source_system in ('*', assertions.source_system)
            and {{ in_force('status_map', business_date('assertions.occurred_at')) }}
    qualify
        row_number() over (
            partition by assertions.event_id
            -- A row for this very source system wins over the row for all.
            order by case when status_map.source_system = '*' then 1 else 0 end asc nulls last
        ) = 1
)

select * from matched
