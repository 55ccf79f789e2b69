-- The phases of the bowtie in order, by side, each with the phase it is measured from: the one before
-- it on the left, the knot on the right, where phases are no ladder.
with stages as (
    select * from {{ ref('stage') }}
    where {{ in_force_now() }} and is_enabled and stage_rank is not null and path_kind <> 'anonymous'
),

phases as (
    select
        bowtie_phase,
        min(stage_rank) as phase_rank,
        max(case when path_kind = 'won' then 1 else 0 end) as is_knot
    from stages
    group by bowtie_phase
),

knots as (select bowtie_phase, phase_rank from phases where is_knot = 1)

select
    'left' as side,
    phases.bowtie_phase,
    phases.phase_rank,
    lag(phases.bowtie_phase) over (order by phases.phase_rank asc nulls last) as from_phase
from phases
cross join knots
where phases.phase_rank <= knots.phase_rank
union all
select
    'right' as side,
    phases.bowtie_phase,
    phases.phase_rank,
    case when phases.phase_rank > knots.phase_rank then knots.bowtie_phase end as from_phase
from phases
cross join knots
where phases.phase_rank >= knots.phase_rank
