"""The demonstration company after a `make run` that was killed in the middle."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tests.pipeline.warehouse import Warehouse


def test_a_killed_run_publishes_nothing_and_the_next_one_is_whole(
    demonstration: Warehouse,
) -> None:
    """P04, P07, law 8: kill -9 in a build without the last delivery, then a run with all.

    That what the warehouse ends with is what one build of all deliveries gives is seen in
    test_rebuild.py; that an earlier version stays for its readers, in test_dagster_run.py and
    test_publishing.py.
    """
    published = demonstration.home / "published"
    folder = (published / "current").resolve()
    assert [path for path in published.iterdir() if path.is_dir() and not path.is_symlink()] == [
        folder
    ]
    hashes = _hashes(folder / "leadhouse.duckdb")
    told = demonstration.mart_hashes()
    # What the warehouse itself keeps is published; the ledger of restatements comes from beside it.
    assert {name: hashes[name] for name in told} == told
    for name, (n_rows, _) in hashes.items():
        assert pq.ParquetFile(folder / f"{name}.parquet").metadata.num_rows == n_rows, name


def _hashes(file: Path) -> dict[str, tuple[int, str]]:
    """Hashes of the published tables, computed as those of a warehouse."""
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        return {
            name: Warehouse.hashed(connection.execute(f"from marts.{name}").fetchall())
            for (name,) in tables
        }
