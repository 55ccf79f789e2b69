"""Thresholds tried out (G08, E08, D15) against loops over the history of every lead."""

import shutil
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib.identity.preview_measures import opened
from dagster_project.lib.identity.preview_scores import scores
from tests.pipeline.warehouse import Warehouse

CUTS = range(40, 81)
OUTCOME_DAYS = 60


def test_every_threshold_selects_what_a_loop_over_history_selects(
    demonstration: Warehouse,
) -> None:
    """G08, D15: 40 to 80 by brute force; at 60 the crossings are those that happened."""
    histories = defaultdict(list)
    for lead, at, total in demonstration.rows(
        "select lead_key, valid_from, total_points"
        " from marts.fct_lead_score inner join marts.dim_lead using (lead_key)"
        " where cleaning_outcome = 'net' order by 1, 2"
    ):
        histories[lead].append((at, total))
    reached, contacted, as_of = outcomes_by_hand(demonstration)
    in_force = first_crossings(histories, 60)
    names = (
        "n_crossings n_leads n_leads_kept n_leads_added n_leads_dropped n_mature n_called"
        " n_never_called n_label n_label_lost"
    )
    rows = demonstration.rows(
        f"select threshold_points, {', '.join(names.split())} from marts.mart_threshold_whatif"
    )
    assert {row[0] for row in rows} == set(CUTS)
    for cut, *found in rows:
        crossings = first_crossings(histories, cut)
        firsts = {lead: times[0] for lead, times in crossings.items()}
        judged = {
            lead
            for lead, at in firsts.items()
            if at + timedelta(OUTCOME_DAYS) <= as_of and not reached.get(lead, as_of) <= at
        }
        got_there = {lead for lead in judged if is_within(reached.get(lead), firsts[lead])}
        called = {
            lead
            for lead in judged
            if lead in got_there
            or (lead in contacted and contacted[lead] <= firsts[lead] + timedelta(OUTCOME_DAYS))
        }
        lost = {
            lead
            for lead, times in in_force.items()
            if times[0] + timedelta(OUTCOME_DAYS) <= as_of
            and is_within(reached.get(lead), times[0])
            and not (lead in firsts and firsts[lead] < reached[lead])
        }
        expected = [
            sum(map(len, crossings.values())), len(firsts), len(firsts.keys() & in_force.keys()),
            len(firsts.keys() - in_force.keys()), len(in_force.keys() - firsts.keys()),
            len(judged), len(called), len(judged - called), len(got_there), len(lost),
        ]  # fmt: skip
        assert dict(zip(names.split(), found, strict=True)) == dict(
            zip(names.split(), expected, strict=True)
        ), cut
    ((n_actual, n_simulated),) = demonstration.rows(
        """
        select (
                select count(*)
                from marts.fct_lead_score_crossing inner join marts.dim_lead using (lead_key)
                where threshold_name = 'mql' and cleaning_outcome = 'net'
            ),
            (select n_crossings from marts.mart_threshold_whatif where is_in_force)
        """
    )
    assert n_actual == n_simulated > 100


def first_crossings(
    histories: dict[str, list[tuple[datetime, int]]], cut: int
) -> dict[str, list[datetime]]:
    """Instants at which each lead rose strictly above `cut`."""
    found = defaultdict(list)
    for lead, history in histories.items():
        above = False
        for at, total in history:
            if total > cut and not above:
                found[lead].append(at)
            above = total > cut
    return found


def is_within(at: datetime | None, start: datetime) -> bool:
    return at is not None and start < at <= start + timedelta(OUTCOME_DAYS)


def outcomes_by_hand(warehouse: Warehouse) -> tuple[dict, dict, datetime]:
    """First instant at SQL or beyond, first attempt of ours (by lead), and the as-of instant."""
    reached, contacted = {}, {}
    for lead, stage, at in warehouse.rows(
        "select lead_key, stage, entered_at from marts.fct_lead_stage_interval"
    ):
        if stage in ("sql", "opportunity", "account"):
            reached[lead] = min(at, reached.get(lead, at))
    for lead, is_attempt, at in warehouse.rows(
        "select lead_key, is_rep_action and contact_level is not null, occurred_at"
        " from intermediate.int_engagement__sales_activities where lead_key is not null"
    ):
        if is_attempt:
            contacted[lead] = min(at, contacted.get(lead, at))
    ((as_of,),) = warehouse.rows("select as_of from intermediate.int_time__as_of")
    return reached, contacted, as_of


@pytest.mark.parametrize("cut", [45, 70])
def test_two_rule_versions_compare_as_the_thresholds_do(
    demonstration: Warehouse, tmp_path: Path, cut: int
) -> None:
    """D15: a preview with another threshold in force tells what the what-if tells of it."""
    proposed = tmp_path / "proposed.duckdb"
    shutil.copy(demonstration.file, proposed)
    with duckdb.connect(str(proposed)) as connection:
        for table in ("int_whatif__outcomes", "int_whatif__cuts"):
            connection.execute(f"update intermediate.{table} set is_in_force = cut_points = {cut}")
    with opened(demonstration.file, proposed) as connection:
        found = scores(connection)
    ((kept, dropped, added, crossings, n_kept, n_lost, gained, never, share, low, high, load),) = (
        demonstration.rows(
            f"""
            select n_leads_kept, n_leads_dropped, n_leads_added, n_crossings, n_label_kept,
                n_label_lost, n_label_gained, n_never_called, label_lost_share,
                label_lost_share_low, label_lost_share_high, leads_per_workday
            from marts.mart_threshold_whatif where threshold_points = {cut}
            """
        )
    )
    ((n_leads,),) = demonstration.rows(
        "select count(*) from marts.dim_lead where cleaning_outcome = 'net'"
    )
    assert found["above_both"] == kept
    assert (found["above_before_only"], found["above_after_only"]) == (dropped, added)
    assert found["above_neither"] == n_leads - kept - dropped - added
    assert (found["outcomes_kept"], found["outcomes_lost"]) == (n_kept, n_lost)
    assert (found["outcomes_gained"], found["never_called"]) == (gained, never)
    assert found["lost_share"] == pytest.approx([share, low, high])
    assert found["proposed"]["crossings"] == crossings
    assert found["proposed"]["leads_per_workday"] == pytest.approx(load)
