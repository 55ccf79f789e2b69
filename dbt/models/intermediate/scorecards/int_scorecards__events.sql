-- What key figures count, one row per figure, thing that happened and team it is counted for. Marketing
-- teams own channels, SDRs and sales own leads: each as of the event. A count's row is good by itself.
with entries as (select * from {{ ref('int_funnel__stage_entries') }}),

wins as (select * from {{ ref('int_funnel__wins') }}),

leads as (select * from {{ ref('int_leads__leads') }}),

net as (select lead_key from {{ ref('int_leads__outcomes') }} where cleaning_outcome = 'net'),

team_channels as (select * from {{ ref('team_channel') }}),

sdrs as (select * from {{ ref('int_funnel__sdrs') }}),

clocks as (select * from {{ ref('int_sla__clocks') }} where is_binding),

handoffs as (select * from {{ ref('int_handoffs__judged') }}),

stays as (select * from {{ ref('int_scorecards__stage_stays') }}),

checks as (
    select * from {{ ref('gaming_check') }}
    where gaming_check = 'undone_at_once' and is_enabled and {{ in_force_now() }}
),

reached as (
    select
        case stage when 'mql' then 'mqls' when 'sql' then 'sqls' end as kpi,
        enquiry_lead_key as event_key,
        stage,
        channel,
        reached_at as happened_at
    from entries
    where stage in ('mql', 'sql')
),

counted as (
    select 'net_leads' as kpi, leads.lead_key as event_key, leads.channel, leads.created_at as happened_at
    from leads
    inner join net on leads.lead_key = net.lead_key
    union all
    select kpi, event_key, channel, happened_at from reached
    union all
    select 'wins' as kpi, win_key as event_key, channel, won_at as happened_at from wins
)

select
    counted.kpi, counted.event_key, counted.happened_at, team_channels.team,
    true as is_good, true as is_first_row
from counted
left join team_channels
    on
        counted.channel = team_channels.channel
        and {{ in_force('team_channels', business_date('counted.happened_at')) }}
union all
-- The same entries once more, for the team that worked them.
select
    reached.kpi, reached.event_key, reached.happened_at, sdrs.owner_team_id as team,
    true as is_good, false as is_first_row
from reached
inner join sdrs on reached.event_key = sdrs.enquiry_lead_key and reached.stage = sdrs.stage
union all
select
    'contact_in_time' as kpi, concat(clock_key, policy_id) as event_key, started_at as happened_at, team_id as team,
    status = 'met' as is_good, true as is_first_row
from clocks
where is_mature and status in ('met', 'breached')
union all
select
    'handoff_acceptance' as kpi, handoff_key as event_key, offered_at as happened_at, to_team_id as team,
    outcome_in_window = 'accepted' as is_good, true as is_first_row
from handoffs
where
    coalesce(counts_in_acceptance, false) and not is_self_assigned and is_window_closed
    and outcome_in_window in ('accepted', 'rejected', 'timeout')
union all
select
    'sql_not_returned' as kpi,
    concat(stays.lead_key, '-', cast(stays.stay_number as {{ dbt.type_string() }})) as event_key,
    stays.entered_at as happened_at, stays.owner_team_id as team,
    not coalesce(stays.is_undone and stays.stayed_s <= checks.limit_days * 86400, false) as is_good,
    true as is_first_row
from stays
inner join checks on stays.stage = checks.stage
where stays.age_s >= checks.limit_days * 86400
