with stages as (select * from {{ ref('stage') }} where {{ in_force_now() }})

select
    stage,
    cast(stage_rank as integer) as stage_rank,
    cast(tie_rank as integer) as tie_rank,
    path_kind,
    is_enabled,
    inventory_kind,
    business_stage,
    aida_phase,
    bowtie_phase,
    team,
    label_en,
    label_zh
from stages
