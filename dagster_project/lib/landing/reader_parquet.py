"""Parquet into columns of text, by Arrow's casts; no Python loop per cell but for nested columns.

Instants become ISO text in UTC with Z, times without zone ISO text without one, decimals and
floating point numbers their shortest exact text, nested values JSON text.
"""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dagster_project.lib.contract import Table
from dagster_project.lib.landing.arrow import (
    bool_array,
    int64_values,
    text_array,
    text_scalar,
)
from dagster_project.lib.landing.chunk import Chunk, extra_json
from dagster_project.lib.landing.columns import FROM_FILE, match_columns, missing_required_message
from dagster_project.lib.landing.errors import BAD_TEXT, NUL_BYTE, FileRefusedError, Reject

_BATCH_ROWS = 64 << 10
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


class ParquetReader:
    """Reads the footer at once, the rows with `chunks`. Raises FileRefusedError."""

    delimiter = None

    def __init__(self, file: BinaryIO, table: Table):
        file.seek(0)
        try:
            self._file = pq.ParquetFile(file)
        except (pa.ArrowException, OSError) as error:
            raise FileRefusedError(
                "not a Parquet file, or one that is cut off; deliver it again"
            ) from error
        schema = self._file.schema_arrow
        rows = self._file.metadata.num_rows
        try:
            self._match = match_columns(schema.names, table)
            if self._match.missing_required:
                place = "the schema of the file"
                raise FileRefusedError(missing_required_message(self._match, table, place))
        except FileRefusedError as refused:
            raise FileRefusedError(refused.message, rows=rows) from None
        self._instants = _int96_columns(self._file)
        repeating = _repeating_columns(self._file) - {*FROM_FILE}
        if repeating:
            file.seek(0)
            self._file = pq.ParquetFile(file, read_dictionary=sorted(repeating))

    @property
    def columns(self) -> tuple[str, ...]:
        """Declared columns the file has."""
        return self._match.landed

    @property
    def missing_optional(self) -> tuple[str, ...]:
        """Declared columns the file lacks."""
        return self._match.missing_optional

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Undeclared columns, as written."""
        return tuple(name for name, _ in self._match.extras)

    def chunks(self) -> Iterator[Chunk]:
        """All rows in order. Raises FileRefusedError when a page is damaged."""
        row_number = 1
        batches = self._file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False)
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError) as error:
                raise FileRefusedError(
                    "the Parquet file is damaged inside; deliver it again"
                ) from error
            if batch is None:
                return
            yield self._chunk(batch, row_number)
            row_number += batch.num_rows

    def _chunk(self, batch: pa.RecordBatch, first_row: int) -> Chunk:
        match = self._match
        bad = np.zeros(batch.num_rows, bool)
        texts: list[pa.Array] = []
        rejects: list[Reject] = []
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            text, faulty = to_text(column, is_instant=name in self._instants)
            texts.append(text)
            for row, reason in faulty:
                if not bad[row]:
                    bad[row] = True
                    detail = f"column {name} holds what is not text"
                    rejects.append(Reject(first_row + row, reason, detail, _row_json(batch, row)))
        numbers = np.arange(first_row, first_row + batch.num_rows)
        if rejects:
            rejects.sort(key=lambda reject: reject.row_number or 0)
            texts = [text.filter(bool_array(~bad)) for text in texts]
            numbers = numbers[~bad]
        extras = [name for name, _ in match.extras], [texts[at] for _, at in match.extras]
        columns = {name: texts[at] for name, at in match.positions.items()}
        return Chunk(columns, numbers, extra_json(*extras), rejects)


def to_text(array: pa.Array, is_instant: bool = False) -> tuple[pa.Array, list[tuple[int, str]]]:
    """An array of any type as text: a text array, or a dictionary of text as it was read.

    is_instant   a timestamp without zone is UTC nevertheless (INT96)
    Second value: (position, reason) of the values that are not text.
    """
    kind = array.type
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
        kind = array.type
    if pa.types.is_dictionary(kind):
        _, faulty = to_text(array.dictionary)
        if not faulty and pa.types.is_string(kind.value_type):
            return array, []  # read as one: Parquet writes it as it is
        array = array.dictionary_decode()
        kind = array.type
    if _is_bytes(kind):
        return _checked_text(array)
    if pa.types.is_timestamp(kind):
        return _timestamp_text(array, is_instant or kind.tz is not None), []
    if pa.types.is_nested(kind) or pa.types.is_interval(kind):
        cells = [None if cell is None else _json(cell) for cell in array.to_pylist()]
        return text_array(cells), []
    if pa.types.is_boolean(kind):
        words = text_array(["false", "true"])
        return pa.DictionaryArray.from_arrays(array.cast(pa.int8()), words), []
    if pa.types.is_float16(kind):
        array = array.cast(pa.float32())
    elif pa.types.is_duration(kind):
        array = array.cast(pa.int64())
    return array.cast(pa.string()), []


def _is_bytes(kind: pa.DataType) -> bool:
    return any(
        test(kind)
        for test in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
            pa.types.is_binary_view,
            pa.types.is_fixed_size_binary,
        )
    )


def _checked_text(array: pa.Array) -> tuple[pa.Array, list[tuple[int, str]]]:
    """Text or bytes as text. A reader of Parquet does not check that text is UTF-8."""
    array = array.cast(pa.binary())
    data = array.buffers()[2]
    has_nul = data is not None and bool((np.frombuffer(data, np.uint8) == 0).any())
    if not has_nul:
        try:
            return array.cast(pa.string()), []
        except pa.ArrowInvalid:
            pass
    cells = array.to_pylist()
    faulty = []
    for row, cell in enumerate(cells):
        if cell is None:
            continue
        try:
            cells[row] = cell.decode()
        except UnicodeDecodeError:
            cells[row] = None
            faulty.append((row, BAD_TEXT))
        else:
            if b"\0" in cell:
                faulty.append((row, NUL_BYTE))
    return text_array(cells), faulty


def _timestamp_text(array: pa.Array, is_instant: bool) -> pa.Array:
    """2025-01-31T08:00:00[.f][Z]; a fraction only where the instant has one.

    Per value, not per column: the same instant must have the same text in every batch.
    """
    unit = array.type.unit
    naive = array.cast(pa.timestamp(unit))  # for an array with a zone: its UTC wall clock
    whole = int64_values(naive.cast(pa.int64())) % _PER_SECOND[unit] == 0
    if whole.any():
        text = naive.cast(pa.timestamp("s"), safe=False).cast(pa.string())
        if not whole.all():
            text = pc.if_else(bool_array(whole), text, naive.cast(pa.string()))
    else:
        text = naive.cast(pa.string())
    text = pc.binary_replace_slice(text, 10, 11, "T")
    if not is_instant:
        return text
    return pc.binary_join_element_wise(text, text_scalar("Z"), text_scalar(""))


def _int96_columns(file: pq.ParquetFile) -> frozenset[str]:
    """Timestamps in the old 96-bit form: Spark, Hive and Impala mean UTC without saying so."""
    columns = (file.schema.column(index) for index in range(len(file.schema)))
    return frozenset(column.path for column in columns if column.physical_type == "INT96")


def _repeating_columns(file: pq.ParquetFile) -> set[str]:
    """Text columns whose cells take less than two bytes: they stay dictionaries on their way."""
    metadata = file.metadata
    if not metadata.num_row_groups or not metadata.row_group(0).num_rows:
        return set()
    group = metadata.row_group(0)
    texts = {field.name for field in file.schema_arrow if pa.types.is_string(field.type)}
    columns = (group.column(index) for index in range(group.num_columns))
    return texts & {
        column.path_in_schema
        for column in columns
        if column.has_dictionary_page and column.total_uncompressed_size < 2 * group.num_rows
    }


def _json(cell: Any) -> str:
    return json.dumps(cell, ensure_ascii=False, default=str, separators=(",", ":"))


def _row_json(batch: pa.RecordBatch, row: int) -> str:
    """One row as JSON text, for the rejects; what is not text stands there as \\xNN."""
    cells = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        cell = column[row]
        if _is_bytes(column.type):
            data = cell.cast(pa.binary()).as_py()
            cells[name] = None if data is None else data.decode(errors="backslashreplace")
        else:
            cells[name] = cell.as_py()
    return _json(cells)
