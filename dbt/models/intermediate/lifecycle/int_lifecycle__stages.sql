-- The stages a lead can be in: those of the dictionary in force that are enabled, each with its place
-- on the success path. Anonymous traffic and the stages of customers have other grains.
with stages as (
    select * from {{ ref('stage') }}
    where {{ in_force_now() }} and is_enabled and path_kind in ('success', 'won', 'detour')
)

select
    stage,
    stage_rank,
    tie_rank,
    path_kind,
    case
        when stage_rank is not null then row_number() over (
            partition by path_kind = 'detour' order by stage_rank asc nulls last, tie_rank asc nulls last
        )
    end as path_position
from stages
