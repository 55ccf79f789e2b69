"""Runs single compiled models on rows of a test's own, in memory, thousands of leads at a time.

The SQL is what dbt compiled for the demonstration; every table it reads is put there by the test or
is a rule file. A model that is not run and a table that is not put do not exist.
"""

import json
from pathlib import Path

import duckdb
import pyarrow as pa

from tests.pipeline.warehouse import ROOT, Warehouse


class ModelBench:
    """An empty warehouse in memory that compiled models can be run in."""

    def __init__(self, warehouse: Warehouse) -> None:
        target = warehouse.home / "target"
        self._nodes = {
            node["name"]: node
            for node in json.loads((target / "manifest.json").read_text("utf-8"))["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        }
        self._compiled = target / "compiled" / "leadhouse"
        self.connection = duckdb.connect()
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute("attach ':memory:' as warehouse")
        for schema in ("rules", "reference", "staging", "intermediate", "marts"):
            self.connection.execute(f"create schema warehouse.{schema}")

    def put(self, name: str, columns: str, rows: list[tuple]) -> None:
        """Fills a table a model reads; `columns` as in `create table`."""
        relation = self._nodes[name]["relation_name"]
        self.connection.execute(f"create or replace table {relation} ({columns})")
        if rows:
            names = [f"c{number}" for number in range(len(rows[0]))]
            columns_of_rows = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
            self.connection.register("given", pa.table(columns_of_rows))
            self.connection.execute(f"insert into {relation} from given")
            self.connection.unregister("given")

    def put_rules(self, *names: str) -> None:
        """Fills rule tables from their files."""
        for name in names:
            types = self._nodes[name]["config"]["column_types"]
            file = Path(ROOT / "dbt" / self._nodes[name]["original_file_path"])
            self.connection.execute(
                f"create or replace table {self._nodes[name]['relation_name']} as"
                " from read_csv(?, header = true, columns = ?)",
                [str(file), types],
            )

    def run(self, *names: str) -> None:
        """Runs models in the order given."""
        for name in names:
            node = self._nodes[name]
            text = (self._compiled / node["original_file_path"]).read_text(encoding="utf-8")
            self.connection.execute(f"create or replace table {node['relation_name']} as {text}")

    def rows(self, name: str, columns: str) -> list[tuple]:
        """Columns of a table or model."""
        relation = self._nodes[name]["relation_name"]
        return self.connection.execute(f"select {columns} from {relation}").fetchall()
