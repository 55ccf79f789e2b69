-- Leads caught by the phone rules; the length that counts as junk or suspect is a rule parameter.
with leads as (
    select * from {{ ref('int_leads__leads') }} where phone_type in ('mobile', 'foreign', 'invalid')
),

phone_runs as (select * from {{ ref('int_identifiers__phone_runs') }}),

blocked_values as (
    select * from {{ ref('identity_blocked_value') }}
    where identifier_type = 'mobile' and {{ in_force_now() }}
),

rules as (select * from {{ ref('cleaning_rule') }} where {{ in_force_now() }}),

measured as (
    select leads.lead_key, 'repeat' as run_kind, phone_runs.repeat_run as run_length
    from leads
    inner join phone_runs on leads.phone_national_number = phone_runs.national_number
    union all
    select leads.lead_key, 'sequence' as run_kind, phone_runs.sequence_run as run_length
    from leads
    inner join phone_runs on leads.phone_national_number = phone_runs.national_number
),

-- A run that is junk is not also suspect: the rule with the highest threshold that it meets.
run_hits as (
    select
        measured.lead_key,
        rules.rule_id,
        concat(measured.run_kind, ' run of ', cast(measured.run_length as {{ dbt.type_string() }}))
            as evidence
    from measured
    inner join rules
        on
            rules.is_enabled
            and rules.rule_id in (
                concat('phone_', measured.run_kind, '_run'), concat('phone_', measured.run_kind, '_suspect')
            )
            and measured.run_length >= rules.param_value
    qualify
        row_number() over (
            partition by measured.lead_key, measured.run_kind order by rules.param_value desc nulls last
        ) = 1
)

select leads.lead_key, 'blocked_phone' as rule_id, blocked_values.reason as evidence
from leads
inner join blocked_values on leads.phone_e164 = blocked_values.blocked_value
union
select lead_key, rule_id, evidence from run_hits
