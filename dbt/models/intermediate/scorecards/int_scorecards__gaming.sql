-- Which stays look like counted for the target and not for the lead: one row per check and stay that
-- is old enough for the check, suspicious or not.
with stays as (select * from {{ ref('int_scorecards__stage_stays') }}),

checks as (select * from {{ ref('gaming_check') }} where is_enabled and {{ in_force_now() }})

select
    checks.gaming_check,
    checks.limit_days,
    checks.interval_z,
    stays.lead_key,
    stays.stay_number,
    stays.stage,
    stays.entered_at,
    stays.exited_at,
    stays.owner_user_id,
    stays.owner_team_id,
    coalesce(
        case checks.gaming_check
            when 'undone_at_once'
                then stays.is_undone and stays.stayed_s > 0 and stays.stayed_s <= checks.limit_days * 86400
            when 'counted_again' then stays.since_last_entry_s <= checks.limit_days * 86400
            when 'passed_through' then stays.is_undone and stays.stayed_s = 0
        end,
        false
    ) as is_suspicious
from stays
inner join checks on stays.stage = checks.stage
where stays.age_s >= checks.limit_days * 86400
