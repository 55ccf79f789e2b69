with states as (select * from {{ ref('int_customer__states') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }}),

-- Without milestones and usage nobody can be seen to have adopted anything.
computable as (
    select count(*) filter (where is_present) > 0 as has_activations
    from presence
    where extract_table in ('onboarding_milestones', 'product_usage_daily')
)

select
    {{ surrogate_key(["states.account_key", "states.stay_number"]) }} as account_stage_interval_key,
    states.account_key,
    cast(states.stay_number as integer) as stay_number,
    cast(states.spell_number as integer) as spell_number,
    states.stage,
    states.entered_at,
    states.exited_at,
    states.previous_stage,
    states.next_stage,
    states.exited_at is null as is_open,
    case
        when states.stage in ('onboarding', 'win_back') and not computable.has_activations
            then 'adoption_not_computable'
        else 'ok'
    end as stage_status
from states
cross join computable
