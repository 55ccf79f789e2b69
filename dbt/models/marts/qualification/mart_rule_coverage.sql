-- Which share of the moves from stage to stage a rule explains; what is left is counted per move.
with intervals as (
    select * from {{ ref('int_lifecycle__intervals') }} where previous_stage is not null
),

transition_rules as (select * from {{ ref('int_qualification__transition_rules') }}),

explained as (
    select entry_event_id, {{ distinct_sorted_text("rule_id", ",") }} as rule_ids
    from transition_rules
    group by entry_event_id
),

moves as (
    select
        intervals.previous_stage as from_stage,
        intervals.stage as to_stage,
        intervals.event_id,
        explained.rule_ids is not null as is_explained
    from intervals
    left join explained on intervals.event_id = explained.entry_event_id
),

rules as (
    select moves.from_stage, moves.to_stage, {{ distinct_sorted_text("transition_rules.rule_id", ",") }} as rule_ids
    from moves
    inner join transition_rules on moves.event_id = transition_rules.entry_event_id
    group by moves.from_stage, moves.to_stage
),

counted as (
    select
        from_stage, to_stage,
        count(*) as n_transitions,
        count(*) filter (where is_explained) as n_explained
    from moves
    group by from_stage, to_stage
)

select
    {{ surrogate_key(["counted.from_stage", "counted.to_stage"]) }} as rule_coverage_key,
    counted.from_stage,
    counted.to_stage,
    cast(counted.n_transitions as integer) as n_transitions,
    cast(counted.n_explained as integer) as n_explained,
    cast(counted.n_transitions - counted.n_explained as integer) as n_unexplained,
    {{ ratio("counted.n_explained", "counted.n_transitions") }} as explained_share,
    {{ wilson_bound("counted.n_explained", "counted.n_transitions", "low") }} as explained_share_low,
    {{ wilson_bound("counted.n_explained", "counted.n_transitions", "high") }} as explained_share_high,
    rules.rule_ids
from counted
left join rules on counted.from_stage = rules.from_stage and counted.to_stage = rules.to_stage
