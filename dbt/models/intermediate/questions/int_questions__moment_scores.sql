-- The score before every win and every comparison of a win, in three ways: as known now, as known then, and
-- without what followed our own touches.
with moments as (select * from {{ ref('int_questions__win_moments') }}),

scored_leads as (select distinct lead_key from moments),

scores as (
    select 'now' as score_kind, intervals.lead_key, intervals.valid_from, intervals.valid_to, intervals.total_points
    from {{ ref('int_scoring__intervals') }} as intervals
    inner join scored_leads on intervals.lead_key = scored_leads.lead_key
    union all
    select 'then' as score_kind, intervals.lead_key, intervals.valid_from, intervals.valid_to, intervals.total_points
    from {{ ref('int_scoring__intervals_then') }} as intervals
    inner join scored_leads on intervals.lead_key = scored_leads.lead_key
    union all
    select 'unprompted' as score_kind, lead_key, valid_from, valid_to, total_points
    from {{ ref('int_questions__unprompted_scores') }}
),

windows as (
    {{ window_scores('moments', 'scores') }}
)

select
    windows.*,
    moments.win_key,
    moments.moment_kind
from windows
inner join moments on windows.moment_key = moments.moment_key
