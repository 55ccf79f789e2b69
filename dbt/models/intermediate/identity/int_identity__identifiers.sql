-- Observations with the verdict of the guards: which identifier may join records, and if not, why.
with observations as (select * from {{ ref('int_identity__observations') }}),

identifier_types as (select * from {{ ref('identity_identifier_type') }} where {{ in_force_now() }}),

blocked_values as (select * from {{ ref('identity_blocked_value') }} where {{ in_force_now() }}),

honorifics as (select * from {{ ref('honorific_name') }} where {{ in_force_now() }}),

phone_runs as (select * from {{ ref('int_identifiers__phone_runs') }}),

cleaning_rules as (select * from {{ ref('cleaning_rule') }}),

junk_run as (
    select
        min(param_value) filter (where rule_id = 'phone_repeat_run') as repeat_run,
        min(param_value) filter (where rule_id = 'phone_sequence_run') as sequence_run
    from cleaning_rules
    where is_enabled and {{ in_force_now() }}
),

names as (
    select
        observations.*,
        {{ regex_replace_all("lower(" ~ half_width("observations.full_name") ~ ")", "[ .·•]", "") }} as name_key
    from observations
),

-- 王总 or 李先生 is a way to address a person, not the person's name: of those only families count.
named as (
    select
        names.identifier_type,
        names.identifier_value,
        case when honorifics.name_regex is null then names.name_key end as full_name_key,
        case when honorifics.name_regex is not null then substring(names.name_key, 1, 1) end as family
    from names
    left join honorifics on {{ regex_like("names.name_key", "honorifics.name_regex") }}
    where names.name_key is not null and names.name_key <> ''
),

name_counts as (
    select
        identifier_type,
        identifier_value,
        greatest(count(distinct full_name_key), count(distinct family)) as n_full_names
    from named
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
        on names.identifier_type = identifier_types.identifier_type
    left join blocked_values
        on
            names.identifier_type = blocked_values.identifier_type
            and names.identifier_value = blocked_values.blocked_value
    left join phone_runs
        -- One equality, or the join is a nested loop over all pairs.
        on
            case when names.identifier_type = 'mobile' then names.identifier_value end
            = concat('+86', phone_runs.national_number)
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
