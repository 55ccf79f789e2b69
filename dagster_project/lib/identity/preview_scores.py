"""What other rules of the score would do to the leads above the threshold (D15, O06).

Two rule versions over the same history: which net leads are above the threshold in force under
each, what that is for the team, and which outcomes are at stake. Belongs here: the comparison, as
plain numbers. Does not belong here: how the warehouses came about, and words.
"""

from typing import Any

import duckdb

from dagster_project.lib.report import wilson


def scores(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The confusion table, the load and the outcomes; `present` and `proposed` are attached.

    Leads, crossings and outcomes are counts; leads per workday and capacity are means. A lost
    outcome is one of a lead called under the present rules that the proposed ones would not have
    handed over before; never_called are leads above the proposed threshold whose outcome nobody
    knows.
    """
    result = connection.execute(_CONFUSION)
    names = [column[0] for column in result.description]
    ((*counts,),) = result.fetchall()
    found: dict[str, Any] = dict(zip(names, counts, strict=True))
    for side in ("present", "proposed"):
        ((crossings, per_workday, capacity),) = connection.execute(
            _LOAD.format(side=side)
        ).fetchall()
        found[side] = {
            "crossings": crossings,
            "leads_per_workday": per_workday,
            "capacity_per_workday": capacity,
        }
    n_lost, n_before = found["outcomes_lost"], found["outcomes_before"]
    low, high = wilson(n_lost, n_before)
    found["lost_share"] = [n_lost / n_before if n_before else None, low, high]
    return found


_CONFUSION = """
with before as (
    select * from present.intermediate.int_whatif__outcomes where is_in_force
),
after as (
    select * from proposed.intermediate.int_whatif__outcomes where is_in_force
),
both_sides as (
    select before.lead_key as before_key, after.lead_key as after_key,
        coalesce(before.is_mature and before.has_label, false) as had_outcome,
        coalesce(after.crossed_at < before.label_at, false) as handed_over_in_time,
        coalesce(after.is_mature and after.has_label, false)
            and not coalesce(before.crossed_at < after.label_at, false) as has_new_outcome,
        coalesce(after.is_mature and not after.is_called, false) as is_never_called
    from before full outer join after on before.lead_key = after.lead_key
),
net_leads as (
    select lead_key from present.intermediate.int_leads__outcomes where cleaning_outcome = 'net'
    union
    select lead_key from proposed.intermediate.int_leads__outcomes where cleaning_outcome = 'net'
)
select
    count(*) filter (where before_key is not null and after_key is not null) as above_both,
    count(*) filter (where after_key is null) as above_before_only,
    count(*) filter (where before_key is null) as above_after_only,
    (select count(*) from net_leads) - count(*) as above_neither,
    count(*) filter (where had_outcome) as outcomes_before,
    count(*) filter (where had_outcome and handed_over_in_time) as outcomes_kept,
    count(*) filter (where had_outcome and not handed_over_in_time) as outcomes_lost,
    count(*) filter (where has_new_outcome) as outcomes_gained,
    count(*) filter (where is_never_called) as never_called
from both_sides
"""
_LOAD = """
select sum(n_crossings)::bigint, avg(n_crossings), avg(capacity)
from {side}.intermediate.int_whatif__load as load
inner join {side}.intermediate.int_whatif__cuts as cuts using (threshold_name, cut_points)
where cuts.is_in_force
"""
