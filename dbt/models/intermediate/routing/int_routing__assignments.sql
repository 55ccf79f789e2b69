-- Every time a lead came to another SDR or sales person, with what assignment rules look at.
with owner_periods as (
    select * from {{ ref('int_routing__owner_periods') }}
    where owner_side in ('sdr', 'sales') and owner_user_id is distinct from previous_user_id
),

leads as (select * from {{ ref('int_leads__leads') }}),

crm_leads as (select * from {{ ref('int_crm__leads') }}),

users as (select * from {{ ref('int_routing__users') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

placed as (
    select
        owner_periods.*,
        {{ business_date("owner_periods.valid_from") }} as assigned_date,
        users.daily_capacity,
        lower(leads.channel) as channel,
        lower(leads.country) as country,
        lower(leads.industry) as industry,
        lower(leads.lead_source) as lead_source,
        lower(crm_leads.city) as city
    from owner_periods
    cross join as_of
    inner join leads on owner_periods.lead_key = leads.lead_key
    inner join crm_leads on owner_periods.lead_key = crm_leads.lead_key
    left join users
        on
            owner_periods.source_system = users.source_system
            and owner_periods.owner_user_id = users.user_id
            and owner_periods.valid_from >= users.valid_from
            and owner_periods.valid_from < coalesce(users.valid_to, timestamp '9999-12-31 00:00:00')
    where owner_periods.valid_from <= as_of.as_of
)

select
    {{ surrogate_key(["'assignment'", "lead_key", "valid_from"]) }} as assignment_key,
    lead_key,
    source_system,
    valid_from as assigned_at,
    assigned_date,
    owner_user_id as user_id,
    owner_team_id as team_id,
    owner_role as role,
    owner_side as side,
    previous_user_id,
    previous_side,
    -- Within a side it is a change of hands (holiday cover, rebalancing), no distribution.
    coalesce(previous_side, 'nobody') <> owner_side as is_distribution,
    coalesce(change_source = 'source_assigned', false) as is_source_assigned,
    change_source,
    channel,
    country,
    industry,
    lead_source,
    city,
    daily_capacity,
    row_number() over (
        partition by source_system, owner_user_id, assigned_date
        order by valid_from asc nulls last, lead_key asc nulls last
    ) as number_of_day
from placed
