-- Employments cut where the buying role changes. Before the first title the role is not known.
with employments as (select * from {{ ref('int_golden__employments') }}),

role_statements as (select * from {{ ref('int_golden__role_statements') }}),

compared as (
    select
        role_statements.*,
        lag(role_statements.buying_role) over (
            partition by role_statements.person_key, role_statements.account_key
            order by role_statements.stated_at asc nulls last
        ) as role_before
    from role_statements
    inner join employments
        on
            role_statements.person_key = employments.person_key
            and role_statements.account_key = employments.account_key
    where employments.valid_to is null or role_statements.stated_at < employments.valid_to
),

role_changes as (
    select person_key, account_key, stated_at, record_key, buying_role, role_confidence
    from compared
    where buying_role <> coalesce(role_before, '')
),

cuts as (
    select person_key, account_key, stated_at, record_key, buying_role, role_confidence from role_changes
    union all
    select
        employments.person_key, employments.account_key, employments.valid_from as stated_at,
        null as record_key, null as buying_role, null as role_confidence
    from employments
    left join role_changes
        on
            employments.person_key = role_changes.person_key
            and employments.account_key = role_changes.account_key
            and employments.valid_from = role_changes.stated_at
    where role_changes.person_key is null
),

periods as (
    select
        *,
        lead(stated_at) over (
            partition by person_key, account_key order by stated_at asc nulls last
        ) as next_cut
    from cuts
)

select
    periods.person_key,
    periods.account_key,
    periods.stated_at as valid_from,
    coalesce(periods.next_cut, employments.valid_to) as valid_to,
    periods.buying_role,
    periods.role_confidence,
    periods.record_key as title_record_key,
    employments.basis_of_period,
    employments.is_interleaved,
    employments.is_main and periods.next_cut is null as is_main,
    coalesce(periods.next_cut, employments.valid_to) is null as is_current
from periods
inner join employments
    on
        periods.person_key = employments.person_key
        and periods.account_key = employments.account_key
