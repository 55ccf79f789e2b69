"""The demonstration company through `make run`: killed in the middle, looked at all the while."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tests.pipeline.warehouse import EXTRACTS, ROOT, Warehouse

RUN = [sys.executable, "-m", "dagster_project.run"]
LAST_DELIVERY = "extract_date=2026-07-01"


def test_a_killed_run_leaves_the_last_version_and_the_next_run_is_identical(
    demonstration: Warehouse, tmp_path: Path
) -> None:
    """P04, P07, law 8: kill -9 in the middle of a build, with a reader of `current` at work.

    The warehouse was first built without the last delivery: what it ends with is what a build of
    all deliveries at once gives.
    """
    extracts = tmp_path / "extracts"
    shutil.copytree(EXTRACTS, extracts, ignore=shutil.ignore_patterns(LAST_DELIVERY))
    warehouse = Warehouse(tmp_path / "home", extracts)
    _run(warehouse)
    first = _version(warehouse)
    with _reader(warehouse) as seen:
        shutil.copytree(EXTRACTS, extracts, dirs_exist_ok=True)
        _run_and_kill(warehouse, at="dbt foundation")
        assert _version(warehouse) == first, "nothing is published by half a run"
        _run(warehouse)
    assert _version(warehouse) != first
    assert set(seen) == {first, _version(warehouse)}
    assert _published_hashes(warehouse) == demonstration.mart_hashes()


def _run(warehouse: Warehouse) -> None:
    done = subprocess.run(
        RUN,
        cwd=ROOT,
        env=warehouse.environment,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def _run_and_kill(warehouse: Warehouse, at: str) -> None:
    """Start a run and kill its whole process group three seconds after a step has begun."""
    process = subprocess.Popen(
        RUN,
        cwd=ROOT,
        env=warehouse.environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in process.stdout:
        if at in line:
            time.sleep(3)
            break
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(timeout=30) == -signal.SIGKILL


def _version(warehouse: Warehouse) -> str:
    return str((warehouse.home / "published" / "current").readlink())


@contextmanager
def _reader(warehouse: Warehouse) -> Iterator[list[str]]:
    """Reads `current` again and again; yields the versions seen, fails if one was not whole."""
    seen, problems, stop = [], [], threading.Event()

    def read() -> None:
        last = False
        while not last:
            # Once more after the end, so that the last version is always looked at.
            last = stop.is_set()
            # A reader opens the version it was pointed at and stays with it.
            folder = (warehouse.home / "published" / "current").resolve()
            try:
                manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
                for name, table in manifest["tables"].items():
                    n_rows = pq.ParquetFile(folder / f"{name}.parquet").metadata.num_rows
                    assert n_rows == table["rows"], name
            except (AssertionError, OSError, ValueError) as problem:
                problems.append(f"{folder.name}: {problem!r}")
            seen.append(folder.name)
            time.sleep(0.05)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
    assert problems == []
    assert len(seen) > 100


def _published_hashes(warehouse: Warehouse) -> dict[str, tuple[int, str]]:
    """Hashes of the published tables, computed as those of a warehouse."""
    file = warehouse.home / "published" / "current" / "leadhouse.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        return {
            name: Warehouse.hashed(connection.execute(f"from marts.{name}").fetchall())
            for (name,) in tables
        }
