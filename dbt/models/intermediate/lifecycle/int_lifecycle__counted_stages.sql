-- What each stage of the dictionary counts as. One that is switched off counts as the enabled one below
-- it: whom sales accepted is at least an MQL, so that no rate between the other stages changes (X8).
with dictionary as (
    select * from {{ ref('stage') }}
    where {{ in_force_now() }} and path_kind in ('success', 'won')
),

stages as (select * from {{ ref('int_lifecycle__stages') }}),

placed as (
    select
        stage,
        sum(case when is_enabled then 1 else 0 end) over (
            order by stage_rank asc nulls last, tie_rank asc nulls last
            rows between unbounded preceding and current row
        ) as path_position
    from dictionary
)

select
    placed.stage,
    stages.stage as counts_as
from placed
inner join stages on placed.path_position = stages.path_position
union all
-- There is nothing below a detour.
select stage, stage as counts_as
from stages
where path_kind = 'detour'
