"""Which build the warehouse holds, and which gates that very build has passed.

A *build* is one rewriting of warehouse tables by a run. The warehouse carries a marker (schema
`audit`, one row per part) that says who wrote its parts last; every gate leaves a small JSON record
under `<home>/audit/`. Publication compares the two, so a build that never passed a gate, or was
changed after it had, can't be published, whatever order people launch things in.

Gates: `raw` (acceptance of what was landed; named by the landing's digest), `foundation` and
`marts` (dbt models and their tests), `acceptance` (suites of the marts).
Does not belong here: the checks themselves, and what is done with a passed build.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dagster_project.lib.settings import Settings

PARTS = ("foundation", "marts")
_MARKER = "audit.build"


@dataclass(frozen=True)
class Marker:
    """Who wrote the warehouse last: build ids per part, None = never or being rewritten.

    landing: digest of the landed batches that the foundation was built from.
    """

    foundation: str | None = None
    marts: str | None = None
    landing: str | None = None


@dataclass(frozen=True)
class Gate:
    """The verdict of one gate about one build.

    name: raw | foundation | marts | acceptance; build: build id, or landing digest for `raw`;
    failed: a plain sentence per failure, at least one unless passed (check, table, number of rows;
    never a cell's value);
    tables: fingerprint of every table the gate looked at, see `table_contents`.
    """

    name: str
    build: str
    passed: bool
    failed: list[str] = field(default_factory=list)
    tables: dict[str, str] = field(default_factory=dict)


def new_build_id(run_id: str, started_at: float) -> str:
    """Readable id, the same in every step of a run: UTC start (epoch seconds) and run id."""
    return f"{datetime.fromtimestamp(started_at, UTC):%Y%m%dT%H%M%SZ}-{run_id[:8]}"


def open_warehouse(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A connection that sees the warehouse, read-only, under the name `warehouse`.

    Close it: as long as it is open no writer gets in. The file is attached to an in-memory
    database, because DuckDB refuses to open a file twice in a process with different options.
    Raises duckdb.IOException when a writer has the file open.
    """
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    try:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set memory_limit = '{settings.memory_limit}'")
        path = str(settings.warehouse).replace("'", "''")
        connection.execute(f"attach '{path}' as warehouse (read_only)")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def begin(settings: Settings, part: str, build: str, landing: str) -> None:
    """Mark `part` as being rewritten by `build`; what was known about later parts is forgotten.

    Raises duckdb.IOException when another process has the warehouse open.
    """
    if part not in PARTS:
        raise ValueError(f"no such part of the warehouse: {part!r}, expected one of {PARTS}")
    settings.home.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema if not exists audit")
        connection.execute(
            f"create table if not exists {_MARKER} (part varchar, build varchar, landing varchar)"
        )
        connection.execute("begin")
        later = PARTS[PARTS.index(part) :]
        connection.execute(f"delete from {_MARKER} where list_contains(?, part)", [list(later)])
        connection.execute(f"insert into {_MARKER} values (?, ?, ?)", [part, build, landing])
        connection.execute("commit")


def marker(connection: duckdb.DuckDBPyConnection) -> Marker:
    """Read the marker of an opened warehouse; all None when it has none."""
    known = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'warehouse'"
        " and schema_name = 'audit' and table_name = 'build'"
    ).fetchall()[0][0]
    if not known:
        return Marker()
    rows = connection.execute(f"select part, build, landing from warehouse.{_MARKER}").fetchall()
    builds = {part: build for part, build, _ in rows}
    landings = {part: landing for part, _, landing in rows}
    return Marker(builds.get("foundation"), builds.get("marts"), landings.get("foundation"))


def landing_digest(landing: Path) -> str:
    """Digest (hex) of which batches are landed: table and batch file of each, nothing else."""
    digest = hashlib.sha256()
    for batch in sorted(landing.glob("*/*.parquet")):
        if not batch.parent.name.startswith("_") and not batch.name.startswith("_"):
            digest.update(f"{batch.parent.name}/{batch.name}\n".encode())
    return digest.hexdigest()


def table_contents(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str], database: str = "warehouse"
) -> dict[str, str]:
    """Fingerprint `<rows>:<hash>` of each `schema.table` of an opened warehouse.

    Free of the order of rows: the hash is the sum of one md5 half per row over all columns as
    text, so it counts duplicates and is the same on every version of DuckDB. Raises ValueError for
    a table that does not exist.
    """
    contents = {}
    for table in tables:
        schema, _, name = table.partition(".")
        columns = connection.execute(
            "select column_name from duckdb_columns() where database_name = ?"
            " and schema_name = ? and table_name = ? order by column_index",
            [database, schema, name],
        ).fetchall()
        if not columns:
            raise ValueError(f"{table} is not in the warehouse; run the refresh job")
        texts = ", ".join(f"{quoted(column)}::varchar" for (column,) in columns)
        rows, total = connection.execute(
            f"select count(*), coalesce(sum(md5_number_lower(to_json([{texts}])::varchar)), 0)"
            f" from {quoted(database)}.{quoted(schema)}.{quoted(name)}"
        ).fetchall()[0]
        contents[table] = f"{rows}:{total:x}"
    return contents


def quoted(identifier: str) -> str:
    """`identifier` as a quoted SQL name."""
    return '"' + identifier.replace('"', '""') + '"'


def audit_folder(settings: Settings, build: str) -> Path:
    """Where everything about one build's checks is kept."""
    return settings.audit / build


def record_gate(settings: Settings, gate: Gate) -> None:
    """Keep the verdict; an earlier verdict of the same gate about the same build is replaced."""
    write_json(_gate_path(settings, gate.name, gate.build), asdict(gate))


def forget_gate(settings: Settings, name: str, build: str) -> None:
    """Remove a verdict, so that a gate which dies half-way has none."""
    _gate_path(settings, name, build).unlink(missing_ok=True)


def read_gate(settings: Settings, name: str, build: str) -> Gate | None:
    """The verdict of gate `name` about `build`, or None when it never finished."""
    path = _gate_path(settings, name, build)
    return Gate(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def objections(settings: Settings, held: Marker) -> list[str]:
    """Why the build in the warehouse must not be published; empty = every gate passed.

    held: marker of the warehouse. The gates of suites are asked for when there are any.
    """
    if not held.foundation or not held.marts:
        return ["the warehouse holds no complete build: a run stopped half-way, or none ran yet"]
    gates = [("foundation", held.foundation), ("marts", held.marts)]
    if any((settings.expectations / "raw").glob("*.yml")):
        gates.insert(0, ("raw", held.landing or ""))
    if any((settings.expectations / "marts").glob("*.yml")):
        gates.append(("acceptance", held.marts))
    reasons = []
    for name, build in gates:
        gate = read_gate(settings, name, build)
        if gate is None:
            reasons.append(f"gate {name!r} has no verdict about build {build[:25]}")
        elif not gate.passed:
            reasons += [f"gate {name!r} failed: {sentence}" for sentence in gate.failed[:20]]
    return reasons


def changed_since_gates(settings: Settings, held: Marker, contents: Mapping[str, str]) -> list[str]:
    """Which tables no longer hold what the gate `marts` saw; contents: see `table_contents`."""
    gate = read_gate(settings, "marts", held.marts or "")
    seen = gate.tables if gate else {}
    return [
        f"{table} was changed after its gates had passed"
        for table, content in contents.items()
        if seen.get(table) != content
    ]


def prune_audit(settings: Settings, keep: int) -> None:
    """Drop the oldest audit folders of builds beyond `keep`; verdicts on landings stay."""
    builds = sorted(path for path in settings.audit.glob("2*Z-*") if path.is_dir())
    for folder in builds[: max(len(builds) - keep, 0)]:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()


def write_json(path: Path, content: object) -> None:
    """Write JSON whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def _gate_path(settings: Settings, name: str, build: str) -> Path:
    return audit_folder(settings, build) / "gates" / f"{name}.json"
