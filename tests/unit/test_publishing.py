"""Nothing is published that has not passed its gates, and nobody ever sees half of a version."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib import builds, publishing
from dagster_project.lib.publishing import (
    PublicationBusy,
    PublicationRefused,
    current_manifest,
    damaged_files,
    is_complete,
    publish,
)
from dagster_project.lib.settings import PROJECT_ROOT
from tests.unit.toy_warehouse import TABLES, build, settings_of

CHECKPOINTS = ["created", "exported", "written", "finished", "named", "switched"]


@pytest.fixture
def settings(tmp_path: Path):
    return settings_of(tmp_path / "home")


def versions(settings) -> list[str]:
    return sorted(path.name for path in settings.published.glob("2*"))


def in_process(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tests.unit.toy_warehouse", *map(str, arguments)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_version_is_whole_sorted_described_and_readable_by_anybody(settings):
    build(settings, 10)
    made = publish(settings, TABLES)
    current = settings.published / "current"
    assert made.is_new
    assert current.resolve().name == made.version
    assert is_complete(current)
    assert damaged_files(current) == []
    manifest = current_manifest(settings.published)
    assert manifest["tables"]["dim_thing"]["rows"] == 10
    assert manifest["build"]["marts"] == "build-10"
    ids = duckdb.execute(f"select thing_id from '{current}/dim_thing.parquet'").fetchall()
    assert [row[0] for row in ids] == list(range(10))
    with duckdb.connect(str(current / "leadhouse.duckdb"), read_only=True) as connection:
        table = "select comment from duckdb_tables() where table_name = 'dim_thing'"
        assert connection.execute(table).fetchall() == [("What it's about.",)]
        column = "select comment from duckdb_columns() where table_name = 'fct_thing' limit 1"
        assert connection.execute(column).fetchall() == [("Its id.",)]
        tags = "select tags['storage_version'] from duckdb_databases() where not internal"
        assert "v1.0.0" in str(connection.execute(tags).fetchall())


def test_unchanged_content_makes_no_version(settings):
    build(settings, 10)
    first = publish(settings, TABLES)
    build(settings, 10, "another build")
    again = publish(settings, TABLES)
    assert (again.is_new, again.version) == (False, first.version)
    described = [replace(TABLES[0], description="Now described better."), TABLES[1]]
    assert publish(settings, described).is_new


def test_a_damaged_publication_is_replaced_even_when_nothing_changed(settings):
    build(settings, 10)
    first = publish(settings, TABLES)
    lost = first.folder / "fct_thing.parquet"
    first.folder.chmod(0o755)
    lost.unlink()
    second = publish(settings, TABLES)
    assert second.is_new
    assert is_complete(settings.published / "current")


@pytest.mark.parametrize("case", ["failed", "no verdict", "half a build", "no warehouse"])
def test_without_every_gate_nothing_is_published(settings, case):
    build(settings, 5)
    publish(settings, TABLES)
    kept = versions(settings)
    if case == "no warehouse":
        settings.warehouse.unlink()
    else:
        build(settings, 6, passed=case != "failed")
    if case == "no verdict":
        builds.forget_gate(settings, "foundation", "build-6")
    if case == "half a build":
        builds.begin(settings, "foundation", "build-7", "landing")
    with pytest.raises(PublicationRefused) as refusal:
        publish(settings, TABLES)
    if case == "failed":
        assert "not_null_amount (3 rows)" in str(refusal.value)
    assert versions(settings) == kept
    assert current_manifest(settings.published)["tables"]["dim_thing"]["rows"] == 5


def test_suites_must_have_passed_where_there_are_any(settings):
    build(settings, 5)
    for schema, gate, subject in [("raw", "raw", "landing"), ("marts", "acceptance", "build-5")]:
        (settings.expectations / schema).mkdir(parents=True)
        (settings.expectations / schema / "dim_thing.yml").touch()
        with pytest.raises(PublicationRefused, match=f"gate '{gate}' has no verdict"):
            publish(settings, TABLES)
        builds.record_gate(settings, builds.Gate(gate, subject, True))
    assert publish(settings, TABLES).is_new


def test_a_change_after_the_gates_is_noticed(settings):
    build(settings, 5)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("update marts.fct_thing set amount = 7 where thing_id = 1")
    with pytest.raises(PublicationRefused, match="fct_thing was changed after its gates"):
        publish(settings, TABLES)


def test_a_run_does_not_publish_the_build_of_another(settings):
    build(settings, 5)
    with pytest.raises(PublicationRefused, match="another run has rebuilt it"):
        publish(settings, TABLES, build="mine")


def test_a_table_that_is_not_there_is_named(settings):
    build(settings, 5)
    with pytest.raises(PublicationRefused, match="fct_new is not in the warehouse"):
        publish(settings, [*TABLES, replace(TABLES[0], name="fct_new")])


def test_a_lost_lock_stops_before_the_switch(settings):
    build(settings, 5)
    publish(settings, TABLES)
    build(settings, 6)

    def steal(reached: str) -> None:
        if reached == "named":
            (settings.published / ".lock").unlink()

    with pytest.raises(PublicationRefused, match="was not made current"):
        publish(settings, TABLES, checkpoint=steal)
    assert current_manifest(settings.published)["tables"]["dim_thing"]["rows"] == 5


def test_two_publishers_do_not_meet(settings):
    build(settings, 5)

    def second(reached: str) -> None:
        if reached == "exported":
            with pytest.raises(PublicationBusy, match="another publication"):
                publish(settings, TABLES)

    assert publish(settings, TABLES, checkpoint=second).is_new


def test_old_versions_go_but_never_the_current_one(settings):
    settings = replace(settings, keep_versions=2)
    for rows in (3, 4, 5):
        build(settings, rows)
        last = publish(settings, TABLES)
    assert len(versions(settings)) == 2
    assert len(last.removed) == 1
    assert (settings.published / "current").resolve().name == last.version


def test_a_full_disk_is_told_before_it_is_full(settings, monkeypatch):
    build(settings, 5)
    usage = type("Usage", (), {"free": 1024})
    monkeypatch.setattr(publishing.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(PublicationRefused, match="LEADHOUSE_KEEP_VERSIONS"):
        publish(settings, TABLES)


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
def test_after_a_kill_the_reader_has_a_whole_version_and_the_next_run_repairs(settings, checkpoint):
    build(settings, 10)
    publish(settings, TABLES)
    assert in_process("die", settings.home, 20, checkpoint).returncode == -9
    current = settings.published / "current"
    assert damaged_files(current) == []
    rows = current_manifest(settings.published)["tables"]["dim_thing"]["rows"]
    assert rows == (20 if checkpoint == "switched" else 10)
    build(settings, 20)
    publish(settings, TABLES)
    assert damaged_files(current) == []
    assert current_manifest(settings.published)["tables"]["dim_thing"]["rows"] == 20
    assert not list(settings.published.glob("*.tmp"))


def test_a_reader_in_another_process_never_sees_a_half_state(settings):
    build(settings, 10)
    publish(settings, TABLES)
    reader = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.toy_warehouse", "read", str(settings.home), "4"],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    published = 0
    # A reader that resolved `current` keeps its version for as long as retention lets it live.
    settings = replace(settings, keep_versions=1000)
    until = time.monotonic() + 4
    while time.monotonic() < until:
        published += 1
        build(settings, 1000 + published)
        publish(settings, TABLES)
    output, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    assert int(output) > 5
    assert published > 5


def test_the_row_hash_does_not_depend_on_the_order_of_rows(settings):
    build(settings, 50)
    first = publish(settings, TABLES)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "create or replace table marts.fct_thing as"
            " select * from marts.fct_thing order by amount desc"
        )
    assert not publish(settings, TABLES).is_new
    manifest = json.loads((first.folder / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["tables"]["fct_thing"]["row_hash"]) > 8
