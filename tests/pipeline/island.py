"""Runs some of dbt's compiled models on rows a test makes, without the rest of the warehouse.

The SQL is what dbt compiled for the demonstration; tables no chosen model makes are empty, or hold
the rows of the test. Seeds are those of the demonstration.
"""

import re
from collections.abc import Iterable, Mapping

import duckdb
import pandas as pd

from tests.pipeline.warehouse import Warehouse

RELATION = re.compile(r'"warehouse"\."(\w+)"\."(\w+)"')
SEEDS = ("rules", "reference")
Row = Mapping[str, object]


class Island:
    """The compiled models `names`, in an order in which each follows what it reads."""

    def __init__(self, built: Warehouse, names: Iterable[str]) -> None:
        compiled = built.home / "target" / "compiled" / "leadhouse" / "models"
        # Beside the models lie their tests, with the rows of unit tests under the names of models.
        files = {p.stem: p for p in compiled.rglob("*.sql") if p.parent.suffix != ".yml"}
        self._texts = {name: files[name].read_text("utf-8") for name in names}
        self._order = self._ordered()
        read = {pair for text in self._texts.values() for pair in RELATION.findall(text)}
        self._inputs = sorted(pair for pair in read if pair[1] not in self._texts)
        self._columns: dict[str, str] = {}
        self._seeds: dict[str, pd.DataFrame] = {}
        with duckdb.connect(str(built.file), read_only=True) as connection:
            for schema, table in self._inputs:
                found = connection.execute(f'describe {schema}."{table}"').fetchall()
                self._columns[table] = ", ".join(f'"{name}" {kind}' for name, kind, *_ in found)
                if schema in SEEDS:
                    self._seeds[table] = connection.execute(f'from {schema}."{table}"').df()

    def run(self, rows: Mapping[str, Iterable[Row]]) -> duckdb.DuckDBPyConnection:
        """A database in memory with every model built on `rows` (table name -> its rows)."""
        connection = duckdb.connect()
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("use warehouse")
        for schema, table in self._inputs:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f'create table {schema}."{table}" ({self._columns[table]})')
            frame = self._frame(table, list(rows.get(table, ())))
            if len(frame):
                connection.register("frame", frame)
                connection.execute(f'insert into {schema}."{table}" by name from frame')
                connection.unregister("frame")
        connection.execute("create schema if not exists intermediate")
        connection.execute("create schema if not exists marts")
        for name in self._order:
            schema = "intermediate" if name.startswith("int_") else "marts"
            connection.execute(f"create table {schema}.{name} as {self._texts[name]}")
        return connection

    def _ordered(self) -> list[str]:
        waiting, order = dict(self._texts), []
        while waiting:
            ready = [
                name
                for name, text in waiting.items()
                if not {table for _, table in RELATION.findall(text)} & waiting.keys() - {name}
            ]
            assert ready, f"a circle among {sorted(waiting)}"
            order += ready
            for name in ready:
                del waiting[name]
        return order

    def _frame(self, table: str, rows: list[Row]) -> pd.DataFrame:
        if not rows:
            return self._seeds.get(table, pd.DataFrame())
        return pd.DataFrame([{name: _plain(value) for name, value in row.items()} for row in rows])


def _plain(value: object) -> object:
    """Text, which the table's own type reads: pandas would make floats of integers with gaps."""
    return None if value is None else str(value)


def delivered(rows: Iterable[Row], key: str, extracted_at: object, batch: str = "b") -> list[Row]:
    """Rows as staging shows them: with source system, delivery, batch and content hash."""
    return [
        {
            "_source_system": "crm",
            "_extracted_at": extracted_at,
            "_batch_id": batch,
            "_file": f"{batch}.csv",
            "_row_number": number,
            "_is_deleted": False,
            "_row_hash": f"{row[key]}:{sorted(row.items(), key=str)!r}",
            **row,
        }
        for number, row in enumerate(rows, 1)
    ]
