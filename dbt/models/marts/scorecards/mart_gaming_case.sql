with gaming as (select * from {{ ref('int_scorecards__gaming') }} where is_suspicious),

checks as (select * from {{ ref('gaming_check') }} where {{ in_force_now() }})

select
    {{ surrogate_key(["gaming.gaming_check", "gaming.lead_key", "gaming.stay_number"]) }} as gaming_case_key,
    gaming.gaming_check,
    checks.label_en,
    checks.label_zh,
    gaming.lead_key,
    gaming.stage,
    gaming.entered_at,
    gaming.exited_at,
    gaming.owner_user_id as user_id,
    gaming.owner_team_id as team_id
from gaming
inner join checks on gaming.gaming_check = checks.gaming_check
