-- Parents of accounts up to the top. Linked, never merged: a subsidiary is a company of its own.
with recursive accounts as (select * from {{ ref('int_golden__accounts') }}),

parents as (
    select account_key, parent_account_key from accounts
    where parent_account_key is not null
),

-- A cycle (A owns B owns A) must end, and so the climb has a limit.
climb as (
    select account_key, parent_account_key as ancestor_key, 1 as n_levels
    from parents
    union all
    select climb.account_key, parents.parent_account_key as ancestor_key, climb.n_levels + 1 as n_levels
    from climb
    inner join parents on climb.ancestor_key = parents.account_key
    where
        climb.ancestor_key <> climb.account_key
        and climb.n_levels < {{ policy('account', 'parent_levels') }}
),

in_cycle as (
    select account_key, min(ancestor_key) as lowest_key
    from climb
    group by account_key
    having max(case when ancestor_key = account_key then 1 else 0 end) = 1
),

-- The top of a tree has no parent; where there is only a cycle, its lowest key stands for it.
tops as (
    select
        climb.account_key,
        max(case when parents.account_key is null then climb.ancestor_key end) as root_key,
        min(in_cycle.lowest_key) as cycle_key
    from climb
    left join parents on climb.ancestor_key = parents.account_key
    left join in_cycle on climb.ancestor_key = in_cycle.account_key
    group by climb.account_key
),

children as (
    select parent_account_key as account_key, count(*) as n_children
    from parents
    group by parent_account_key
)

select
    accounts.account_key,
    accounts.parent_account_key,
    -- NULL above a chain longer than the limit: a test says so.
    case
        when accounts.parent_account_key is null then accounts.account_key
        else coalesce(tops.root_key, tops.cycle_key)
    end as ultimate_parent_account_key,
    in_cycle.account_key is not null as is_in_parent_cycle,
    coalesce(children.n_children, 0) as n_children
from accounts
left join tops on accounts.account_key = tops.account_key
left join in_cycle on accounts.account_key = in_cycle.account_key
left join children on accounts.account_key = children.account_key
