with clocks as (select * from {{ ref('fct_sla') }} where is_binding and is_open and status = 'breached'),

leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome = 'net'),

owners_now as (select * from {{ ref('fct_lead_owner_period') }} where valid_to is null),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    clocks.sla_key,
    clocks.lead_key,
    leads.source_system,
    leads.lead_id,
    clocks.policy_id,
    clocks.responsible_user_id,
    clocks.responsible_team_id,
    owners_now.owner_user_id,
    owners_now.owner_team_id,
    leads.channel,
    clocks.points_at_start,
    clocks.started_at,
    clocks.due_at,
    {{ seconds_between("clocks.due_at", "as_of.as_of") }} / 3600 as hours_overdue,
    cast(row_number() over (
        order by clocks.points_at_start desc nulls last, clocks.due_at asc nulls last, clocks.sla_key asc nulls last
    ) as integer) as list_position
from clocks
inner join leads on clocks.lead_key = leads.lead_key
left join owners_now on clocks.lead_key = owners_now.lead_key
cross join as_of
