"""Hold the real tables of one schema against their suites, keep the results, pass a verdict.

Schemas: `raw` is what was landed, all text, without the warehouse, plus the ledger as
`raw.landing_files`; any other schema is read from the warehouse, read-only, and its queries see
every schema there. Results are kept per build as
`<home>/audit/<build>/<schema>.json` and as a page (results_page.py).
Does not belong here: what a suite is (expectations.py).
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

import duckdb

from dagster_project.lib import builds, results_page
from dagster_project.lib.contract import Contract, Table
from dagster_project.lib.expectations import Outcome, Suite, judge, load_suites, skipped
from dagster_project.lib.settings import Settings
from dagster_project.lib.words import counted

# Audit folders of builds that stay.
KEEP_AUDITS = 30
_META_COLUMNS = ("_source_system", "_extracted_at", "_batch_id", "_file", "_is_deleted")


def accept(
    settings: Settings,
    contract: Contract,
    schema: str,
    build: str,
    tables: Collection[str] | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> list[Outcome]:
    """Judge the tables of `schema`, keep results and verdict, return the outcomes.

    tables: names of the tables to judge, None = all that have a suite. A partial judgement never
    passes the gate, but it can fail it. Raises SuiteError (no verdict is left then).
    """
    suites = load_suites(settings.expectations, schema)
    chosen = [suite for suite in suites if tables is None or suite.table in tables]
    with _connection(settings, contract, schema) as connection:
        gate, subject = _gate(settings, connection, schema)
        complete = len(chosen) == len(suites)
        if complete:
            builds.forget_gate(settings, gate, subject)
        outcomes = []
        for number, suite in enumerate(chosen, start=1):
            say(f"{number}/{len(chosen)} {suite.schema}.{suite.table}")
            outcomes += _judge(settings, suite, connection)
    warned = sum(not o.passed and o.severity == "warning" for o in outcomes)
    found = [(len(chosen), "table"), (len(outcomes), "check"), (warned, "warning")]
    say(", ".join(counted(number, noun) for number, noun in found))
    failed = [o.sentence for o in outcomes if not o.passed and o.severity == "critical"]
    if complete or failed:
        builds.record_gate(settings, builds.Gate(gate, subject, not failed, failed))
    _keep(settings, build, suites, schema, outcomes)
    return outcomes


def landed(settings: Settings, table: str) -> bool:
    """Whether anything of a raw table was ever landed."""
    folder = settings.landing / table
    return any(not path.name.startswith("_") for path in folder.glob("*.parquet"))


def _judge(
    settings: Settings, suite: Suite, connection: duckdb.DuckDBPyConnection
) -> list[Outcome]:
    if suite.schema == "raw" and not landed(settings, suite.table):
        return skipped(suite, "this extract was never delivered")
    return judge(suite, connection, f"{suite.schema}.{builds.quoted(suite.table)}")


def _gate(
    settings: Settings, connection: duckdb.DuckDBPyConnection, schema: str
) -> tuple[str, str]:
    """Name of the gate, and what the verdict is about: the landing, or the marts' build."""
    if schema == "raw":
        return "raw", builds.landing_digest(settings.landing)
    return "acceptance", builds.marker(connection).marts or "unknown"


@contextmanager
def _connection(
    settings: Settings, contract: Contract, schema: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    if schema != "raw":
        with builds.open_warehouse(settings) as connection:
            connection.execute("use warehouse")
            yield connection
        return
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        connection.execute("create schema raw")
        connection.execute(f"create view raw.landing_files as {_ledger_source(settings)}")
        for table in contract.tables.values():
            source = _raw_source(settings, table)
            connection.execute(f"create view raw.{builds.quoted(table.name)} as {source}")
        yield connection


def _raw_source(settings: Settings, table: Table) -> str:
    """Declared columns and meta columns of a raw table as text; blank cells count as missing."""
    names = [*table.column_names, *_META_COLUMNS]
    if not landed(settings, table.name):
        absent = ", ".join(f"null::varchar as {builds.quoted(name)}" for name in names)
        return f"select {absent} where false"
    present = ", ".join(f"nullif(trim({q}), '') as {q}" for q in map(builds.quoted, names))
    files = str(settings.landing / table.name / "*.parquet").replace("'", "''")
    return (
        f"select {present} from read_parquet('{files}', union_by_name = true)"
        " where _batch_id in (select batch_id from raw.landing_files)"
    )


def _ledger_source(settings: Settings) -> str:
    """The ledger: what became of every delivered file, by its newest content.

    A file that was replaced is judged by what it holds now: else no correction could pass a gate
    that the first delivery failed. Its old rows stay landed.
    """
    ledger = settings.landing / "_ledger.parquet"
    if ledger.exists():
        path = str(ledger).replace("'", "''")
        return (
            f"select * from read_parquet('{path}')"
            " qualify row_number() over (partition by file"
            " order by landed_at desc nulls last, content_hash) = 1"
        )
    return (
        "select null::varchar as table_name, null::varchar as file, null::varchar as batch_id,"
        " null::varchar as status, null::date as extract_date,"
        " 0 as rows_in_file, 0 as rows_landed, 0 as rows_rejected where false"
    )


def _keep(
    settings: Settings, build: str, suites: list[Suite], schema: str, outcomes: list[Outcome]
) -> None:
    judged = {outcome.table for outcome in outcomes}
    content = {
        "schema": schema,
        "build": build,
        "judged_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "tables": {
            suite.table: {
                "description": suite.description,
                "outcomes": [asdict(o) for o in outcomes if o.table == suite.table],
            }
            for suite in suites
            if suite.table in judged
        },
    }
    builds.write_json(builds.audit_folder(settings, build) / f"{schema}.json", content)
    results_page.write(settings, build)
    builds.prune_audit(settings, KEEP_AUDITS)
