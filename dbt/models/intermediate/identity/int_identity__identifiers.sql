-- Observations with the verdict of the guards: which identifier may join records, and if not, why.
with observations as (select * from {{ ref('int_identity__observations') }}),

identifier_types as (select * from {{ ref('identity_identifier_type') }}),

blocked_values as (select * from {{ ref('identity_blocked_value') }}),

honorifics as (select * from {{ ref('honorific_name') }}),

phone_runs as (select * from {{ ref('int_identity__phone_runs') }}),

cleaning_rules as (select * from {{ ref('cleaning_rule') }}),

junk_run as (
    select
        min(param_value) filter (where rule_id = 'phone_repeat_run') as repeat_run,
        min(param_value) filter (where rule_id = 'phone_sequence_run') as sequence_run
    from cleaning_rules
    where valid_to is null
),

names as (
    select
        observations.*,
        {{ regex_replace_all("lower(" ~ half_width("observations.full_name") ~ ")", "[ .·•]", "") }} as name_key
    from observations
),

-- 王总 or 李先生 is a way to address a person, not the person's name.
full_names as (
    select names.identifier_type, names.identifier_value, names.name_key
    from names
    left join honorifics on {{ regex_like("names.name_key", "honorifics.name_regex") }}
    where honorifics.name_regex is null and names.name_key is not null and names.name_key <> ''
),

name_counts as (
    select identifier_type, identifier_value, count(distinct name_key) as n_full_names
    from full_names
    group by identifier_type, identifier_value
),

judged as (
    select
        names.record_key,
        names.identifier_type,
        names.identifier_value,
        identifier_types.identity_scope,
        identifier_types.strength,
        coalesce(name_counts.n_full_names, 0) as n_full_names,
        case
            when names.reason is not null then names.reason
            when not identifier_types.is_enabled then 'disabled'
            when blocked_values.blocked_value is not null then 'blocked'
            when
                names.identifier_type = 'mobile'
                and (phone_runs.repeat_run >= junk_run.repeat_run or phone_runs.sequence_run >= junk_run.sequence_run)
                then 'junk'
            when name_counts.n_full_names > identifier_types.max_distinct_names then 'shared'
            else 'ok'
        end as identifier_status
    from names
    cross join junk_run
    inner join identifier_types
        on names.identifier_type = identifier_types.identifier_type and identifier_types.valid_to is null
    left join blocked_values
        on
            names.identifier_type = blocked_values.identifier_type
            and names.identifier_value = blocked_values.blocked_value
    left join phone_runs
        on
            names.identifier_type = 'mobile'
            and names.identifier_value = concat('+86', phone_runs.national_number)
    left join name_counts
        on
            names.identifier_type = name_counts.identifier_type
            and names.identifier_value = name_counts.identifier_value
)

select
    record_key,
    {{ surrogate_key(["identifier_type", "identifier_value"]) }} as identifier_key,
    identifier_type,
    identifier_value,
    identity_scope,
    strength,
    n_full_names,
    identifier_status
from judged
