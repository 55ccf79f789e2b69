-- Share of suspicious entries per SDR beside that of all other SDRs: one case is chance, a pattern is not.
-- Many people are looked at in every refresh: the interval is so wide that hardly any stands out by chance.
with gaming as (select * from {{ ref('int_scorecards__gaming') }}),

checks as (select * from {{ ref('gaming_check') }} where {{ in_force_now() }}),

per_user as (
    select
        gaming_check, owner_user_id,
        max(owner_team_id) as owner_team_id,
        max(interval_z) as interval_z,
        count(*) as n_entries,
        count(*) filter (where is_suspicious) as n_suspicious
    from gaming
    where owner_user_id is not null
    group by gaming_check, owner_user_id
),

compared as (
    select
        per_user.*,
        sum(n_entries) over (partition by gaming_check) - n_entries as n_entries_others,
        sum(n_suspicious) over (partition by gaming_check) - n_suspicious as n_suspicious_others
    from per_user
),

rated as (
    select
        *,
        {{ ratio("n_suspicious", "n_entries") }} as suspicious_rate,
        {{ wilson_bound("n_suspicious", "n_entries", "low") }} as suspicious_rate_low,
        {{ wilson_bound("n_suspicious", "n_entries", "high") }} as suspicious_rate_high,
        {{ ratio("n_suspicious_others", "n_entries_others") }} as suspicious_rate_others,
        {{ newcombe_bound(
            "n_suspicious", "n_entries", "n_suspicious_others", "n_entries_others", "low", "interval_z"
        ) }}
            as difference_low,
        {{ newcombe_bound(
            "n_suspicious", "n_entries", "n_suspicious_others", "n_entries_others", "high", "interval_z"
        ) }}
            as difference_high
    from compared
)

select
    {{ surrogate_key(["rated.gaming_check", "rated.owner_user_id"]) }} as gaming_check_key,
    rated.gaming_check,
    checks.label_en,
    checks.label_zh,
    rated.owner_user_id as user_id,
    rated.owner_team_id as team_id,
    rated.n_entries,
    rated.n_suspicious,
    rated.suspicious_rate,
    rated.suspicious_rate_low,
    rated.suspicious_rate_high,
    rated.suspicious_rate_others,
    rated.difference_low,
    rated.difference_high,
    coalesce(rated.difference_low > 0, false) as is_pattern,
    case when rated.n_entries < {{ policy('funnel', 'small_n') }} then 'small_n' else 'ok' end as ratio_status
from rated
inner join checks on rated.gaming_check = checks.gaming_check
