"""Immutable files of the landing folder: batches, rejects, schemas.

Belongs here: what a landed file looks like and how it comes to be (temporary name, fsync, rename).
Does not belong here: which batch is landed and why (lander.py), reading deliveries (reader_*.py).
"""

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dagster_project.lib.landing.arrow import (
    constant_array,
    int64_array,
    table_of,
    text_scalar,
)
from dagster_project.lib.landing.chunk import Chunk
from dagster_project.lib.landing.columns import (
    BATCH_ID,
    EXTRA,
    EXTRACTED_AT,
    FILE,
    IS_DELETED,
    META_COLUMNS,
    ROW_NUMBER,
    SOURCE_SYSTEM,
    landed_schema,
)
from dagster_project.lib.landing.errors import Reject

SCHEMA_FILE = "_schema.parquet"
REJECTS_FOLDER = "_rejects"
TEMPORARY = ".tmp"

REJECTS_SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("file", pa.string()),
        ("batch_id", pa.string()),
        ("row_number", pa.int64()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("raw_text", pa.string()),
    ]
)

# DuckDB reads row groups of about this many rows in parallel; the bytes bound memory.
_GROUP_ROWS = 128 << 10
_GROUP_BYTES = 64 << 20
_SAMPLE_ROWS = 5_000
_GROUP_REJECTS = 10_000
_GROUP_CHARACTERS = 16 << 20
_METADATA_KEY = "leadhouse"


@dataclass(frozen=True)
class Origin:
    """What every row of a batch has in common; `file` is relative to the folder of extracts."""

    table: str
    source_system: str
    extracted_at: str
    batch_id: str
    file: str


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path that takes the place of `path` at the end, and vanishes on an exception.

    When nothing was written to it, nothing is left at `path`.
    """
    temporary = path.with_name(path.name + TEMPORARY)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield temporary
        if temporary.exists():
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
        else:
            path.unlink(missing_ok=True)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_table(path: Path, table: pa.Table) -> None:
    """Write a small table at once, atomically."""
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", store_schema=False)


def write_schema(path: Path, schema: pa.Schema) -> None:
    """Write an empty file of this schema, unless that is what stands there."""
    with contextlib.suppress(OSError, pa.ArrowException):
        if pq.read_schema(path).equals(schema):
            return
    write_table(path, _empty(schema))


class BatchWriter:
    """Writes the rows of one file as one batch, in row groups; memory stays bounded.

    columns   declared columns of the batch; those a chunk lacks are NULL
    """

    def __init__(self, path: Path, columns: tuple[str, ...], origin: Origin):
        self._path = path
        self._columns = columns
        self._origin = origin
        self._writer: pq.ParquetWriter | None = None
        self._pending: list[pa.Table] = []
        self._pending_rows = self._pending_bytes = 0
        self.rows = 0

    def add(self, chunk: Chunk) -> None:
        """Append the good rows of a chunk. All chunks have the same columns."""
        if not chunk.rows:
            return
        self.rows += chunk.rows
        arrays = self._arrays(chunk)
        table = pa.Table.from_arrays(list(arrays.values()), names=list(arrays))
        self._pending.append(table)
        self._pending_rows += chunk.rows
        self._pending_bytes += table.nbytes
        if self._pending_rows >= _GROUP_ROWS or self._pending_bytes >= _GROUP_BYTES:
            self._flush()

    def close(self, metadata: dict[str, Any] | None = None) -> None:
        """Finish the file; `metadata` is what `batch_metadata` gives back."""
        if self._pending:
            self._flush()
        writer = self._writer or self._open(_empty(landed_schema(self._columns)))
        if metadata is not None:
            writer.add_key_value_metadata({_METADATA_KEY: json.dumps(metadata)})
        writer.close()

    def _open(self, table: pa.Table) -> pq.ParquetWriter:
        """Begin the file; `table` holds the first rows."""
        self._writer = pq.ParquetWriter(
            self._path,
            table.schema,
            compression="zstd",
            # Readers get plain text columns: which ones we hold as dictionaries is our business.
            store_schema=False,
            use_dictionary=[name for name in table.column_names if _repeats(table[name])],
            column_encoding={ROW_NUMBER: "DELTA_BINARY_PACKED"},
            # Staging reads whole batches; only what tells batches apart is worth a minimum.
            write_statistics=list(META_COLUMNS),
        )
        return self._writer

    def _flush(self) -> None:
        table = pa.concat_tables(self._pending)
        writer = self._writer or self._open(table)
        writer.write_table(table, row_group_size=_GROUP_ROWS)
        self._pending = []
        self._pending_rows = self._pending_bytes = 0

    def _arrays(self, chunk: Chunk) -> dict[str, pa.Array]:
        rows, origin, given = chunk.rows, self._origin, chunk.columns
        nothing = pa.nulls(rows, pa.string())
        arrays = {name: given.get(name, nothing) for name in self._columns}
        arrays[SOURCE_SYSTEM] = _filled(given.get(SOURCE_SYSTEM), origin.source_system, rows)
        arrays[EXTRACTED_AT] = _filled(given.get(EXTRACTED_AT), origin.extracted_at, rows)
        arrays[BATCH_ID] = constant_array(origin.batch_id, rows)
        arrays[FILE] = constant_array(origin.file, rows)
        arrays[ROW_NUMBER] = int64_array(chunk.row_numbers)
        arrays[IS_DELETED] = given.get(IS_DELETED, nothing)
        arrays[EXTRA] = nothing if chunk.extra is None else chunk.extra
        return arrays


def batch_metadata(path: Path) -> dict[str, Any] | None:
    """What was handed to `BatchWriter.close`; None when the file is not a whole batch of ours."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
        return json.loads(metadata[_METADATA_KEY.encode()])
    except (OSError, pa.ArrowException, KeyError, ValueError):
        return None


class RejectWriter:
    """Writes the rejected rows of one file; creates nothing when there are none."""

    def __init__(self, path: Path, origin: Origin):
        self._path = path
        self._origin = origin
        self._pending: list[Reject] = []
        self._pending_characters = 0
        self._writer: pq.ParquetWriter | None = None
        self._reasons: Counter[str] = Counter()
        self._first_row: int | None = None
        self.rows = 0

    def add(self, rejects: Iterable[Reject]) -> None:
        """Append rejected rows."""
        for reject in rejects:
            if not self._reasons:
                self._first_row = reject.row_number
            self._reasons[reject.reason] += 1
            self._pending.append(reject)
            self._pending_characters += len(reject.raw_text or "")
            if (
                len(self._pending) >= _GROUP_REJECTS
                or self._pending_characters >= _GROUP_CHARACTERS
            ):
                self._flush()

    def close(self) -> None:
        """Finish the file."""
        if self._pending:
            self._flush()
        if self._writer:
            self._writer.close()

    def summary(self) -> str | None:
        """How many rows for which reasons, and where the first is; None when there are none."""
        if not self._reasons:
            return None
        reasons = ", ".join(f"{count} {reason}" for reason, count in self._reasons.most_common())
        return f"rejected rows: {reasons}; the first at {self._first_row}"

    def _flush(self) -> None:
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path, REJECTS_SCHEMA, compression="zstd", store_schema=False
            )
        origin = self._origin
        place = {"table_name": origin.table, "file": origin.file, "batch_id": origin.batch_id}
        rows = [{**place, **vars(reject)} for reject in self._pending]
        self._writer.write_table(table_of(rows, REJECTS_SCHEMA))
        self.rows += len(rows)
        self._pending = []
        self._pending_characters = 0


def _empty(schema: pa.Schema) -> pa.Table:
    return pa.Table.from_batches([], schema=schema)


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether a dictionary pays for a column, judged by its first rows."""
    if pa.types.is_dictionary(column.type):
        return True
    sample = column.slice(0, _SAMPLE_ROWS)
    return pa.types.is_string(column.type) and 2 * pc.count_distinct(sample).as_py() <= len(sample)


def _filled(given: pa.Array | None, default: str, rows: int) -> pa.Array:
    """What the file says, and the default where it says nothing."""
    if given is None:
        return constant_array(default, rows)
    if pa.types.is_dictionary(given.type):
        given = given.dictionary_decode()
    is_blank = pc.equal(pc.utf8_trim_whitespace(given), text_scalar(""))
    nothing = pa.nulls(1, pa.string())[0]
    return pc.coalesce(pc.if_else(is_blank, nothing, given), text_scalar(default))
