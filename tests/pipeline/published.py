"""A publication of a built warehouse without gates: what readers of the marts see."""

import json
from pathlib import Path

import duckdb

from dagster_project.lib.publishing import DUCKDB_FILE, MANIFEST
from tests.pipeline.warehouse import Warehouse


def published_copy(warehouse: Warehouse, home: Path) -> Path:
    """Write version v1 with the marts of `warehouse` below `home`; returns the DuckDB file."""
    folder = home / "published" / "v1"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / DUCKDB_FILE)) as connection:
        connection.execute(f"attach '{warehouse.file}' as built (read_only)")
        connection.execute("create schema marts")
        names = connection.execute(
            "select table_name from duckdb_tables()"
            " where database_name = 'built' and schema_name = 'marts'"
        ).fetchall()
        for (name,) in names:
            connection.execute(f"create table marts.{name} as from built.marts.{name}")
    (folder / MANIFEST).write_text(json.dumps({"version": "v1"}), encoding="utf-8")
    (home / "published" / "current").symlink_to("v1")
    return folder / DUCKDB_FILE
