-- One row per uninterrupted stay of a lead in a stage; the definitions of passage, visit and move
-- are those of DECISIONS.md (Kimball's timespan snapshot derived from the transaction log).
with events as (
    select * from {{ ref('int_lifecycle__stage_events') }} where not is_in_future
),

-- Repeating the stage one is in is a re-assertion, not a re-entry.
changes as (
    select *
    from events
    qualify
        lag(stage) over (partition by lead_key order by event_number asc nulls last) is null
        or lag(stage) over (partition by lead_key order by event_number asc nulls last) <> stage
),

neighbours as (
    select
        lead_key,
        event_id,
        stage,
        stage_rank,
        path_kind,
        path_position,
        effective_at as entered_at,
        known_at,
        actor_user_id,
        evidence,
        row_number() over stays as stay_number,
        lead(effective_at) over stays as exited_at,
        lead(stage) over stays as next_stage,
        lag(stage) over stays as previous_stage,
        lag(path_kind) over stays as previous_path_kind,
        lag(path_position) over stays as previous_path_position
    from changes
    window stays as (partition by lead_key order by event_number asc nulls last)
),

passages as (
    select
        *,
        1 + sum(
            case
                when previous_path_kind = 'detour' and path_kind <> 'detour' then 1
                when previous_path_kind = 'won' and path_kind = 'success' then 1
                else 0
            end
        ) over (
            partition by lead_key order by stay_number asc nulls last
            rows between unbounded preceding and current row
        ) as passage_number,
        case
            when previous_stage is null then 'create'
            when path_kind = 'detour' then 'exit'
            when previous_path_kind in ('detour', 'won') then 'reenter'
            when path_position < previous_path_position then 'regress'
            when path_position > previous_path_position + 1 then 'skip'
            else 'advance'
        end as move
    from neighbours
)

select
    *,
    row_number() over (
        partition by lead_key, passage_number, stage order by stay_number asc nulls last
    ) as visit_number,
    row_number() over (
        partition by lead_key, stage order by stay_number asc nulls last
    ) as lifetime_visit_number
from passages
