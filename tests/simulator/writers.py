"""Files: CSV in its many shapes, JSON lines and Parquet, the same bytes at every run."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.simulator.schema import column_types

_LOCAL_OFFSET = 8 * 3600


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written."""

    suffix: str = "csv"  # csv | csv.gz | tsv | txt | jsonl | jsonl.gz | parquet
    delimiter: str = ","
    encoding: str = "utf-8"
    bom: bool = False
    times: str = "local"  # local | slash | utc | offset


@dataclass(slots=True)
class Parcel:
    """One file to deliver; ``broken`` are bad lines: (after which record, text, what is wrong)."""

    table: str
    extract_date: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    style: Style = Style()
    stem: str = "part-000"
    broken: list[tuple[int, str, str]] = field(default_factory=list)
    broken_lines: list[int] = field(default_factory=list)  # physical lines, known once written

    @property
    def path(self) -> str:
        """Return the file's path below the extracts folder."""
        return f"{self.table}/extract_date={self.extract_date}/{self.stem}.{self.style.suffix}"


def write_parcel(folder: Path, parcel: Parcel) -> None:
    """Write one file of a delivery."""
    path = folder / parcel.path
    path.parent.mkdir(parents=True, exist_ok=True)
    suffix = parcel.style.suffix
    if suffix == "parquet":
        _write_parquet(path, parcel)
        return
    text = _json_lines(parcel) if suffix.startswith("jsonl") else _csv_text(parcel)
    data = text.encode(parcel.style.encoding)
    if parcel.style.bom:
        data = b"\xef\xbb\xbf" + data
    path.write_bytes(_gzip(data) if suffix.endswith(".gz") else data)


def write_csv_gz(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a plain gzipped CSV file (used for the truth); booleans as true/false."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(
        [str(cell).lower() if isinstance(cell, bool) else cell for cell in row] for row in rows
    )
    path.write_bytes(_gzip(buffer.getvalue().encode("utf-8")))


def _gzip(data: bytes) -> bytes:
    """Compress without file name and time, so that the bytes depend on the content alone."""
    return gzip.compress(data, compresslevel=6, mtime=0)


# -- cells -----------------------------------------------------------------------------------


def _iso_texts(values: Sequence[int | None], shift: int, separator: str, tail: str) -> list[str]:
    """Write epoch seconds as text in bulk; None becomes an empty cell."""
    known = np.array([value if value is not None else 0 for value in values], dtype=np.int64)
    texts = np.datetime_as_string((known + shift).astype("datetime64[s]")).tolist()
    return [
        f"{text[:10]}{separator}{text[11:]}{tail}" if value is not None else ""
        for text, value in zip(texts, values, strict=True)
    ]


def _slash_texts(values: Sequence[int | None]) -> list[str]:
    """Write epoch seconds as ``2024/7/1 9:05`` in local time: seconds are lost."""
    texts = _iso_texts(values, _LOCAL_OFFSET, " ", "")
    return [
        f"{int(t[:4])}/{int(t[5:7])}/{int(t[8:10])} {int(t[11:13])}:{t[14:16]}" if t else ""
        for t in texts
    ]


def _time_texts(values: Sequence[int | None], style: str) -> list[str]:
    if style == "slash":
        return _slash_texts(values)
    if style == "utc":
        return _iso_texts(values, 0, "T", "Z")
    if style == "offset":
        return _iso_texts(values, _LOCAL_OFFSET, "T", "+08:00")
    return _iso_texts(values, _LOCAL_OFFSET, " ", "")


def _money_text(cents: int | None) -> str:
    if cents is None:
        return ""
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def _bool_text(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"


def _plain_text(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


_TEXT_OF_TYPE: dict[str, Callable[[Any], str]] = {"money": _money_text, "boolean": _bool_text}


def text_columns(parcel: Parcel) -> list[list[str]]:
    """Return the parcel's cells as text, column by column."""
    columns: list[list[str]] = []
    for kind, values in zip(
        column_types(parcel.columns), zip(*parcel.rows, strict=True), strict=True
    ):
        if kind == "timestamp":
            columns.append(_time_texts(values, parcel.style.times))
        else:
            columns.append(list(map(_TEXT_OF_TYPE.get(kind, _plain_text), values)))
    return columns


# -- formats ---------------------------------------------------------------------------------


def _csv_text(parcel: Parcel) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=parcel.style.delimiter, lineterminator="\n")
    writer.writerow(parcel.columns)
    rows = list(zip(*text_columns(parcel), strict=True)) if parcel.rows else []
    done = 0
    for after, text, _ in parcel.broken:
        writer.writerows(rows[done:after])
        done = min(after, len(rows))
        parcel.broken_lines.append(buffer.getvalue().count("\n") + 1)
        buffer.write(text + "\n")
    writer.writerows(rows[done:])
    return buffer.getvalue()


def _json_lines(parcel: Parcel) -> str:
    kinds = column_types(parcel.columns)
    times = {
        name: _time_texts(values, parcel.style.times)
        for name, kind, values in zip(
            parcel.columns, kinds, zip(*parcel.rows, strict=True), strict=True
        )
        if kind == "timestamp"
    }
    lines = []
    for number, row in enumerate(parcel.rows):
        cells: dict[str, Any] = dict(zip(parcel.columns, row, strict=True))
        for name, texts in times.items():
            cells[name] = texts[number] or None
        lines.append(json.dumps(cells, ensure_ascii=False, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def _write_parquet(path: Path, parcel: Parcel) -> None:
    """Write typed Parquet: instants as UTC timestamps, money as decimals, the rest as it is."""
    import pyarrow as pa  # only the few Parquet deliveries need it
    import pyarrow.parquet as pq

    arrays, fields = [], []
    for name, kind, values in zip(
        parcel.columns, column_types(parcel.columns), zip(*parcel.rows, strict=True), strict=True
    ):
        if kind == "timestamp":
            array = pa.array(values, pa.int64()).cast(pa.timestamp("s", "UTC"))
            array = array.cast(pa.timestamp("us", "UTC"))
        elif kind == "money":
            texts = [_money_text(value) or None for value in values]
            array = pa.array(texts, pa.string()).cast(pa.decimal128(18, 4))
        elif kind == "boolean":
            array = pa.array(values, pa.bool_())
        elif kind == "bigint":
            array = pa.array([None if v == "" else v for v in values], pa.int64())
        else:
            array = pa.array([None if v in (None, "") else str(v) for v in values], pa.string())
        arrays.append(array)
        fields.append(pa.field(name, array.type))
    table = pa.table(arrays, schema=pa.schema(fields))
    pq.write_table(table, path, compression="zstd")
