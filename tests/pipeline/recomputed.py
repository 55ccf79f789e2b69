"""Runs models of a built warehouse again on a copy of it, after a test has changed what they read.

The SQL is what dbt compiled for that build. Nothing else is run, so a test of a few models takes a
second and not a build.
"""

import json
import shutil
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from tests.pipeline.warehouse import Warehouse


class Recomputed:
    """A copy of a built warehouse in `folder` whose models in `paths` can be run again.

    paths: beginnings of model paths below `models/`, such as `intermediate/sla/`.
    """

    def __init__(self, warehouse: Warehouse, folder: Path, paths: Iterable[str]) -> None:
        target = warehouse.home / "target"
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        prefixes = tuple(f"models/{path}" for path in paths)
        chosen = {
            name: node
            for name, node in manifest["nodes"].items()
            if node["resource_type"] == "model" and node["original_file_path"].startswith(prefixes)
        }
        assert all(node["language"] == "sql" for node in chosen.values())
        order = TopologicalSorter({n: m["depends_on"]["nodes"] for n, m in chosen.items()})
        self._models = [chosen[name] for name in order.static_order() if name in chosen]
        self._compiled = target / "compiled" / "leadhouse"
        folder.mkdir(parents=True, exist_ok=True)
        # The compiled SQL names the database, which is named after its file.
        shutil.copyfile(warehouse.file, folder / warehouse.file.name)
        self.connection = duckdb.connect(str(folder / warehouse.file.name))
        self.connection.execute("set TimeZone = 'UTC'")

    def run(self, *paths: str) -> None:
        """Executes the models, or those whose path so begins, in the order of dependencies."""
        for model in self._models:
            path = model["original_file_path"]
            if path.startswith(tuple(f"models/{beginning}" for beginning in paths or [""])):
                query = (self._compiled / path).read_text(encoding="utf-8")
                kind = "view" if model["config"]["materialized"] == "view" else "table"
                self.connection.execute(
                    f"create or replace {kind} {model['relation_name']} as {query}"
                )

    def rows(self, query: str) -> list[tuple]:
        """Rows of a query on the copy."""
        return self.connection.execute(query).fetchall()

    def deliver(self, view: str, query: str) -> None:
        """Puts the rows of a query over `{view}` in the place of a staging view."""
        self.connection.execute(
            f"create or replace table delivered as {query.format(view=f'staging.{view}')};"
            f"drop view staging.{view}; create table staging.{view} as from delivered"
        )

    def hashes(self, schema: str, tables: Iterable[str]) -> dict[str, tuple[int, str]]:
        """Rows and an order-free hash of each table."""
        return {
            table: Warehouse.hashed(self.rows(f"from {schema}.{table}")) for table in sorted(tables)
        }
