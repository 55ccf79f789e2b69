-- Where the change came from: the cells of recorded quality behind mart_q1_mql_sql_diagnosis.
with cells as (select * from {{ ref('int_questions__cell_effects') }}),

changes as (select * from {{ ref('int_questions__changes') }}),

words as (select * from {{ ref('question_segment') }} where dimension = 'fit' and {{ in_force_now() }})

select
    {{ surrogate_key(["cells.comparison_key", "cells.cell_key"]) }} as quality_cell_key,
    changes.period_kind,
    changes.period_start,
    cells.score_band,
    cells.channel_family,
    cells.fit,
    words.name_en as fit_en,
    words.name_zh as fit_zh,
    cells.n_before,
    cells.k_before as n_converted_before,
    cells.n_now,
    cells.k_now as n_converted_now,
    cells.share_before,
    cells.share_now,
    case when cells.n_before > 0 then cells.rate_before end as rate_before,
    case when cells.n_before > 0 then {{ wilson_bound("cells.k_before", "cells.n_before", "low") }} end
        as rate_before_low,
    case when cells.n_before > 0 then {{ wilson_bound("cells.k_before", "cells.n_before", "high") }} end
        as rate_before_high,
    case when cells.n_now > 0 then cells.rate_now end as rate_now,
    case when cells.n_now > 0 then {{ wilson_bound("cells.k_now", "cells.n_now", "low") }} end as rate_now_low,
    case when cells.n_now > 0 then {{ wilson_bound("cells.k_now", "cells.n_now", "high") }} end as rate_now_high,
    cells.is_one_sided,
    case when changes.status = 'ok' then 100 * cells.mix_effect end as mix_pp,
    case when changes.status = 'ok' then 100 * cells.within_effect end as within_pp,
    changes.status
from cells
inner join changes on cells.comparison_key = changes.comparison_key
inner join words on cells.fit = words.code
