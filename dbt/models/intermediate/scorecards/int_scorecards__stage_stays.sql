-- Every stay in a stage that targets are set for, with the SDR and the team that had the lead then, and
-- how it ended: given back to an earlier stage or given up, or not.
with stays as (select * from {{ ref('int_lifecycle__intervals') }}),

checks as (
    select distinct stage from {{ ref('gaming_check') }} where is_enabled and {{ in_force_now() }}
),

leads as (select lead_key from {{ ref('int_leads__outcomes') }} where cleaning_outcome = 'net'),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

owner_periods as (select * from {{ ref('int_routing__owner_periods') }} where owner_side = 'sdr'),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

watched as (
    select
        stays.lead_key, stays.stay_number, stays.stage, stays.entered_at, stays.exited_at,
        lag(stays.entered_at) over (
            partition by stays.lead_key, stays.stage order by stays.stay_number asc nulls last
        ) as entered_before_at,
        stays.exited_at is not null
        and coalesce(next_stages.stage_rank < stays.stage_rank, true) as is_undone
    from stays
    inner join checks on stays.stage = checks.stage
    inner join leads on stays.lead_key = leads.lead_key
    left join stages as next_stages on stays.next_stage = next_stages.stage
),

-- Who had it last before it got there.
owned as (
    select watched.lead_key, watched.stay_number, owner_periods.owner_user_id, owner_periods.owner_team_id
    from watched
    inner join owner_periods
        on watched.lead_key = owner_periods.lead_key and watched.entered_at >= owner_periods.valid_from
    qualify
        row_number() over (
            partition by watched.lead_key, watched.stay_number
            order by owner_periods.valid_from desc nulls last, owner_periods.period_number desc nulls last
        ) = 1
)

select
    watched.lead_key,
    watched.stay_number,
    watched.stage,
    watched.entered_at,
    watched.exited_at,
    watched.is_undone,
    owned.owner_user_id,
    owned.owner_team_id,
    {{ seconds_between("watched.entered_at", "watched.exited_at") }} as stayed_s,
    {{ seconds_between("watched.entered_before_at", "watched.entered_at") }} as since_last_entry_s,
    {{ seconds_between("watched.entered_at", "as_of.as_of") }} as age_s
from watched
cross join as_of
left join owned on watched.lead_key = owned.lead_key and watched.stay_number = owned.stay_number
