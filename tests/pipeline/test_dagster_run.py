"""Whole runs in Dagster on a toy project: what passes is published, what fails changes nothing.

The tests go from one state of the warehouse to the next, in the order of the file: a run costs many
seconds, most of them spent on starting dbt.
"""

import json
import os
import signal
import sys
import time

import duckdb
import pytest

from dagster_project.lib.publishing import damaged_files
from tests.pipeline.toy_project import ToyProject


@pytest.fixture(scope="module")
def first_run(tmp_path_factory) -> tuple[ToyProject, str]:
    """A toy project that has been run once, and what that run said."""
    project = ToyProject(tmp_path_factory.mktemp("toy") / "project")
    project.allow()
    project.deliver(100)
    code, output = project.run()
    assert code == 0, output
    return project, output


@pytest.fixture
def toy(first_run) -> ToyProject:
    return first_run[0]


def mart_hashes(toy: ToyProject) -> dict[str, str]:
    manifest = toy.home / "published" / "current" / "manifest.json"
    tables = json.loads(manifest.read_text(encoding="utf-8"))["tables"]
    return {name: f"{facts['rows']}:{facts['row_hash']}" for name, facts in tables.items()}


def test_a_run_publishes_and_tells_funnel_roi_and_places(first_run):
    toy, output = first_run
    assert "lead → mql" in output
    assert "搜索广告" in output
    assert str(toy.home / "published" / "current") in output
    assert damaged_files(toy.home / "published" / "current") == []
    page = (toy.home / "audit" / "latest" / "index.html").read_text(encoding="utf-8")
    assert "this extract was never delivered" in page


def test_a_second_run_with_nothing_new_does_next_to_nothing(toy):
    began = time.monotonic()
    code, output = toy.run()
    assert code == 0
    assert "Nothing new" in output
    assert "lead → mql" in output
    assert time.monotonic() - began < 3


def test_a_change_by_hand_after_the_gates_is_not_published(toy):
    with duckdb.connect(str(toy.home / "warehouse.duckdb")) as connection:
        connection.execute("insert into marts.dim_stage values ('extra', 99)")
    code, output = toy.launch("publication")
    assert code != 0
    assert "marts.dim_stage was changed after its gates had passed" in output


def test_a_part_of_the_marts_can_be_built_but_not_published(toy):
    before = toy.version
    code, output = toy.launch("key:marts/dim_stage")
    assert code == 0, output
    code, output = toy.launch("publication")
    assert code != 0
    assert "only some models of the marts were built" in output
    assert toy.version == before


def test_a_failing_test_of_a_mart_publishes_nothing_and_says_which_and_how_many(toy):
    before = toy.version
    toy.allow(entered="7")
    code, output = toy.run()
    assert code == 1
    assert "marts.mart_funnel_cohort: entered_are_as_many_as_allowed (1 row)" in output
    assert f"The last good publication stays: {toy.home}/published/current ({before})" in output
    code, output = toy.launch("publication")
    assert code != 0
    assert "not published, the last good publication stays" in output
    assert "entered_are_as_many_as_allowed" in output
    assert toy.version == before


def test_a_failing_acceptance_of_marts_publishes_nothing(toy):
    before = toy.version
    toy.allow(cents_lost="-1")
    code, output = toy.run()
    assert code == 1
    assert "marts.mart_channel_roi_total: no_cent_lost (cents_lost 0)" in output
    assert toy.version == before


@pytest.mark.parametrize("step", ["dbt foundation", "dbt marts"])
def test_after_a_kill_the_next_run_gives_the_same_marts(toy, step):
    toy.allow()
    before, version = mart_hashes(toy), toy.version
    killed = toy.start(sys.executable, "-m", "dagster_project.run", "--force")
    for line in killed.stdout:
        if step in line:
            time.sleep(2)
            assert "Another run is at work" in toy.run("--force")[1]
            os.kill(killed.pid, signal.SIGKILL)
            break
    killed.wait(timeout=30)
    assert toy.version == version
    code, output = toy.run("--force")
    assert code == 0, output
    assert "content unchanged" in output
    assert mart_hashes(toy) == before


def test_a_failing_acceptance_of_raw_stops_before_the_warehouse_is_touched(tmp_path):
    fresh = ToyProject(tmp_path / "fresh")
    fresh.allow(entered="5")
    fresh.deliver(5)
    code, output = fresh.run()
    assert code == 1
    assert "raw.crm_leads: delivered (observed 5)" in output
    assert "dbt foundation" not in output
    assert not (fresh.home / "warehouse.duckdb").exists()
