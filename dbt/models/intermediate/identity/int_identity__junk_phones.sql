-- Numbers whose run of equal or sequential digits is as long as the cleaning rules call junk.
with phone_runs as (select * from {{ ref('int_identifiers__phone_runs') }}),

cleaning_rules as (select * from {{ ref('cleaning_rule') }} where is_enabled and {{ in_force_now() }})

select distinct phone_runs.national_number
from phone_runs
inner join cleaning_rules
    on
        (cleaning_rules.rule_id = 'phone_repeat_run' and phone_runs.repeat_run >= cleaning_rules.param_value)
        or (cleaning_rules.rule_id = 'phone_sequence_run' and phone_runs.sequence_run >= cleaning_rules.param_value)
