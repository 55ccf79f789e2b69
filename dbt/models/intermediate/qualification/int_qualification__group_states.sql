-- How far each group of conditions is from holding when a lead is judged, and since when that is so.
with evaluated as (select * from {{ ref('int_qualification__evaluated_leads') }}),

conditions as (select * from {{ ref('int_qualification__set_conditions') }}),

periods as (select * from {{ ref('int_qualification__predicate_periods') }}),

refutations as (select * from {{ ref('int_qualification__refuted_groups') }}),

judged as (
    select
        evaluated.lead_key,
        evaluated.stage,
        evaluated.rule_set_number,
        conditions.rule_id,
        conditions.rule_priority,
        conditions.group_no,
        conditions.predicate,
        evaluated.evaluated_from,
        evaluated.evaluated_before,
        periods.is_true,
        coalesce(periods.is_true <> conditions.is_negated, false) as is_held
    from evaluated
    inner join conditions
        on
            evaluated.stage = conditions.stage
            and evaluated.rule_set_number = conditions.rule_set_number
    left join periods
        on
            evaluated.lead_key = periods.lead_key
            and conditions.predicate = periods.predicate
            and evaluated.evaluated_before > periods.valid_from
            and evaluated.evaluated_before <= coalesce(periods.valid_to, timestamp '9999-12-31 00:00:00')
),

counted as (
    select
        lead_key, stage, rule_set_number, rule_id, rule_priority, group_no,
        evaluated_from, evaluated_before,
        count(*) as n_conditions,
        count(*) filter (where not is_held) as n_missing,
        count(*) filter (where not is_held and is_true is not null) as n_refuted,
        {{ distinct_sorted_text("case when not is_held then predicate end", ",") }} as missing_predicates
    from judged
    group by
        lead_key, stage, rule_set_number, rule_id, rule_priority, group_no, evaluated_from, evaluated_before
),

refuted as (
    select
        counted.lead_key, counted.stage, counted.rule_set_number, counted.rule_id, counted.group_no,
        max(refutations.valid_from) as refuted_since,
        max(refutations.valid_to) as refuted_before
    from counted
    inner join refutations
        on
            counted.lead_key = refutations.lead_key
            and counted.stage = refutations.stage
            and counted.rule_set_number = refutations.rule_set_number
            and counted.rule_id = refutations.rule_id
            and counted.group_no = refutations.group_no
            and counted.evaluated_before > refutations.valid_from
    group by
        counted.lead_key, counted.stage, counted.rule_set_number, counted.rule_id, counted.group_no
)

select
    counted.*,
    -- A group that is not refuted has been open since its last refutation ended.
    greatest(
        counted.evaluated_from,
        case when counted.n_refuted > 0 then refuted.refuted_since else refuted.refuted_before end
    ) as state_since
from counted
left join refuted
    on
        counted.lead_key = refuted.lead_key
        and counted.stage = refuted.stage
        and counted.rule_set_number = refuted.rule_set_number
        and counted.rule_id = refuted.rule_id
        and counted.group_no = refuted.group_no
