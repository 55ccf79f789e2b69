"""Publication: the marts leave the house as one immutable version, or not at all.

    <home>/published/<version>/   <table>.parquet …   leadhouse.duckdb   manifest.json (last)
                                  and what goes out with the marts (Addition)
    <home>/published/current  ->  <version>

A version is written beside the others under a name ending in `.tmp`, synced, renamed, and only then
`current` is switched with one rename. So whoever follows `current` sees a whole version, an earlier
one keeps working for those who read it, and a crash leaves nothing but a `.tmp` folder. Readers of
more than one file resolve `current` once and stay in that folder.

What is published has passed every gate for the very build that is in the warehouse (see builds.py),
is the same content that the gates saw, and is held against change by an open read-only connection
until the switch. A second publisher is kept out by a file lock.
"""

import contextlib
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.lib import builds
from dagster_project.lib.fingerprint import code_fingerprint, file_sha256
from dagster_project.lib.settings import Settings
from dagster_project.lib.words import counted

MANIFEST = "manifest.json"
DUCKDB_FILE = "leadhouse.duckdb"
_CURRENT = "current"
# Read by every DuckDB 1.x client, whatever version wrote it.
_STORAGE_VERSION = "v1.0.0"


class PublicationRefused(Exception):
    """Nothing was published and `current` is as it was; the message says why and what to do."""


class PublicationBusy(Exception):
    """Somebody else is publishing, or has the warehouse open; trying again later helps."""


@dataclass(frozen=True)
class MartTable:
    """A table to publish. columns: description per column; primary_key: may be empty.

    database: where the publication's connection has it; `memory` is that of an addition.
    """

    schema: str
    name: str
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    primary_key: Sequence[str] = ()
    database: str = "warehouse"

    @property
    def qualified(self) -> str:
        """`schema.name`"""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Addition:
    """What goes out with the marts: tables of the connection's own, and files as they are."""

    tables: Sequence[MartTable] = ()
    files: Sequence[Path] = ()


@dataclass(frozen=True)
class Publication:
    """What `current` points to now. is_new: False when the content was already published."""

    version: str
    folder: Path
    is_new: bool
    rows: dict[str, int]
    removed: list[str]


# Asked with the open warehouse, its marker and the manifest of what is current. May refuse.
Add = Callable[[duckdb.DuckDBPyConnection, builds.Marker, dict[str, Any] | None], Addition]


def publish(
    settings: Settings,
    tables: Sequence[MartTable],
    build: str | None = None,
    say: Callable[[str], None] = lambda _text: None,
    checkpoint: Callable[[str], None] = lambda _name: None,
    add: Add = lambda *_: Addition(),
) -> Publication:
    """Export the marts of the build in the warehouse and switch `current` to them.

    tables: all marts; build: the marts' build id that the caller has made, None = whatever the
    warehouse holds; settings: state folder, warehouse, code, number of versions to keep;
    say: told what is going on; checkpoint: called with a name between any two steps (for tests);
    add: gives what is published beside the marts.
    Raises PublicationRefused when a gate has not passed, another build is in the warehouse, the
    lock was lost, or the disk is too full; PublicationBusy when trying again helps.
    """
    root = settings.published
    root.mkdir(parents=True, exist_ok=True)
    with _lock(root / ".lock") as still_locked, _warehouse(settings) as connection:
        held = builds.marker(connection)
        if build is not None and held.marts != build:
            raise PublicationRefused(
                f"this run made build {build}, but the warehouse holds {held.marts}: another run"
                " has rebuilt it since. Let that run publish, or start a new refresh."
            )
        contents = _passed_contents(settings, tables, connection, held)
        current = current_manifest(root)
        addition = add(connection, held, current)
        for table in addition.tables:
            contents |= builds.table_contents(connection, [table.qualified], table.database)
        tables = [*tables, *addition.tables]
        content_id = _content_id(tables, contents)
        _remove_leftovers(root)
        if current and current["content_id"] == content_id and is_complete(root / _CURRENT):
            say(f"content unchanged, {current['version']} stays current")
            return _publication(root, current, is_new=False, removed=[])
        _check_space(settings)
        now = datetime.now(UTC)
        version = f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{content_id[:8]}"
        draft = root / f"{version}.tmp"
        draft.mkdir()
        checkpoint("created")
        exported = _export(tables, contents, connection, draft, say, checkpoint)
        manifest = {
            "format": 1,
            "version": version,
            "content_id": content_id,
            "published_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "data_as_of": _data_as_of(settings, connection),
            "build": {"foundation": held.foundation, "marts": held.marts, "landing": held.landing},
            "code_fingerprint": code_fingerprint(settings.project_root),
            "duckdb": {"file": DUCKDB_FILE, **_file_facts(draft / DUCKDB_FILE)},
            "files": {file.name: _copied(file, draft) for file in addition.files},
            "tables": exported,
        }
        _finish(draft, manifest, checkpoint)
        draft.rename(root / version)
        _sync(root)
        checkpoint("named")
        # A reader of the warehouse has kept writers out since the gates were read; look again all
        # the same, since a file system without working locks would let both of these change.
        if not still_locked() or builds.marker(connection) != held:
            raise PublicationRefused(
                f"version {version} is complete but was not made current: the publication lock or"
                " the warehouse's build changed meanwhile. Start the refresh again."
            )
        _switch(root, version)
        checkpoint("switched")
        say(f"{version} is current: {counted(len(exported), 'table')}")
        removed = _retire(root, settings.keep_versions)
        return _publication(root, manifest, is_new=True, removed=removed)


def current_manifest(root: Path) -> dict[str, Any] | None:
    """The manifest behind `<root>/current`, None when nothing (readable) was ever published."""
    try:
        return json.loads((root / _CURRENT / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return None


def current_folder(root: Path) -> Path | None:
    """The folder of the current version, None when nothing (readable) was ever published."""
    manifest = current_manifest(root)
    return root / manifest["version"] if manifest else None


def is_complete(folder: Path) -> bool:
    """Whether every file that the manifest names is there in its full size (bytes not compared)."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = _files(manifest)
        return all((folder / file["file"]).stat().st_size == file["bytes"] for file in files)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def damaged_files(folder: Path) -> list[str]:
    """Names of files whose content is not what the manifest says (reads all of them)."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    files = _files(manifest)
    return [
        file["file"]
        for file in files
        if not (folder / file["file"]).exists()
        or file_sha256(folder / file["file"]) != file["sha256"]
    ]


def _files(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """What a manifest says about each file of its version."""
    return [manifest["duckdb"], *manifest.get("files", {}).values(), *manifest["tables"].values()]


def _passed_contents(
    settings: Settings,
    tables: Sequence[MartTable],
    connection: duckdb.DuckDBPyConnection,
    held: builds.Marker,
) -> dict[str, str]:
    """Fingerprints of the marts as they are now; refuses unless all gates passed for them."""
    if not tables:
        raise PublicationRefused("there are no marts to publish: dbt/models/marts is empty")
    needed = [table.qualified for table in tables]
    reasons = builds.objections(settings, held)
    if not reasons:
        try:
            contents = builds.table_contents(connection, needed)
        except ValueError as error:
            raise PublicationRefused(str(error)) from None
        reasons = builds.changed_since_gates(settings, held, contents)
        if not reasons:
            return contents
    raise PublicationRefused(
        "not published, the last good publication stays:\n- "
        + "\n- ".join(reasons)
        + "\nMend the cause and run the refresh job (`make run`)."
    )


def _content_id(tables: Sequence[MartTable], contents: Mapping[str, str]) -> str:
    """Digest (hex) of all that a reader can see: names, rows, descriptions."""
    digest = sha256()
    for table in sorted(tables, key=lambda table: table.qualified):
        seen = [table.qualified, contents[table.qualified], table.description, dict(table.columns)]
        digest.update(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def _export(
    tables: Sequence[MartTable],
    contents: Mapping[str, str],
    connection: duckdb.DuckDBPyConnection,
    draft: Path,
    say: Callable[[str], None],
    checkpoint: Callable[[str], None],
) -> dict[str, dict[str, Any]]:
    """Write one Parquet file per table and the DuckDB file; returns the manifest's `tables`."""
    target = str(draft / DUCKDB_FILE).replace("'", "''")
    connection.execute(f"attach '{target}' as published (storage_version '{_STORAGE_VERSION}')")
    facts = {}
    for number, table in enumerate(sorted(tables, key=lambda table: table.name), start=1):
        say(f"{number}/{len(tables)} {table.name}")
        source = f"{table.database}.{builds.quoted(table.schema)}.{builds.quoted(table.name)}"
        copy = f"published.{builds.quoted(table.schema)}.{builds.quoted(table.name)}"
        keys = ", ".join(builds.quoted(column) for column in table.primary_key) or "all"
        file = draft / f"{table.name}.parquet"
        path = str(file).replace("'", "''")
        connection.execute(
            f"copy (select * from {source} order by {keys}) to '{path}'"
            " (format parquet, compression zstd)"
        )
        checkpoint("exported")
        connection.execute(f"create schema if not exists published.{builds.quoted(table.schema)}")
        connection.execute(f"create table {copy} as from read_parquet('{path}')")
        _comment(connection, copy, table)
        rows, _, row_hash = contents[table.qualified].partition(":")
        facts[table.name] = {
            "schema": table.schema,
            "file": file.name,
            "rows": int(rows),
            "row_hash": row_hash,
            "primary_key": list(table.primary_key),
            **_file_facts(file),
        }
    connection.execute("detach published")
    checkpoint("written")
    return facts


def _comment(connection: duckdb.DuckDBPyConnection, copy: str, table: MartTable) -> None:
    """Give the copy the descriptions that `create table as` loses."""
    columns = {row[0] for row in connection.execute(f"describe {copy}").fetchall()}
    connection.execute(f"comment on table {copy} is {_text(table.description)}")
    for column, description in table.columns.items():
        if column in columns and description:
            connection.execute(
                f"comment on column {copy}.{builds.quoted(column)} is {_text(description)}"
            )


def _finish(draft: Path, manifest: dict[str, Any], checkpoint: Callable[[str], None]) -> None:
    """Make everything durable, the manifest last, and the folder read-only."""
    for file in draft.iterdir():
        _sync(file)
    (draft / MANIFEST).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    _sync(draft / MANIFEST)
    for file in draft.iterdir():
        file.chmod(0o444)
    _sync(draft)
    # Root is not stopped by this, and it isn't meant as protection: it says "do not edit here".
    draft.chmod(0o555)
    checkpoint("finished")


def _switch(root: Path, version: str) -> None:
    """Point `current` at `version` in one step."""
    link = root / f".{_CURRENT}.{os.getpid()}.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(version)
    link.replace(root / _CURRENT)
    _sync(root)


def _retire(root: Path, keep: int) -> list[str]:
    """Remove the oldest versions beyond `keep`, never the current one; returns their names."""
    current = (root / _CURRENT).resolve().name
    versions = sorted(path.name for path in root.iterdir() if (path / MANIFEST).is_file())
    others = [name for name in versions if name not in (current, _CURRENT)]
    retired = others[: max(len(others) - (max(keep, 1) - 1), 0)]
    for name in retired:
        # Out of sight first: whoever lists versions must not find half of one.
        hidden = (root / name).rename(root / f"{name}.tmp")
        _remove(hidden)
    return retired


def _remove_leftovers(root: Path) -> None:
    """Remove what a killed publisher left behind (safe: we hold the lock)."""
    for path in root.glob("*.tmp"):
        _remove(path)
    for path in root.glob(f".{_CURRENT}.*.tmp"):
        path.unlink()


def _remove(folder: Path) -> None:
    folder.chmod(folder.stat().st_mode | stat.S_IWUSR)
    shutil.rmtree(folder)


def _data_as_of(settings: Settings, connection: duckdb.DuckDBPyConnection) -> str | None:
    """Newest extract date (ISO) that has landed rows, None when there is no ledger."""
    ledger = settings.landing / "_ledger.parquet"
    if not ledger.exists():
        return None
    return connection.execute(
        "select max(extract_date)::varchar from read_parquet(?) where status = 'landed'",
        [str(ledger)],
    ).fetchall()[0][0]


def _check_space(settings: Settings) -> None:
    """Refuse before the disk is full: DuckDB does not give back what a failed write took."""
    needed = 2 * settings.warehouse.stat().st_size + 64 * 2**20
    free = shutil.disk_usage(settings.published).free
    if free < needed:
        raise PublicationRefused(
            f"{settings.published} has {free / 2**20:,.0f} MiB free, a publication may need"
            f" {needed / 2**20:,.0f} MiB. Free some space (old versions are in that folder, or"
            " lower LEADHOUSE_KEEP_VERSIONS) and run again."
        )


def _publication(
    root: Path, manifest: dict[str, Any], is_new: bool, removed: list[str]
) -> Publication:
    rows = {name: table["rows"] for name, table in manifest["tables"].items()}
    return Publication(manifest["version"], root / manifest["version"], is_new, rows, removed)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[Callable[[], bool]]:
    """Hold the publication lock; yields a function that tells whether it still is the lock.

    The lock goes with the process, so a killed publisher never blocks the next one.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublicationBusy(f"another publication holds {path}") from None

        def still_locked() -> bool:
            try:
                return os.path.samestat(os.fstat(descriptor), path.stat())
            except FileNotFoundError:
                return False

        yield still_locked
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _warehouse(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, read-only; no writer gets in meanwhile."""
    if not settings.warehouse.exists():
        raise PublicationRefused(
            f"there is no warehouse at {settings.warehouse}; run the refresh job first"
        )
    try:
        opened = builds.open_warehouse(settings)
    except duckdb.IOException as error:
        raise PublicationBusy(str(error)) from None
    with opened as connection:
        yield connection


def _copied(file: Path, draft: Path) -> dict[str, Any]:
    """Copy a file into the version; returns its entry of the manifest."""
    copy = draft / file.name
    shutil.copyfile(file, copy)
    return {"file": copy.name, **_file_facts(copy)}


def _file_facts(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": file_sha256(path)}


def _sync(path: Path) -> None:
    """Force a file's content, or a folder's list of names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
