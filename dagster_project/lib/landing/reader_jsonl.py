"""JSON lines into columns of text: one object per line, one line one row.

Numbers are kept as written, booleans become true and false, nested values stay JSON text. A key may
be absent from any line; a required column is missing when no line has it.
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from dagster_project.lib.contract import Table
from dagster_project.lib.landing.arrow import text_array
from dagster_project.lib.landing.chunk import Chunk, json_object
from dagster_project.lib.landing.columns import (
    FROM_FILE,
    ColumnMatch,
    missing_required_message,
    normalise,
)
from dagster_project.lib.landing.errors import (
    BAD_JSON,
    BAD_TEXT,
    DUPLICATE_KEY,
    NOT_AN_OBJECT,
    NUL_BYTE,
    FileRefusedError,
    Reject,
    WrongEncodingError,
)

MAX_LINE_BYTES = 128 << 20
_CHUNK_LINES = 20_000


class _Verbatim(str):
    """A number or constant as it stands in the JSON text."""


class _RowRejected(Exception):
    def __init__(self, reason: str, detail: str):
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


# Pairs, because a repeated key must not silently win.
_read_pairs = json.JSONDecoder(
    object_pairs_hook=list, parse_int=str, parse_float=str, parse_constant=str
).decode
_read_verbatim = json.JSONDecoder(
    parse_int=_Verbatim, parse_float=_Verbatim, parse_constant=_Verbatim
).decode


class JsonlReader:
    """Reads all with `chunks`; missing and extra columns are known at the end.

    blocks   UTF-8 without byte order mark, cut anywhere
    """

    delimiter = None

    def __init__(self, blocks: Iterator[bytes], table: Table):
        self._blocks = blocks
        self._table = table
        self._known = {*table.column_names, *FROM_FILE}
        self._names: dict[str, str] = {}  # key as written -> column it is
        self._rows = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """All declared columns: which ones occur is known only at the end."""
        return self._table.column_names

    @property
    def missing_optional(self) -> tuple[str, ...]:
        """Declared columns that no line has."""
        return self._match().missing_optional if self._names else ()

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Undeclared keys that any line has."""
        return tuple(sorted(set(self._names.values()) - self._known))

    def chunks(self) -> Iterator[Chunk]:
        """All lines in order. Raises WrongEncodingError, and FileRefusedError at the end."""
        lines: list[tuple[int, str]] = []
        for numbered in self._lines():
            lines.append(numbered)
            if len(lines) == _CHUNK_LINES:
                yield self._chunk(lines)
                lines = []
        if lines:
            yield self._chunk(lines)
        match = self._match()
        if self._names and match.missing_required:
            message = missing_required_message(match, self._table, "the file")
            raise FileRefusedError(message, rows=self._rows)

    def _match(self) -> ColumnMatch:
        seen = set(self._names.values())
        missing = [name for name in self._table.column_names if name not in seen]
        required = self._table.required
        return ColumnMatch(
            positions={name: 0 for name in self._table.column_names if name in seen},
            extras=(),
            missing_required=tuple(name for name in missing if name in required),
            missing_optional=tuple(name for name in missing if name not in required),
            width=len(seen),
        )

    def _lines(self) -> Iterator[tuple[int, str]]:
        """(physical line number, text) of every line that is not blank."""
        number, rest = 0, b""
        for block in self._blocks:
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                number += 1
                if text := self._decode(line, number):
                    yield number, text
            if len(rest) > MAX_LINE_BYTES:
                raise FileRefusedError(
                    f"line {number + 1} is longer than {MAX_LINE_BYTES >> 20} MB; write one object "
                    "per line",
                    number + 1,
                )
        if text := self._decode(rest, number + 1):
            yield number + 1, text

    def _decode(self, line: bytes, number: int) -> str:
        try:
            text = line.decode().strip()
        except UnicodeDecodeError as error:
            raise WrongEncodingError("utf-8", number) from error
        if text and not self._rows and text[0] == "[":
            raise FileRefusedError(
                f"line {number} begins a JSON array; write one object per line", number
            )
        self._rows += bool(text)
        return text

    def _chunk(self, lines: list[tuple[int, str]]) -> Chunk:
        rows: list[dict[str, str | None]] = []
        numbers: list[int] = []
        rejects: list[Reject] = []
        for number, text in lines:
            try:
                rows.append(self._row(text))
                numbers.append(number)
            except _RowRejected as rejected:
                rejects.append(Reject(number, rejected.reason, rejected.detail, text))
            except RecursionError:
                rejects.append(Reject(number, BAD_JSON, "nested too deeply", text))
        # FROM_FILE always, so that all chunks have the same types; the others when they occur.
        occurring = self._known.intersection((*self._names.values(), *FROM_FILE))
        columns = {name: text_array([row.get(name) for row in rows]) for name in occurring}
        extras = [
            json_object({key: row[key] for key in sorted(row.keys() - self._known) if row[key]})
            for row in rows
        ]
        return Chunk(columns, np.array(numbers, np.int64), text_array(extras), rejects)

    def _row(self, text: str) -> dict[str, str | None]:
        """Column -> text. Raises _RowRejected."""
        if text[0] != "{":
            raise _RowRejected(NOT_AN_OBJECT, "the line is not a JSON object")
        try:
            pairs = _read_pairs(text)
        except json.JSONDecodeError as error:
            detail = f"not JSON: {error.msg} at character {error.colno}"
            raise _RowRejected(BAD_JSON, detail) from None
        row: dict[str, str | None] = {}
        names, verbatim = self._names, None
        for key, value in pairs:
            name = names.get(key) or self._name(key)
            if name in row:
                raise _RowRejected(DUPLICATE_KEY, f"key {name} occurs twice")
            if value.__class__ is str:
                row[name] = value
            elif value.__class__ is list:  # an object too: it came as pairs
                verbatim = verbatim or _read_verbatim(text)
                row[name] = _json_text(verbatim[key])
            else:
                row[name] = _SCALARS[value]
        if "\\u" in text:  # only an escape can hold what is not text
            _check_text(row)
        return row

    def _name(self, key: str) -> str:
        normalised = normalise(key)
        name = normalised if normalised in self._known else key
        if "\0" in name or not name.isascii():
            _check_text({name: None})
        self._names[key] = name
        return name


_SCALARS = {None: None, True: "true", False: "false"}


def _check_text(row: dict[str, str | None]) -> None:
    for name, value in row.items():
        for text in (name, value or ""):
            try:
                text.encode()
            except UnicodeEncodeError:
                raise _RowRejected(BAD_TEXT, "an escape is half a character") from None
            if "\0" in text:
                raise _RowRejected(NUL_BYTE, "the row holds a NUL character")


def _json_text(value: Any) -> str:
    """Compact JSON with the numbers as they were written."""
    if isinstance(value, dict):
        members = (f"{_json_text(key)}:{_json_text(item)}" for key, item in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_json_text, value)) + "]"
    if isinstance(value, _Verbatim):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
