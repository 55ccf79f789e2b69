"""The models of intermediate/identifiers alone, over records that a test makes up.

The same SQL, Python, seeds and macros as in the real project; only the model of records is a
stand-in that reads a Parquet file, and nobody consented to anything. A build takes seconds, where
the whole project takes minutes.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ("full_name", "email", "phone", "phone_2", "company_name", "credit_code", "website")
TIMEOUT_S = 300

PROJECT = """
name: leadhouse
profile: leadhouse
version: 1.0.0
config-version: 2
macro-paths: {macros}
seed-paths: [rules, reference]
test-paths: {tests}
vars: {{source_timezone: Asia/Shanghai, business_timezone: Asia/Shanghai, identity_values: plain,
  phone_region: CN, reporting_currency: CNY}}
on-run-start: {on_run_start}
models: {{leadhouse: {{+materialized: table, +schema: intermediate}}}}
seeds: {{leadhouse: {{+schema: rules, +full_refresh: true, +quote_columns: true}}}}
"""


class IdentifierProject:
    """A dbt project in `folder`; its warehouse in `folder`/home."""

    def __init__(self, folder: Path, models: Mapping[str, str] | None = None) -> None:
        """models: more models of the test's own, SQL by name."""
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        real = ROOT / "dbt"
        shutil.copytree(real / "models/intermediate/identifiers", folder / "models/identifiers")
        for name in ("rules", "reference"):
            # Never an absolute seed path: dbt joins it with the target folder and writes what it
            # ran over the seed itself.
            shutil.copytree(ROOT / "seeds" / name, folder / name)
        hook = next(
            line.removeprefix("on-run-start: ")
            for line in (real / "dbt_project.yml").read_text("utf-8").splitlines()
            if line.startswith("on-run-start: ")
        )
        text = PROJECT.format(
            macros=json.dumps([str(real / "macros")]),
            tests=json.dumps([str(real / "tests" / "generic")]),
            on_run_start=hook,
        )
        (folder / "dbt_project.yml").write_text(text, encoding="utf-8")
        stand_ins = {
            "int_identity__record_versions": f"select * from read_parquet('{self._records}')",
            "int_time__as_of": "select timestamp '2026-07-01 00:00:00' as as_of",
            "stg_compliance__consent_events": (
                "select cast(null as varchar) as subject_key_type,"
                " cast(null as varchar) as subject_key, false as _is_deleted where false"
            ),
        }
        for name, sql in {**stand_ins, **(models or {})}.items():
            (folder / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")

    @property
    def _records(self) -> Path:
        return self.folder / "records.parquet"

    def records(self, values: Mapping[str, Iterable[str | None]]) -> None:
        """Replace the records: values of some columns, one record per value."""
        columns: dict[str, list[str | None]] = {name: [] for name in COLUMNS}
        for name, column in values.items():
            for value in column:
                for other in COLUMNS:
                    columns[other].append(value if other == name else None)
        table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
        pq.write_table(table, self._records)

    def build(
        self, select: str = "path:models", *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Seed what the selection needs and run it; the caller looks at the exit code."""
        return subprocess.run(
            [
                str(Path(sys.executable).with_name("dbt")), "--no-use-colors", "build",
                "--resource-type", "model", "--resource-type", "seed", "--select", f"+{select}",
                "--project-dir", str(self.folder), "--profiles-dir", str(ROOT / "dbt"), *arguments,
            ],
            cwd=self.folder,
            env=os.environ
            | {
                "LEADHOUSE_HOME": str(self.home),
                "DBT_TARGET_PATH": str(self.folder / "target"),
                "DBT_LOG_PATH": str(self.folder / "logs"),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )  # fmt: skip

    def built(self, select: str = "path:models", *arguments: str) -> "IdentifierProject":
        """`build`, raising with dbt's output when it fails."""
        done = self.build(select, *arguments)
        if done.returncode:
            raise AssertionError((done.stdout + done.stderr)[-6000:])
        return self

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.home / "warehouse.duckdb"

    def rows(self, query: str) -> list[tuple]:
        """Rows of a query on what was built; the schema of models is `intermediate`."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            connection.execute("set search_path = 'intermediate'")
            return connection.execute(query).fetchall()
