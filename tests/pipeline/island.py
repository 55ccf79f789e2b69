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
        texts = {path.stem: path.read_text("utf-8") for path in compiled.rglob("*.sql")}
        self._texts = {name: texts[name] for name in names}
        self._built = built
        self._order = self._ordered()

    def run(self, rows: Mapping[str, Iterable[Row]]) -> duckdb.DuckDBPyConnection:
        """A database in memory with every model built on `rows` (table name -> its rows)."""
        connection = duckdb.connect()
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("attach ':memory:' as warehouse")
        connection.execute("use warehouse")
        for schema, table in sorted(self._inputs()):
            connection.execute(f"create schema if not exists {schema}")
            self._create(connection, schema, table, list(rows.get(table, ())))
        connection.execute("create schema if not exists intermediate")
        connection.execute("create schema if not exists marts")
        for name in self._order:
            schema = "intermediate" if name.startswith("int_") else "marts"
            connection.execute(f"create table {schema}.{name} as {self._texts[name]}")
        return connection

    def _inputs(self) -> set[tuple[str, str]]:
        read = {pair for text in self._texts.values() for pair in RELATION.findall(text)}
        return {(schema, table) for schema, table in read if table not in self._texts}

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

    def _create(
        self, connection: duckdb.DuckDBPyConnection, schema: str, table: str, rows: list[Row]
    ) -> None:
        columns = self._built.rows(
            "select column_name, data_type from information_schema.columns"
            f" where table_schema = '{schema}' and table_name = '{table}' order by ordinal_position"
        )
        assert columns, f"{schema}.{table} is not in the demonstration"
        names = ", ".join(f'"{name}" {kind}' for name, kind in columns)
        connection.execute(f'create table {schema}."{table}" ({names})')
        if not rows and schema in SEEDS:
            given = self._built.rows(f'from {schema}."{table}"')
            rows = [dict(zip([name for name, _ in columns], row, strict=True)) for row in given]
        if rows:
            wrong = {name for row in rows for name in row} - {name for name, _ in columns}
            assert not wrong, f"{table} has no {sorted(wrong)}"
            frame = pd.DataFrame([{k: _plain(v) for k, v in row.items()} for row in rows])
            connection.register("frame", frame)
            connection.execute(f'insert into {schema}."{table}" by name select * from frame')
            connection.unregister("frame")


def _plain(value: object) -> object:
    """Text, which the table's own type reads: pandas would make floats of integers with gaps."""
    return None if value is None else str(value)


def delivered(rows: Iterable[Row], key: str, extracted_at: object, batch: str = "b") -> list[Row]:
    """Rows as staging shows them: with source system, instant of delivery, batch and content hash."""
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

