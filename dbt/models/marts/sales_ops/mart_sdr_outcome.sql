with outcomes as (select * from {{ ref('int_routing__sdr_outcomes') }})

select
    spell_key,
    lead_key,
    user_id,
    team_id,
    started_at,
    {{ business_month("started_at") }} as started_month,
    ended_at,
    ending,
    outcome,
    reason_code,
    contact,
    cast(n_attempts as integer) as n_attempts,
    cast(attempts_to_connect as integer) as attempts_to_connect,
    cast(talk_seconds as bigint) as talk_seconds,
    rule_version
from outcomes
