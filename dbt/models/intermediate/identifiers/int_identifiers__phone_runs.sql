-- The longest run of equal, ascending or descending digits in each national number: the evidence of
-- the junk-phone rules, measured once so that thresholds stay in the rule rows.
with phones as (
    select distinct national_number
    from {{ ref('int_identifiers__phones') }}
    where phone_type in ('mobile', 'foreign', 'fixed_line', 'invalid')
),

positions as ({{ series(1, 20, 'digit_position') }}),

steps as (
    select
        phones.national_number,
        positions.digit_position,
        cast(substring(phones.national_number, positions.digit_position + 1, 1) as integer)
        - cast(substring(phones.national_number, positions.digit_position, 1) as integer) as step
    from phones
    inner join positions on positions.digit_position < length(phones.national_number)
),

islands as (
    select
        national_number,
        step,
        digit_position - row_number() over (
            partition by national_number, step order by digit_position asc nulls last
        ) as island
    from steps
    where step in (-1, 0, 1)
),

runs as (
    select national_number, step, count(*) + 1 as run_length
    from islands
    group by national_number, step, island
)

select
    national_number,
    coalesce(max(run_length) filter (where step = 0), 1) as repeat_run,
    coalesce(max(run_length) filter (where step in (-1, 1)), 1) as sequence_run
from runs
group by national_number
