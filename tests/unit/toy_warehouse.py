"""A warehouse of two marts whose gates have passed, and processes that publish it and die.

python -m tests.unit.toy_warehouse publish <home> <rows>            publish once
python -m tests.unit.toy_warehouse die <home> <rows> <checkpoint>   SIGKILL itself there
python -m tests.unit.toy_warehouse read <home> <seconds>            read `current` in a loop
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import duckdb

from dagster_project.lib import builds
from dagster_project.lib.publishing import MANIFEST, MartTable, publish
from dagster_project.lib.settings import Settings

TABLES = [
    MartTable(
        "marts", "dim_thing", "What it's about.", {"thing_id": "Its id.", "name": ""}, ["thing_id"]
    ),
    MartTable("marts", "fct_thing", "Facts.", {"thing_id": "Its id."}),
]


def settings_of(home: Path) -> Settings:
    """Settings of a project without suites, so that dbt's gates are all there is."""
    (home / "project").mkdir(parents=True, exist_ok=True)
    return Settings(home=home, extracts=home / "extracts", project_root=home / "project")


def build(settings: Settings, rows: int, build_id: str | None = None, passed: bool = True) -> str:
    """Write both marts, `rows` rows each, and record the gates of dbt; returns the build id."""
    build_id = build_id or f"build-{rows}"
    for part in builds.PARTS:
        builds.begin(settings, part, build_id, "landing")
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            "create or replace table marts.dim_thing as select range as thing_id,"
            f" 'thing ' || range as name from range({rows}) order by range desc"
        )
        connection.execute(
            "create or replace table marts.fct_thing as select range % 7 as thing_id,"
            f" (range / 3)::decimal(18, 2) as amount from range({rows})"
        )
    with builds.open_warehouse(settings) as connection:
        contents = builds.table_contents(connection, [table.qualified for table in TABLES])
    failed = [] if passed else ["marts.fct_thing: not_null_amount (3 rows)"]
    builds.record_gate(settings, builds.Gate("foundation", build_id, True))
    builds.record_gate(settings, builds.Gate("marts", build_id, passed, failed, contents))
    return build_id


def publish_and_die(settings: Settings, checkpoint: str) -> None:
    """Publish, but end this process as `kill -9` does when `checkpoint` is reached."""

    def die_at(reached: str) -> None:
        if reached == checkpoint:
            os.kill(os.getpid(), signal.SIGKILL)

    publish(settings, TABLES, checkpoint=die_at)


def read_forever(settings: Settings, seconds: float) -> int:
    """Follow `current` again and again, check every file against its manifest; returns reads."""
    reads = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not (settings.published / "current").exists():
            continue
        folder = (settings.published / "current").resolve()
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        for name, facts in manifest["tables"].items():
            query = f"select count(*) from '{folder / facts['file']}'"
            assert duckdb.execute(query).fetchall() == [(facts["rows"],)]
            with duckdb.connect(str(folder / "leadhouse.duckdb"), read_only=True) as connection:
                query = f"select count(*) from marts.{name}"
                assert connection.execute(query).fetchall() == [(facts["rows"],)]
        reads += 1
    return reads


def main(command: str, home: str, *arguments: str) -> None:
    """What the docstring of this module says."""
    settings = settings_of(Path(home))
    if command == "read":
        print(read_forever(settings, float(arguments[0])))
        return
    build(settings, int(arguments[0]))
    if command == "die":
        publish_and_die(settings, arguments[1])
    else:
        publish(settings, TABLES)


if __name__ == "__main__":
    main(*sys.argv[1:])
