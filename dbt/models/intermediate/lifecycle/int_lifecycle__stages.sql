-- The stage dictionary in force, with the place of each enabled stage on the success path.
with stages as (select * from {{ ref('stage') }} where {{ in_force_now() }} and is_enabled)

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
