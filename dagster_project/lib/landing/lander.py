"""Landing: the delivered files become immutable Parquet batches, a ledger and rejects.

What is landed is a function of the set of files ever delivered (and of the contract), whatever the
order, the repetition and the moment of their delivery:

- a batch is named by table, extract date, source system and content; a file is parsed only if no
  batch has its content, or if it is to replace a batch with the same content and a later date;
- of files with equal content the earliest is landed (extract date, then path), the others are
  duplicates;
- a path whose content changes is a further delivery: the earlier batch stays;
- a refused file stands in the ledger as long as it is delivered in that state.

Crashes: batches and rejects are written under temporary names and renamed, the ledger comes last.
A batch that the ledger does not know carries its own ledger entry and is taken over by the next
landing; anything else that the ledger does not know is removed.
"""

import hashlib
import os
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from dagster_project.lib.contract import Contract, Table
from dagster_project.lib.landing.batch import (
    REJECTS_FOLDER,
    REJECTS_SCHEMA,
    SCHEMA_FILE,
    TEMPORARY,
    BatchWriter,
    Origin,
    RejectWriter,
    batch_metadata,
    replacing,
    write_schema,
)
from dagster_project.lib.landing.chunk import Reader
from dagster_project.lib.landing.columns import landed_schema
from dagster_project.lib.landing.discover import Delivery, discover
from dagster_project.lib.landing.errors import (
    FILE_REFUSED,
    ChangedWhileReadError,
    FileRefusedError,
    Reject,
    WrongEncodingError,
)
from dagster_project.lib.landing.ledger import (
    DUPLICATE,
    FAILED,
    LANDED,
    UNKNOWN,
    Entry,
    Ledger,
    Seen,
    landing_lock,
)
from dagster_project.lib.landing.reader_csv import CsvReader
from dagster_project.lib.landing.reader_jsonl import JsonlReader
from dagster_project.lib.landing.reader_parquet import ParquetReader
from dagster_project.lib.landing.source import (
    CheckedContent,
    ContentId,
    candidate_encodings,
    identify,
    raw_sha256,
    stat_signature,
)

# Status in a report only: the file was being written to and is left for the next landing.
SKIPPED = "skipped"

# Raise it when a reader comes to a different result for the same file: all files are read again.
_READER_VERSION = 2
_NAMES_LISTED = 100
# A file touched so recently could change again without its time stamp showing it.
_SETTLED_SECONDS = 2.0

Progress = Callable[[str], None]
EntryKey = tuple[str, str | None]


class LandingPaths(Protocol):
    """What `land` needs of Settings."""

    @property
    def extracts(self) -> Path: ...  # noqa: D102

    @property
    def landing(self) -> Path: ...  # noqa: D102

    def require_extracts(self) -> None: ...  # noqa: D102


@dataclass(frozen=True)
class FileReport:
    """What became of one file. Messages name columns and line numbers, never a cell's value.

    status   landed | duplicate | failed | unknown | skipped
    rows_*   None when a refused file could not be counted
    """

    table: str
    file: str
    status: str
    rows_in_file: int | None = None
    rows_landed: int | None = 0
    rows_rejected: int | None = None
    messages: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"{self.file}: {self.status}"]
        if self.status == LANDED:
            parts.append(f"{self.rows_landed:,} rows")
        return ", ".join(parts) + "".join(f"; {message}" for message in self.messages)


@dataclass
class LandingReport:
    """What one landing did.

    files       looked into now: new, changed or touched
    standing    refused or unknown since an earlier landing, and still delivered
    unchanged   number of files that were not even opened
    lost        what was landed once, is gone from the landing folder and is delivered no more
    """

    files: list[FileReport] = field(default_factory=list)
    standing: list[FileReport] = field(default_factory=list)
    unchanged: int = 0
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, status: str) -> int:
        """Number of files of this status among those looked into."""
        return sum(report.status == status for report in self.files)

    @property
    def rows_landed(self) -> int:
        """Rows landed now."""
        return sum(report.rows_landed or 0 for report in self.files)

    @property
    def rows_rejected(self) -> int:
        """Rows rejected now, those of refused files included where they could be counted."""
        return sum(report.rows_rejected or 0 for report in self.files)

    @property
    def problems(self) -> list[FileReport]:
        """Files of which nothing is landed and somebody should know, old and new."""
        bad = (FAILED, UNKNOWN, SKIPPED)
        return [*(report for report in self.files if report.status in bad), *self.standing]

    @property
    def nothing_new(self) -> bool:
        """Whether no file was looked into."""
        return not self.files

    def summary(self) -> str:
        """One line."""
        if self.nothing_new:
            return f"Nothing new: {self.unchanged:,} files unchanged ({self.seconds:.1f} s)."
        counts = (
            (n, s) for s in (LANDED, DUPLICATE, FAILED, UNKNOWN, SKIPPED) if (n := self.count(s))
        )
        return (
            f"Landed {self.rows_landed:,} rows, rejected {self.rows_rejected:,}; "
            f"files: {', '.join(f'{n:,} {status}' for n, status in counts)}, "
            f"{self.unchanged:,} unchanged ({self.seconds:.1f} s)."
        )


def land(
    settings: LandingPaths,
    contract: Contract,
    tables: Collection[str] | None = None,
    progress: Progress | None = None,
    lock_timeout: float = 600.0,
) -> LandingReport:
    """Land what is new below `settings.extracts` into `settings.landing`.

    tables         only these, None = all; files of undeclared tables are reported with None only
    progress       called with a line of text per file
    lock_timeout   seconds to wait for another landing into the same folder
    Bad files and bad rows are in the report and in the ledger, they raise nothing. Raises
    SettingsError (no folder of extracts), ValueError (undeclared table), LandingLockedError,
    LedgerDamagedError, and OSError when the landing folder cannot be written.
    """
    settings.require_extracts()
    undeclared = sorted(set(tables or ()) - contract.tables.keys())
    if undeclared:
        raise ValueError(f"not declared as raw tables: {', '.join(undeclared)}")
    say = progress or (lambda _: None)
    started = time.monotonic()
    with landing_lock(settings.landing, lock_timeout, say):
        landing = _Landing(settings.extracts, settings.landing, contract, tables, say)
        report = landing.run()
    report.seconds = time.monotonic() - started
    return report


class _Landing:
    """One landing, with the lock held."""

    def __init__(
        self,
        extracts: Path,
        folder: Path,
        contract: Contract,
        tables: Collection[str] | None,
        say: Progress,
    ):
        self._extracts = extracts
        self._folder = folder
        self._contract = contract
        self._tables = tables
        self._say = say
        self._now = datetime.now(UTC).replace(tzinfo=None)
        self._ledger = Ledger.load(folder)
        self._landed: dict[tuple, Entry] = {}  # by content, what of it counts
        self._present: set[EntryKey] = set()  # entries found delivered
        self._report = LandingReport()

    def run(self) -> LandingReport:
        lost = self._recover()
        self._landed = {
            first.content_key: first for first, *_ in _groups(self._ledger.entries.values())
        }
        deliveries = [
            delivery
            for delivery in discover(self._extracts, self._contract)
            if self._in_scope(delivery.table)
        ]
        for delivery in deliveries:
            if delivery.known:
                self._take(delivery)
            else:
                self._note_unknown(delivery)
        self._forget(deliveries)
        self._settle()
        self._report.lost = [
            f"{entry.file}: its batch is gone from the landing folder, and it is delivered no more"
            for key, entry in lost.items()
            if key not in self._ledger.entries and self._in_scope(entry.table_name)
        ]
        self._write_schemas()
        self._ledger.save()
        self._sweep()
        return self._report

    # --- one file

    def _take(self, delivery: Delivery) -> None:
        """Bring one file of a declared table into the ledger."""
        table = self._contract[delivery.table]
        contract = _contract_id(table)
        path = self._extracts / delivery.file
        seen = self._ledger.seen.get(delivery.file)
        try:
            if seen and (seen.signature, seen.contract) == (stat_signature(path.stat()), contract):
                known = self._ledger.entries.get((delivery.file, seen.content_hash))
                if known:
                    self._keep(known)
                    return
            file = path.open("rb")
        except FileNotFoundError:
            return  # taken away since the folder was read
        except OSError as error:
            message = f"cannot be read ({error.strerror}); let this user read it"
            self._record(self._refuse(delivery, table, None, FileRefusedError(message)))
            return
        with file:
            try:
                entry = self._read(delivery, table, file, contract)
            except ChangedWhileReadError:
                message = "is being written to; it is left for the next landing"
                self._tell(FileReport(delivery.table, delivery.file, SKIPPED, messages=(message,)))
                return
        if entry:
            self._record(entry)

    def _read(
        self, delivery: Delivery, table: Table, file: BinaryIO, contract: str
    ) -> Entry | None:
        """The entry of an open file, None when it is what the ledger says already."""
        stat = os.fstat(file.fileno())
        broken: FileRefusedError | None = None
        try:
            identity = identify(file)
            content_hash = identity.sha256
        except FileRefusedError as error:
            content_hash, broken = raw_sha256(file), error
        ledger, key = self._ledger, (delivery.file, content_hash)
        seen = ledger.seen.get(delivery.file)
        if seen and (seen.content_hash, seen.contract) == (content_hash, contract):
            entry = ledger.entries.get(key)
            if entry:  # only touched
                self._see(delivery, stat, content_hash, contract)
                self._keep(entry)
                return None
        try:
            if broken:
                raise broken
            if delivery.problem:
                raise FileRefusedError(delivery.problem)
            entry = self._duplicate(delivery, table, content_hash) or self._parse(
                delivery, table, file, identity
            )
        except FileRefusedError as refused:
            entry = self._refuse(delivery, table, content_hash, refused)
        if stat_signature(os.fstat(file.fileno())) != stat_signature(stat):
            raise ChangedWhileReadError
        self._see(delivery, stat, content_hash, contract)
        return entry

    def _duplicate(self, delivery: Delivery, table: Table, content_hash: str) -> Entry | None:
        """The entry of a file whose content is landed already from an earlier file."""
        entry = self._entry(delivery, table, content_hash, status=DUPLICATE)
        first = self._landed.get(entry.content_key)
        if first is None or first.precedence >= entry.precedence:
            return None
        return _as_duplicate(entry, first)

    def _parse(
        self, delivery: Delivery, table: Table, file: BinaryIO, identity: ContentId
    ) -> Entry:
        """Land the rows of a file. Raises FileRefusedError and ChangedWhileReadError."""
        batch_id = _batch_id(delivery, table, identity.sha256)
        entry = self._entry(delivery, table, identity.sha256, status=LANDED, batch_id=batch_id)
        if delivery.format == "parquet":
            return self._write(entry, ParquetReader(file, table), lambda: None)
        content = CheckedContent(file, identity)
        make = CsvReader if delivery.format == "csv" else JsonlReader
        encodings = candidate_encodings(file, table.encodings)
        wrong: WrongEncodingError | None = None
        for encoding in encodings:
            try:
                reader = make(content.utf8_blocks(encoding), table)
                return self._write(replace(entry, encoding=encoding), reader, content.verify)
            except WrongEncodingError as error:
                wrong = wrong or error
        line = wrong.row_number if wrong else None
        raise FileRefusedError(
            f"not text in {' or '.join(encodings)}" + (f" (line {line})" if line else "") + "; "
            "deliver UTF-8, or name its encoding under config.meta.encodings of "
            f"{table.name}" + (f" in {table.file.name}" if table.file else ""),
            line,
        )

    def _write(self, entry: Entry, reader: Reader, verify: Callable[[], None]) -> Entry:
        """Write batch and rejects of one file; `verify` proves that what was read was hashed."""
        origin = _origin(entry)
        with (
            replacing(self._batch_path(entry)) as batch_path,
            replacing(self._rejects_path(entry)) as rejects_path,
        ):
            batch = BatchWriter(batch_path, reader.columns, origin)
            rejects = RejectWriter(rejects_path, origin)
            for chunk in reader.chunks():
                batch.add(chunk)
                rejects.add(chunk.rejects)
            verify()
            rejects.close()
            entry = replace(
                entry,
                delimiter=reader.delimiter,
                rows_in_file=batch.rows + rejects.rows,
                rows_landed=batch.rows,
                rows_rejected=rejects.rows,
                missing_columns=_names(reader.missing_optional),
                extra_columns=_names(reader.extra_columns),
                message=rejects.summary(),
            )
            contract = _contract_id(self._contract[entry.table_name])
            batch.close({"entry": entry.to_json(), "contract": contract})
        return entry

    def _refuse(
        self, delivery: Delivery, table: Table, content_hash: str | None, refused: FileRefusedError
    ) -> Entry:
        """The entry of a file of which nothing is landed, and its one reject."""
        entry = self._entry(
            delivery,
            table,
            content_hash,
            status=FAILED,
            batch_id=_batch_id(delivery, table, f"{content_hash} {delivery.file}"),
            rows_in_file=refused.rows,
            rows_rejected=refused.rows,
            message=refused.message,
        )
        with replacing(self._rejects_path(entry)) as path:
            rejects = RejectWriter(path, _origin(entry))
            reason = Reject(refused.row_number, FILE_REFUSED, refused.message, refused.raw_text)
            rejects.add([reason])
            rejects.close()
        return entry

    def _note_unknown(self, delivery: Delivery) -> None:
        entry = Entry(delivery.table, delivery.file, message=delivery.problem, landed_at=self._now)
        known = self._ledger.entries.get(entry.key)
        if known and known.message == entry.message:
            self._keep(known)
        else:
            self._record(entry)

    # --- the ledger

    def _in_scope(self, table: str) -> bool:
        return self._tables is None or table in self._tables

    def _entry(
        self, delivery: Delivery, table: Table, content_hash: str | None, **values: Any
    ) -> Entry:
        return Entry(
            table_name=table.name,
            file=delivery.file,
            content_hash=content_hash,
            source_system=delivery.source_system or table.source,
            extract_date=delivery.extract_date,
            format=delivery.format,
            landed_at=self._now,
            **values,
        )

    def _see(
        self, delivery: Delivery, stat: os.stat_result, content_hash: str, contract: str
    ) -> None:
        # The inode's change time: a file's own time stamp can be set to anything.
        settled = time.time() - stat.st_ctime > _SETTLED_SECONDS
        signature = stat_signature(stat) if settled else ""
        self._ledger.seen[delivery.file] = Seen(signature, content_hash, contract)

    def _keep(self, entry: Entry) -> None:
        """A file that is as the ledger says."""
        self._present.add(entry.key)
        self._report.unchanged += 1
        if entry.status in (FAILED, UNKNOWN):
            self._report.standing.append(_file_report(entry))

    def _record(self, entry: Entry) -> None:
        """A file that is new, or came to another result."""
        known = self._ledger.entries.get(entry.key)
        if known and replace(entry, landed_at=known.landed_at) == known:
            entry = known
        self._ledger.entries[entry.key] = entry
        first = self._landed.get(entry.content_key)
        if entry.status == LANDED:
            self._landed[entry.content_key] = entry
        elif first and first.key == entry.key:  # under a changed contract it is refused
            del self._landed[entry.content_key]
        self._present.add(entry.key)
        self._tell(_file_report(entry))

    def _tell(self, report: FileReport) -> None:
        self._report.files.append(report)
        self._say(str(report))

    def _forget(self, deliveries: Iterable[Delivery]) -> None:
        """Drop refused and unknown files that are no longer delivered in that state."""
        entries, seen = self._ledger.entries, self._ledger.seen
        for key, entry in list(entries.items()):
            if (
                entry.status in (FAILED, UNKNOWN)
                and key not in self._present
                and self._in_scope(entry.table_name)
            ):
                del entries[key]
        if self._tables is None:
            delivered = {delivery.file for delivery in deliveries}
            for file in seen.keys() - delivered:
                del seen[file]

    def _settle(self) -> None:
        """Of the entries with equal content the first is landed, the others are duplicates."""
        for first, *others in _groups(self._ledger.entries.values()):
            for entry in others:
                self._ledger.entries[entry.key] = _as_duplicate(entry, first)

    # --- the folder

    def _recover(self) -> dict[EntryKey, Entry]:
        """Take up what a crash left: keep what is whole, drop what is half.

        Returns the entries whose batch is gone; they are out of the ledger until read again.
        """
        for temporary in (
            *self._folder.glob(f"*{TEMPORARY}"),
            *self._folder.glob(f"*/*{TEMPORARY}"),
        ):
            temporary.unlink(missing_ok=True)
        entries, seen = self._ledger.entries, self._ledger.seen
        known = {self._batch_path(entry) for entry in entries.values() if entry.status == LANDED}
        batches = set(self._batches())
        for path in sorted(batches - known):
            found = _entry_of_batch(path)
            if found and found[0].key not in entries:
                entry, contract = found
                entries[entry.key] = entry
                seen[entry.file] = Seen("", entry.content_hash or "", contract)
        lost = {}
        for group in _groups(entries.values()):
            landed = [entry for entry in group if entry.status == LANDED]
            gone = [entry for entry in landed if self._batch_path(entry) not in batches]
            if len(gone) == len(landed):  # no batch left: the duplicates have to be read again too
                gone = group
            for entry in gone:
                lost[entry.key] = entries.pop(entry.key)
                seen.pop(entry.file, None)
        rejects = set(self._rejects())
        for entry in entries.values():
            if _has_rejects(entry) and self._rejects_path(entry) not in rejects:
                seen.pop(entry.file, None)
        return lost

    def _sweep(self) -> None:
        """Remove batches and rejects that the ledger, as saved, does not know."""
        entries = self._ledger.entries.values()
        batches = {self._batch_path(entry) for entry in entries if entry.status == LANDED}
        rejects = {self._rejects_path(entry) for entry in entries if _has_rejects(entry)}
        for path in (*(set(self._batches()) - batches), *(set(self._rejects()) - rejects)):
            path.unlink(missing_ok=True)

    def _write_schemas(self) -> None:
        for table in self._contract.tables.values():
            schema = landed_schema(table.column_names)
            write_schema(self._folder / table.name / SCHEMA_FILE, schema)
        write_schema(self._folder / REJECTS_FOLDER / SCHEMA_FILE, REJECTS_SCHEMA)

    def _batch_path(self, entry: Entry) -> Path:
        return self._folder / entry.table_name / f"{entry.batch_id}.parquet"

    def _rejects_path(self, entry: Entry) -> Path:
        return self._folder / REJECTS_FOLDER / f"{entry.batch_id}.parquet"

    def _batches(self) -> Iterable[Path]:
        return (path for path in self._folder.glob("[!_]*/[!_]*.parquet"))

    def _rejects(self) -> Iterable[Path]:
        return (path for path in self._folder.glob(f"{REJECTS_FOLDER}/[!_]*.parquet"))


def _batch_id(delivery: Delivery, table: Table, content: str) -> str:
    """Name of a batch: the same for the same content, date, table and source system."""
    system = delivery.source_system or table.source
    parts = (table.name, str(delivery.extract_date), system, str(delivery.format), content)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    day = f"{delivery.extract_date:%Y%m%d}" if delivery.extract_date else "undated"
    return f"{day}_{digest}"


def _origin(entry: Entry) -> Origin:
    return Origin(
        table=entry.table_name,
        source_system=entry.source_system or "",
        # The end of the day: nothing that happened on it is later than its extract.
        extracted_at=f"{entry.extract_date}T23:59:59",
        batch_id=entry.batch_id or "",
        file=entry.file,
    )


def _contract_id(table: Table) -> str:
    """What, besides its content, decides how a file lands."""
    return f"{_READER_VERSION}:{table.fingerprint}"


def _entry_of_batch(path: Path) -> tuple[Entry, str] | None:
    """The ledger entry a whole batch carries, and its contract; None for any other file."""
    metadata = batch_metadata(path)
    try:
        entry, contract = Entry.from_json(metadata["entry"]), metadata["contract"]
    except (KeyError, TypeError, ValueError):
        return None
    if (entry.table_name, entry.batch_id) != (path.parent.name, path.stem):
        return None
    return entry, contract


def _names(columns: Collection[str]) -> str | None:
    """Names for the ledger; JSON keys may be any number."""
    if not columns:
        return None
    names = list(columns)[:_NAMES_LISTED]
    more = len(columns) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _groups(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Landed and duplicate entries with equal content, each group in order of precedence."""
    groups: dict[tuple, list[Entry]] = {}
    for entry in entries:
        if entry.status in (LANDED, DUPLICATE):
            groups.setdefault(entry.content_key, []).append(entry)
    return [sorted(group, key=lambda entry: entry.precedence) for group in groups.values()]


def _as_duplicate(entry: Entry, first: Entry) -> Entry:
    return replace(
        entry,
        status=DUPLICATE,
        batch_id=first.batch_id,
        encoding=None,
        delimiter=None,
        rows_in_file=0,
        rows_landed=0,
        rows_rejected=0,
        missing_columns=None,
        extra_columns=None,
        message=f"same content as {first.file}, whose rows are landed",
    )


def _has_rejects(entry: Entry) -> bool:
    return entry.status == FAILED or (entry.status == LANDED and bool(entry.rows_rejected))


def _file_report(entry: Entry) -> FileReport:
    messages = []
    if entry.message:
        messages.append(entry.message)
    if entry.missing_columns:
        # Most exports lack many of the declared columns: the names are in the ledger.
        missing = entry.missing_columns.count(",") + 1
        messages.append(f"lacks {missing} optional column(s)")
    if entry.extra_columns:
        messages.append(f"undeclared column(s) kept in _extra: {entry.extra_columns}")
    return FileReport(
        entry.table_name,
        entry.file,
        entry.status,
        entry.rows_in_file,
        entry.rows_landed,
        entry.rows_rejected,
        tuple(messages),
    )
