{#
  From assertions to stays, written once for two readings: `by` is [lead_key] for what we know now, and
  [lead_key, known_from] for every state of our knowledge a lead ever had.
#}

{#
  Assertions that can move a lead, with what decides their order. Row by row, no neighbours.
    relation  columns of int_lifecycle__assertion_periods and as_of, the end of what was delivered
#}
{% macro lifecycle_inputs(relation) -%}
select
    {{ relation }}.*,
    stages.stage_rank,
    stages.tie_rank,
    stages.path_kind,
    stages.path_position,
    -- A clock that runs ahead must not take the lead out of the funnel.
    {{ relation }}.occurred_at > {{ relation }}.as_of
    and {{ relation }}.evidence <> 'crm_lead_created' as is_in_future,
    {{ seconds_between(relation ~ ".known_at", relation ~ ".occurred_at") }}
    > {{ policy('lifecycle', 'future_tolerance_minutes') }} * 60 as is_known_before_it_happened,
    {{ policy('lifecycle', 'creation_tolerance_minutes') }} * 60 as creation_tolerance_s
from {{ relation }}
inner join {{ ref('int_lifecycle__stages') }} as stages on {{ relation }}.stage = stages.stage
where {{ relation }}.moves_stage
{%- endmacro %}

{#
  Assertions in one total order per lead: business time, source sequence, stage tie rank, event id;
  each with its neighbour before. A lead whose first event lies before its creation starts there.
    relation  as for lifecycle_inputs(); read once
    scan      the same rows for a second and third look: a small CTE, or a subquery of a table
    by        columns of one log
#}
{% macro lifecycle_events(relation, scan, by) -%}
{%- set keys = by | join(", ") -%}
{%- set order = "effective_at asc nulls last, source_sequence asc nulls last, tie_rank asc nulls last,"
    ~ " event_id asc nulls last" -%}
with inputs as (
    {{ lifecycle_inputs(relation) | indent(4) }}
),

early_logs as (
    select
        {{ keys }},
        min(occurred_at) as first_occurred_at,
        max(case when evidence = 'crm_lead_created' then occurred_at end) as created_at
    from {{ scan }} as scan
    where moves_stage
    group by {{ keys }}
    having min(occurred_at) < max(case when evidence = 'crm_lead_created' then occurred_at end)
),

-- Only where something waits, or a rule proposes, does what else happened decide whether it counts.
contested as (
    select distinct {{ keys }} from {{ scan }} as scan
    where moves_stage and (said_at < occurred_at or evidence = 'qualification_rule')
),

contested_rows as (
    select scan.*
    from {{ scan }} as scan
    inner join contested on {{ same_keys("scan", "contested", by) }}
),

contested_inputs as (
    {{ lifecycle_inputs('contested_rows') | indent(4) }}
),

contested_events as (
    {{ timed_inputs('contested_inputs', 'early_logs', by) | indent(4) }}
),

refused as (
    {{ refused_proposals('contested_events', by, order) | indent(4) }}
),

timed as (
    {{ timed_inputs('inputs', 'early_logs', by) | indent(4) }}
),

accepted as (
    select timed.*
    from timed
    left join refused on {{ same_keys("timed", "refused", by) }} and timed.event_id = refused.event_id
    where refused.event_id is null
)

select
    accepted.*,
    -- What lies after the as-of instant waits: it has no place in the order yet.
    case when not is_in_future then row_number() over log end as event_number,
    case when not is_in_future then lag(stage) over log end as previous_stage,
    case when not is_in_future then lag(path_kind) over log end as previous_path_kind,
    case when not is_in_future then lag(path_position) over log end as previous_path_position
from accepted
window log as (partition by {{ keys }}, is_in_future order by {{ order }})
{%- endmacro %}

{# Equality of the columns of one log. #}
{% macro same_keys(left, right, by) -%}
{% for key in by %}{{ left }}.{{ key }} = {{ right }}.{{ key }}{{ " and " if not loop.last }}{% endfor %}
{%- endmacro %}

{#
  When each input counts. What was said at the instant of creation (CRMs log the first status seconds
  later) moves with the creation of a lead that began before it.
#}
{% macro timed_inputs(inputs, early_logs, by) -%}
select
    inputs.*,
    coalesce(inputs.occurred_at < early_logs.created_at, false) as is_before_creation,
    case
        when
            {{ seconds_between("early_logs.created_at", "inputs.occurred_at") }} >= 0
            and {{ seconds_between("early_logs.created_at", "inputs.occurred_at") }} < inputs.creation_tolerance_s
            then early_logs.first_occurred_at
        else inputs.occurred_at
    end as effective_at
from {{ inputs }} as inputs
left join {{ early_logs }} as early_logs on {{ same_keys("inputs", "early_logs", by) }}
{%- endmacro %}

{#
  Proposals that come to nothing:
  - what waited for a contact while its source went on to say something else;
  - the MQL of a qualification rule where the passage has come as far already, or had such an MQL:
    no new one until the passage closes.
#}
{% macro refused_proposals(events, by, order) -%}
{%- set keys = by | join(", ") -%}
with sources as (
    select
        logs.*,
        evidence = 'qualification_rule' as is_proposal,
        -- A passage closes with a detour.
        sum(case when path_kind = 'detour' then 1 else 0 end) over before_it as n_closings,
        max(case when said_at = occurred_at and evidence <> 'qualification_rule' then occurred_at end)
            over before_it as last_said_at
    from {{ events }} as logs
    where not is_in_future
    window before_it as (
        partition by {{ keys }} order by {{ order }} rows between unbounded preceding and current row
    )
),

-- What lapsed has no say in what comes after it.
lapsing as (
    select
        sources.*,
        coalesce(said_at < occurred_at and said_at < last_said_at, false) as has_lapsed
    from sources
),

passages as (
    select
        lapsing.*,
        max(case when not is_proposal and not has_lapsed then stage_rank end) over earlier as furthest_rank,
        sum(case when is_proposal and not has_lapsed then 1 else 0 end) over earlier as n_proposals_before
    from lapsing
    window earlier as (
        partition by {{ keys }}, n_closings order by {{ order }}
        rows between unbounded preceding and 1 preceding
    )
)

select {{ keys }}, event_id
from passages
where
    has_lapsed
    or (is_proposal and (furthest_rank >= stage_rank or n_proposals_before > 0))
{%- endmacro %}

{#
  One row per uninterrupted stay (Kimball's timespan snapshot, derived from the log). Repeating the
  stage one is in is a re-assertion, not a re-entry.
    events   rows of lifecycle_events()
    carried  more columns to keep
#}
{% macro lifecycle_stays(events, by, carried=[]) -%}
{%- set keys = by | join(", ") -%}
with changes as (
    select
        *,
        case
            when previous_path_kind = 'detour' and path_kind <> 'detour' then 1
            when previous_path_kind = 'won' and path_kind = 'success' then 1
            else 0
        end as starts_passage
    from {{ events }}
    where not is_in_future and (previous_stage is null or previous_stage <> stage)
),

stays as (
    select
        {{ (by + carried) | join(", ") }},
        event_id,
        stage,
        stage_rank,
        path_kind,
        path_position,
        effective_at as entered_at,
        known_at,
        actor_user_id,
        evidence,
        previous_stage,
        row_number() over log as stay_number,
        lead(effective_at) over log as exited_at,
        lead(stage) over log as next_stage,
        cast(1 + sum(starts_passage) over (
            partition by {{ keys }} order by event_number asc nulls last
            rows between unbounded preceding and current row
        ) as integer) as passage_number,
        case
            when previous_stage is null then 'create'
            when path_kind = 'detour' then 'exit'
            when previous_path_kind in ('detour', 'won') then 'reenter'
            when path_position < previous_path_position then 'regress'
            when path_position > previous_path_position + 1 then 'skip'
            else 'advance'
        end as move
    from changes
    window log as (partition by {{ keys }} order by event_number asc nulls last)
)

-- Passages follow each other, so one order gives both counts: rank() is 1 + the visits before the passage.
select
    stays.*,
    row_number() over (
        partition by {{ keys }}, stage order by passage_number asc nulls last, stay_number asc nulls last
    ) - rank() over (
        partition by {{ keys }}, stage order by passage_number asc nulls last
    ) + 1 as visit_number,
    row_number() over (
        partition by {{ keys }}, stage order by passage_number asc nulls last, stay_number asc nulls last
    ) as lifetime_visit_number
from stays
{%- endmacro %}

{# The stages that lead x passage rows have columns for. #}
{% macro lifecycle_stage_columns() -%}
    {{ return(["lead", "mql", "sal", "sql", "opportunity", "account"]) }}
{%- endmacro %}

{#
  One row per lead x passage (Kimball's accumulating snapshot).
    stays  rows of int_lifecycle__intervals
    ranks  one row: <stage>_rank of each stage, NULL for one that is switched off
#}
{% macro lifecycle_passages(stays, ranks) -%}
select
    lead_key,
    passage_number,
    min(entered_at) as started_at,
    {% for stage in lifecycle_stage_columns() -%}
    min(entered_at) filter (where stage = '{{ stage }}') as {{ stage }}_at,
    min(entered_at) filter (where stage_rank >= {{ ranks }}.{{ stage }}_rank) as reached_{{ stage }}_at,
    {% endfor -%}
    max(entered_at) filter (where stage = 'mql') as last_mql_at,
    count(*) filter (where stage = 'mql') as n_mql_visits,
    max(stage_rank) as furthest_rank,
    count(*) filter (where move = 'regress') as n_regressions,
    count(*) filter (where move = 'skip') as n_skips,
    max_by(stage, stay_number) as current_stage,
    max_by(entered_at, stay_number) as current_stage_since,
    min(entered_at) filter (where path_kind = 'detour') as closed_at,
    min_by(stage, stay_number) filter (where path_kind = 'detour') as close_reason
from {{ stays }}
cross join {{ ranks }}
group by lead_key, passage_number
{%- endmacro %}

{#
  Stays at every state of our knowledge: the assertions held then, in order, as stays.
    assertions  name of a CTE of int_lifecycle__assertion_periods rows with moves_stage
    epochs      name of a CTE of knowledge_epochs() by lead_key
    days        name of a CTE of int_lifecycle__as_of_days
#}
{% macro lifecycle_stays_as_known(assertions, epochs, days) -%}
with held as (
    select
        assertions.event_id, assertions.stage, assertions.occurred_at, assertions.said_at,
        assertions.source_sequence, assertions.known_at, assertions.actor_user_id, assertions.evidence,
        assertions.moves_stage, epochs.lead_key, epochs.known_from, days.as_of
    from {{ epochs }} as epochs
    inner join {{ days }} as days on epochs.known_from = days.known_from
    inner join {{ assertions }} as assertions
        on
            epochs.lead_key = assertions.lead_key
            and {{ known_at_instant('assertions', 'epochs.known_from') }}
),

events as (
    {{ lifecycle_events('held', 'held', ['lead_key', 'known_from']) | indent(4) }}
),

stays as (
    {{ lifecycle_stays('events', ['lead_key', 'known_from']) | indent(4) }}
)

select * from stays
{%- endmacro %}
