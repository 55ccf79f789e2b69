-- The answer of question 3 per clock, with what was left out and which sentence says it. An effect is estimated
-- only where the estimator says that it may be (dagster_project/lib/questions/speed_effect.py).
with estimates as (select * from {{ ref('int_questions__speed_estimates') }}),

responses as (select * from {{ ref('int_questions__responses') }}),

policies as (
    select * from {{ ref('sla_policy') }}
    where stop_level = 'attempt' and clock_start in ('created', 'assigned') and {{ in_force_now() }}
),

clocks as (select * from {{ ref('question_segment') }} where dimension = 'speed_clock' and {{ in_force_now() }}),

counted as (
    select
        policy_id,
        count(*) filter (where not is_mature) as n_open,
        count(*) filter (where is_mature and is_sql_already) as n_sql_already,
        count(*) filter (where is_mature and is_self_converted and not is_sql_already) as n_self_converted,
        count(*) filter (where is_mature and behaviour_points is not null and has_contacts) as n_computable,
        count(*) filter (where is_mature) as n_mature
    from responses
    group by policy_id
),

judged as (
    select
        policies.policy_id,
        policies.clock_start,
        policies.clock,
        clocks.name_en as clock_en,
        clocks.name_zh as clock_zh,
        counted.n_open,
        counted.n_sql_already,
        counted.n_self_converted,
        estimates.*,
        case
            when coalesce(counted.n_mature, 0) > 0 and counted.n_computable = 0 then 'not_computable'
            else coalesce(estimates.verdict, 'not_enough_data')
        end as final_verdict
    from policies
    inner join clocks on policies.clock_start || '_' || policies.clock = clocks.code
    left join counted on policies.policy_id = counted.policy_id
    left join estimates on policies.policy_id = estimates.policy_id
),

worded as (
    select
        judged.*,
        case
            when final_verdict = 'estimated' and adjusted_pp_low > 0 then 'estimated_higher'
            when final_verdict = 'estimated' and adjusted_pp_high < 0 then 'estimated_lower'
            when final_verdict = 'estimated' then 'estimated_same'
            when final_verdict = 'association_only' and reason = 'ripened' then 'association_ripened'
            else final_verdict
        end as sentence
    from judged
)

select * from worded
