"""The ledger: one row per delivered file, and what became of it.

Belongs here: reading and writing the ledger, its side index and the lock. Does not belong here: the
decision what is landed (lander.py). The ledger is the truth about what counts as landed; the index
only saves hashing files that were not touched, and may be deleted at any time.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.lib.landing.arrow import table_of
from dagster_project.lib.landing.batch import write_table
from dagster_project.lib.landing.errors import LandingLockedError, LedgerDamagedError

LEDGER_FILE = "_ledger.parquet"
INDEX_FILE = "_index.parquet"
LOCK_FILE = ".lock"

LANDED = "landed"
DUPLICATE = "duplicate"
FAILED = "failed"
UNKNOWN = "unknown"

LEDGER_SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("file", pa.string()),
        ("content_hash", pa.string()),
        ("batch_id", pa.string()),
        ("source_system", pa.string()),
        ("extract_date", pa.date32()),
        ("format", pa.string()),
        ("encoding", pa.string()),
        ("delimiter", pa.string()),
        ("rows_in_file", pa.int64()),
        ("rows_landed", pa.int64()),
        ("rows_rejected", pa.int64()),
        ("status", pa.string()),
        ("message", pa.string()),
        ("missing_columns", pa.string()),
        ("extra_columns", pa.string()),
        ("landed_at", pa.timestamp("us")),
    ]
)
_INDEX_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("signature", pa.string()),
        ("content_hash", pa.string()),
        ("contract", pa.string()),
    ]
)


@dataclass(frozen=True)
class Entry:
    """One delivered file: a path and what it held. A path whose content changes has two entries.

    content_hash      sha256 (hex) of the decompressed content; None for an unknown file
    batch_id          batch that holds the rows: of a duplicate, the other file's
    rows_in_file      rows_landed + rows_rejected; None when a refused file could not be counted.
                      All three are 0 for a duplicate: its rows count once, at the landed file
    status            landed | duplicate | failed | unknown
    message           what to know or do; never a cell's value
    missing_columns   declared optional columns the file lacks, comma separated
    extra_columns     undeclared columns, kept in _extra, comma separated
    landed_at         UTC, without zone; when this entry got its status
    """

    table_name: str
    file: str
    content_hash: str | None = None
    batch_id: str | None = None
    source_system: str | None = None
    extract_date: date | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    rows_in_file: int | None = None
    rows_landed: int | None = 0
    rows_rejected: int | None = None
    status: str = UNKNOWN
    message: str | None = None
    missing_columns: str | None = None
    extra_columns: str | None = None
    landed_at: datetime | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """Identity of an entry."""
        return self.file, self.content_hash

    @property
    def content_key(self) -> tuple[str, str | None, str | None, str | None]:
        """Entries with one content key hold the same rows: one of them is landed."""
        return self.table_name, self.source_system, self.format, self.content_hash

    @property
    def precedence(self) -> tuple[date, str]:
        """Of the entries with one content key, the smallest is landed."""
        return self.extract_date or date.max, self.file

    def to_json(self) -> dict[str, Any]:
        """As JSON values, for the metadata of the batch."""
        values = asdict(self)
        values["extract_date"] = self.extract_date and self.extract_date.isoformat()
        values["landed_at"] = self.landed_at and self.landed_at.isoformat()
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Entry":
        """Inverse of `to_json`. Raises KeyError, TypeError or ValueError."""
        return cls(
            **{
                **values,
                "extract_date": date.fromisoformat(values["extract_date"]),
                "landed_at": datetime.fromisoformat(values["landed_at"]),
            }
        )


@dataclass(frozen=True)
class Seen:
    """What the index knows of a path: file stat, content and contract when it was last read."""

    signature: str
    content_hash: str
    contract: str


class Ledger:
    """The entries and the index of one landing folder, in memory."""

    def __init__(self, folder: Path, entries: dict[tuple, Entry], seen: dict[str, Seen]):
        self._folder = folder
        self.entries = entries
        self.seen = seen
        self._saved_entries = dict(entries)
        self._saved_seen = dict(seen)

    @classmethod
    def load(cls, folder: Path) -> "Ledger":
        """Read the ledger; empty when there is none."""
        entries = {entry.key: entry for entry in read_ledger(folder)}
        seen = {}
        # An index that cannot be read only costs hashing.
        with contextlib.suppress(OSError, pa.ArrowException, TypeError):
            for row in pq.ParquetFile(folder / INDEX_FILE).read().to_pylist():
                file = row.pop("file")
                seen[file] = Seen(**row)
        return cls(folder, entries, seen)

    def save(self) -> None:
        """Write what changed, the ledger first: the index must not know more than the ledger."""
        if self.entries != self._saved_entries or not (self._folder / LEDGER_FILE).exists():
            rows = sorted(
                (asdict(entry) for entry in self.entries.values()),
                key=lambda row: (row["table_name"], row["file"], row["content_hash"] or ""),
            )
            write_table(self._folder / LEDGER_FILE, table_of(rows, LEDGER_SCHEMA))
            self._saved_entries = dict(self.entries)
        if self.seen != self._saved_seen:
            rows = [{"file": file, **asdict(seen)} for file, seen in sorted(self.seen.items())]
            write_table(self._folder / INDEX_FILE, table_of(rows, _INDEX_SCHEMA))
            self._saved_seen = dict(self.seen)


def read_ledger(folder: Path) -> list[Entry]:
    """All entries of a landing folder, none when it has no ledger. Raises LedgerDamagedError."""
    path = folder / LEDGER_FILE
    if not path.exists():
        return []
    try:
        rows = pq.ParquetFile(path).read().to_pylist()
        names = {field.name for field in fields(Entry)}
        return [Entry(**{name: row[name] for name in row if name in names}) for row in rows]
    except (OSError, pa.ArrowException, TypeError) as error:
        raise LedgerDamagedError(
            f"The ledger {path} cannot be read. Delete it and land again: it is rebuilt from the "
            "batches beside it."
        ) from error


@contextlib.contextmanager
def landing_lock(
    folder: Path, timeout_seconds: float, on_wait: Callable[[str], None]
) -> Iterator[None]:
    """Hold the folder against other landings. The lock goes with the process, however it ends.

    Raises LandingLockedError when another landing keeps it longer than `timeout_seconds`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + timeout_seconds
        told = False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "unknown"
            if time.monotonic() >= deadline:
                raise LandingLockedError(
                    f"Another landing (process {holder}) has held {folder} for "
                    f"{timeout_seconds:.0f} s. Wait for it or end it, then land again."
                )
            if not told:
                on_wait(f"waiting for another landing (process {holder}) to finish")
                told = True
            time.sleep(0.1)
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
