-- Leads in the black hole now, what is worth most first: to be worked off.
with intervals as (select * from {{ ref('fct_black_hole_interval') }} where is_open),

leads as (select * from {{ ref('dim_lead') }}),

stays as (select * from {{ ref('fct_lead_stage_interval') }} where is_open),

owners as (select * from {{ ref('fct_lead_owner_period') }} where valid_to is null),

lead_values as (select * from {{ ref('int_blackhole__values') }}),

permissions as (
    select
        person_key,
        max(case when channel = 'phone' then decision end) as phone_permission,
        max(case when channel = 'email' then decision end) as email_permission
    from {{ ref('int_golden__permissions') }}
    where purpose = 'marketing'
    group by person_key
),

costs as (
    select lead_key, sum(amount_minor) as sunk_cost_minor
    from {{ ref('fct_lead_cost') }}
    where is_allocated
    group by lead_key
),

presence as (select * from {{ ref('int_attribution__computable') }}),

words as (
    select distinct cause, label_en, label_zh from {{ ref('black_hole_cause') }} where {{ in_force_now() }}
)

select
    intervals.lead_key,
    leads.source_system,
    leads.lead_id,
    leads.channel,
    intervals.original_channel,
    stays.stage,
    intervals.cause,
    words.label_en as cause_en,
    words.label_zh as cause_zh,
    intervals.responsible_party,
    owners.owner_user_id,
    owners.owner_team_id,
    intervals.entered_at,
    intervals.days_in_hole,
    intervals.n_attempts,
    intervals.n_conversations,
    lead_values.total_points,
    lead_values.band,
    lead_values.dwell_band,
    permissions.phone_permission,
    permissions.email_permission,
    '{{ var("reporting_currency") }}' as currency,
    case when presence.has_cost then cast(coalesce(costs.sunk_cost_minor, 0) as bigint) end as sunk_cost_minor,
    lead_values.odds_basis,
    lead_values.n_trials,
    lead_values.n_won,
    lead_values.win_rate,
    lead_values.win_rate_low,
    lead_values.win_rate_high,
    lead_values.cash_per_win_minor,
    lead_values.expected_value_minor,
    lead_values.expected_value_low,
    lead_values.expected_value_high,
    lead_values.value_status,
    cast(row_number() over (
        order by
            lead_values.expected_value_minor desc nulls last, lead_values.total_points desc nulls last,
            intervals.entered_at asc nulls last, intervals.lead_key asc nulls last
    ) as integer) as list_position
from intervals
inner join leads on intervals.lead_key = leads.lead_key
inner join stays on intervals.lead_key = stays.lead_key
inner join lead_values on intervals.lead_key = lead_values.lead_key
cross join presence
left join owners on intervals.lead_key = owners.lead_key
left join permissions on leads.person_key = permissions.person_key
left join costs on intervals.lead_key = costs.lead_key
left join words on intervals.cause = words.cause
