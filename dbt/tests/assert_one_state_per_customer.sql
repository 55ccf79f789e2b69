-- A row is a customer that is not in exactly one state now, or whose stays leave a gap or overlap (F20).
with intervals as (select * from {{ ref('fct_account_stage_interval') }}),

open_stays as (
    select account_key, count(*) filter (where is_open) as n_open
    from intervals
    group by account_key
),

chained as (
    select
        account_key,
        exited_at,
        lead(entered_at) over (partition by account_key order by stay_number asc nulls last) as next_entered_at
    from intervals
)

select account_key, 'open stays' as problem
from open_stays
where n_open <> 1
union all
select account_key, 'gap or overlap' as problem
from chained
where next_entered_at is distinct from exited_at
