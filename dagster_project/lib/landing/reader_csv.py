"""CSV into columns of text: any of , ; tab | as delimiter, and nothing lost on a broken row.

What a row is, is defined by `csv.reader(strict=True)` over physical lines (ended by LF, CRLF or a
lone CR), with one addition: where a record is broken, its first physical line alone is rejected and
reading starts again at the next line, so that a stray quote costs one row and not all rows up to
the next quote. That is the slow path, at about five times the cost of DuckDB's reader.

Almost all of a file needs none of it. The fast path looks at nothing but quotes, line ends and
NULs: where every quote opens or closes a field exactly as RFC 4180 has it, Arrow's reader and
csv.reader agree on every record, and Arrow's is used. The first record in doubt goes to the slow
path. A property test holds the two paths together (tests/unit/test_landing_csv.py).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from dagster_project.lib.contract import Table
from dagster_project.lib.landing.arrow import text_array
from dagster_project.lib.landing.chunk import Chunk, extra_json
from dagster_project.lib.landing.columns import (
    FROM_FILE,
    ColumnMatch,
    match_columns,
    missing_required_message,
    normalise,
)
from dagster_project.lib.landing.errors import (
    FIELD_COUNT,
    NUL_BYTE,
    STRAY_QUOTE,
    FileRefusedError,
    Reject,
    WrongEncodingError,
)

DELIMITERS = (",", "\t", ";", "|")
# A record may span lines (quoted newlines), but a stray quote must not swallow a whole file: beyond
# this a record counts as broken. One field of 10 MB is fine.
MAX_RECORD_LINES = 10_000
MAX_RECORD_BYTES = 64 << 20

_WINDOW_BYTES = 1 << 20
# After a broken record the slow path reads this many before the fast path is tried again: each try
# looks at the whole window.
_SLOW_RECORDS = 500

_LF, _CR, _QUOTE = 10, 13, 34

# The module's own limit is 128 KiB; ours is MAX_RECORD_BYTES.
csv.field_size_limit(MAX_RECORD_BYTES)


class CsvReader:
    """Reads the header at once, the rows with `chunks`.

    blocks   UTF-8 without byte order mark, cut anywhere
    Raises FileRefusedError (header unusable) and WrongEncodingError.
    """

    def __init__(self, blocks: Iterator[bytes], table: Table):
        self._window = _Window(blocks)
        self._table = table
        self.delimiter: str | None = None
        self._match = ColumnMatch({}, (), (), (), 0)
        header = self._read_header()
        if header is None:  # nothing in the file: no row, and no column to miss
            self._match = match_columns([], table)
            return
        line_number, raw_text, names = header
        self._match = ColumnMatch({}, (), (), (), len(names))
        try:
            match = match_columns(names, table)
            if match.missing_required:
                place = f"the header (line {line_number})"
                raise FileRefusedError(missing_required_message(match, table, place))
        except FileRefusedError as refused:
            rows = sum(chunk.rows + len(chunk.rejects) for chunk in self.chunks())
            raise FileRefusedError(refused.message, line_number, raw_text, rows) from None
        self._match = match

    @property
    def columns(self) -> tuple[str, ...]:
        """Declared columns the file has."""
        return self._match.landed

    @property
    def missing_optional(self) -> tuple[str, ...]:
        """Declared columns the file lacks."""
        return self._match.missing_optional if self._match.width else ()

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Undeclared columns, as written."""
        return tuple(name for name, _ in self._match.extras)

    def chunks(self) -> Iterator[Chunk]:
        """The records after the header. Raises WrongEncodingError and FileRefusedError."""
        window = self._window
        while True:
            records, broken = self._sound_records()
            if records is not None:
                chunk, stopped = self._read_fast(records)
                yield chunk
                broken = broken or stopped
            if broken or (window.ends.size and len(window.data) > MAX_RECORD_BYTES):
                yield self._read_slow()
            elif records is None and not window.fill():
                if not window.ends.size:
                    return
                yield self._read_slow()  # a quote is open at the end of the file

    # --- the header

    def _read_header(self) -> tuple[int, str, list[str]] | None:
        """(physical line, raw text, names) of the first line that is not blank; None: no such line.

        Sets `delimiter`: the one that finds most declared columns, or else most columns.
        """
        window = self._window
        while (line := window.line(0)) is not None and not line.strip():
            window.drop(1)
        if line is None:
            return None
        known = {*self._table.column_names, *FROM_FILE}
        best: tuple[tuple[int, int], str, list[str], list[bytes]] | None = None
        for delimiter in DELIMITERS:
            names, used, fault = _read_record(window, 0, delimiter)
            if fault is None:
                score = (len(known & {normalise(name) for name in names}), len(names))
                if best is None or score > best[0]:
                    best = score, delimiter, names, used
        number = window.first_line
        if best is None:
            raise FileRefusedError(
                f"the header (line {number}) has a quote that is not closed; mend the export",
                number,
                _text([line]),
            )
        _, self.delimiter, names, used = best
        window.drop(len(used))
        return number, _text(used), names

    # --- the fast path

    def _sound_records(self) -> tuple["_Records | None", bool]:
        """Complete records at the start of the window on which both parsers surely agree.

        Second value: whether what follows them in the window needs the slow path.
        """
        ends = self._window.ends
        if self._match.width == 1:
            return None, bool(ends.size)  # with one column, a blank line could be a row
        lines = int(np.searchsorted(ends, _WINDOW_BYTES, side="right")) or 1
        while ends.size:  # a long record makes a large window: do not look at all of it each time
            records, broken = self._scan(ends[:lines])
            if records is not None or broken or lines >= ends.size:
                return records, broken
            lines *= 2
        return None, False

    def _scan(self, ends: np.ndarray) -> tuple["_Records | None", bool]:
        """`_sound_records` among the lines that `ends` closes."""
        data, stop = self._window.data, int(ends[-1])
        limit = data.find(b"\0", 0, stop)
        limit = stop if limit < 0 else limit
        last = np.arange(ends.size)
        if data.find(b'"', 0, stop) >= 0:
            bytes_ = np.frombuffer(data, np.uint8)
            quotes = np.flatnonzero(bytes_[:stop] == _QUOTE)
            doubtful = quotes[~self._is_structural(bytes_, quotes)]
            if doubtful.size:
                limit = min(limit, int(doubtful[0]))
            last = np.flatnonzero(np.searchsorted(quotes, ends) % 2 == 0)
        unfinished = ends.size - (last[-1] + 1 if last.size else 0)
        broken = limit < stop or unfinished > MAX_RECORD_LINES
        last = last[ends[last] <= limit]
        first = np.concatenate(([0], last[:-1] + 1)) if last.size else last
        starts = np.concatenate(([0], ends[last[:-1]])) if last.size else last
        too_long = (last - first >= MAX_RECORD_LINES) | (
            (ends[last] - starts > MAX_RECORD_BYTES) & (last > first)
        )
        if too_long.any():
            cut = int(too_long.argmax())
            first, last, starts = first[:cut], last[:cut], starts[:cut]
            broken = True
        if not last.size:
            return None, broken
        return _Records(first, last, starts, ends[last]), broken

    def _is_structural(self, bytes_: np.ndarray, quotes: np.ndarray) -> np.ndarray:
        """For each quote: does it open or close a field, or stand doubled, in turn as it must?

        Every other quote opens. The first False is decisive, what follows it is not.
        """
        before = np.full(quotes.size, _LF, np.uint8)
        inside = quotes > 0
        before[inside] = bytes_[quotes[inside] - 1]
        after = np.full(quotes.size, _LF, np.uint8)
        inside = quotes < bytes_.size - 1
        after[inside] = bytes_[quotes[inside] + 1]
        neighbour = before
        neighbour[1::2] = after[1::2]
        return (
            (neighbour == ord(self.delimiter or ","))
            | (neighbour == _LF)
            | (neighbour == _CR)
            | (neighbour == _QUOTE)
        )

    def _read_fast(self, records: "_Records") -> tuple[Chunk, bool]:
        """Parse `records` with Arrow. Second value: stopped at one that needs the slow path."""
        window = self._window
        region = memoryview(window.data)[: records.ends[-1]]
        if not is_utf8(region):
            raise WrongEncodingError("utf-8", window.first_line + window.bad_line(len(region)))
        n_lines = int(records.last[-1]) + 1
        # Arrow skips blank lines, and counts the others.
        first_bytes = np.frombuffer(window.data, np.uint8)[records.starts]
        records = records.take((first_bytes != _LF) & (first_bytes != _CR))
        ragged: list[tuple[int, int]] = []  # (index of the record, fields it has)

        def note(row: arrow_csv.InvalidRow) -> str:
            ragged.append((row.number - 1, row.actual_columns))
            return "skip"

        names = [str(position) for position in range(self._match.width)]
        table = arrow_csv.read_csv(
            pa.BufferReader(region),
            arrow_csv.ReadOptions(
                use_threads=False, column_names=names, block_size=len(region) + 1
            ),
            arrow_csv.ParseOptions(
                delimiter=self.delimiter,
                double_quote=True,
                newlines_in_values=True,
                ignore_empty_lines=True,
                invalid_row_handler=note,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False, column_types=dict.fromkeys(names, pa.string())
            ),
        )
        good = np.ones(len(records), bool)
        good[[index for index, _ in ragged]] = False
        if table.num_rows != good.sum():  # never seen; csv.reader is the definition
            return Chunk({}, np.empty(0, np.int64)), True
        stop = len(records)
        rejects = []
        for index, fields in ragged:
            if records.last[index] > records.first[index]:
                stop = index
                break
            line = window.first_line + int(records.first[index])
            text = window.data[records.starts[index] : records.ends[index]]
            rejects.append(self._wrong_width(line, fields, [text]))
        numbers = window.first_line + records.first[:stop][good[:stop]]
        arrays = [column.combine_chunks().slice(0, numbers.size) for column in table.columns]
        window.drop(int(records.first[stop]) if stop < len(records) else n_lines)
        return self._chunk(arrays, numbers, rejects), stop < len(records)

    # --- the slow path

    def _read_slow(self) -> Chunk:
        """Parse up to _SLOW_RECORDS records with csv.reader, starting again after broken ones."""
        window, width = self._window, self._match.width
        rows: list[list[str]] = []
        numbers: list[int] = []
        rejects: list[Reject] = []
        at = 0
        for _ in range(_SLOW_RECORDS):
            fields, used, fault = _read_record(window, at, self.delimiter)
            if not used:
                break
            line = window.first_line + at
            at += 1 if fault else len(used)
            if fault:
                rejects.append(Reject(line, STRAY_QUOTE, fault, _text(used[:1])))
            elif not fields:
                continue  # a blank line is no row
            elif any(b"\0" in part for part in used):
                rejects.append(Reject(line, NUL_BYTE, "the row holds a NUL byte", _text(used)))
            elif len(fields) == width:
                rows.append(fields)
                numbers.append(line)
            elif self._hides_rows(used[1:]):
                at -= len(used) - 1
                detail = f"a quoted field runs on over rows of {width} fields"
                rejects.append(Reject(line, STRAY_QUOTE, detail, _text(used[:1])))
            else:
                rejects.append(self._wrong_width(line, len(fields), used))
        window.drop(at)
        arrays = [text_array(cells) for cells in zip(*rows, strict=True)]
        if not rows:
            arrays = [text_array([])] * width
        return self._chunk(arrays, np.array(numbers, np.int64), rejects)

    def _hides_rows(self, lines: list[bytes]) -> bool:
        """Whether a line inside a record of wrong width would be a good row by itself."""
        for line in lines:
            fields = next(csv.reader([line.decode()], delimiter=self.delimiter))
            if len(fields) == self._match.width:
                return True
        return False

    # --- both

    def _wrong_width(self, line: int, fields: int, lines: list[bytes]) -> Reject:
        detail = f"{fields} fields where the header has {self._match.width}"
        return Reject(line, FIELD_COUNT, detail, _text(lines))

    def _chunk(self, arrays: list[pa.Array], numbers: np.ndarray, rejects: list[Reject]) -> Chunk:
        match = self._match
        return Chunk(
            columns={name: arrays[position] for name, position in match.positions.items()},
            row_numbers=numbers,
            extra=extra_json(
                [name for name, _ in match.extras],
                [arrays[position] for _, position in match.extras],
            ),
            rejects=rejects,
        )


@dataclass(frozen=True)
class _Records:
    """Complete records at the start of a window, in order; arrays of one length.

    first, last    index of the record's first and last physical line in the window
    starts, ends   its offsets in the window's data
    """

    first: np.ndarray
    last: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        return self.first.size

    def take(self, keep: np.ndarray) -> "_Records":
        """Those where `keep` is True."""
        if keep.all():
            return self
        return _Records(self.first[keep], self.last[keep], self.starts[keep], self.ends[keep])


class _Window:
    """The part of a file that is in memory. It always begins at the start of a record.

    data         bytes
    ends         int64 offsets in `data` just behind each complete physical line
    first_line   physical line number of the first one, from 1
    """

    def __init__(self, blocks: Iterator[bytes]):
        self._blocks = blocks
        self._final = False
        self.data = b""
        self.ends = np.empty(0, np.int64)
        self.first_line = 1

    def line(self, index: int) -> bytes | None:
        """Physical line `index` of the window with its line end, None behind the end of file."""
        while index >= self.ends.size:
            if not self.fill():
                return None
        start = self.ends[index - 1] if index else 0
        return self.data[start : self.ends[index]]

    def fill(self) -> bool:
        """Read on, at least as much as is there already. False: the end was reached before."""
        if self._final:
            return False
        wanted = len(self.data) + max(_WINDOW_BYTES, len(self.data))
        pieces, size = [self.data], len(self.data)
        while size < wanted:
            block = next(self._blocks, None)
            if block is None:
                self._final = True
                break
            pieces.append(block)
            size += len(block)
        self.data = b"".join(pieces)
        known = int(self.ends[-1]) if self.ends.size else 0
        if known < len(self.data):
            new = _line_ends(self.data, known, self._final)
            self.ends = np.concatenate((self.ends, new)) if known else new
        if len(self.data) - (self.ends[-1] if self.ends.size else 0) > 2 * MAX_RECORD_BYTES:
            raise FileRefusedError(
                f"line {self.first_line + self.ends.size} is longer than "
                f"{MAX_RECORD_BYTES >> 20} MB; is this a text file?"
            )
        return True

    def bad_line(self, length: int) -> int:
        """Index of the first physical line in data[:length] that is not UTF-8."""
        try:
            self.data[:length].decode()
        except UnicodeDecodeError as error:
            return int(np.searchsorted(self.ends, error.start, side="right"))
        raise ValueError("the data are UTF-8")

    def drop(self, lines: int) -> None:
        """Forget the first `lines` physical lines."""
        if lines:
            end = self.ends[lines - 1]
            self.data = self.data[end:]
            self.ends = self.ends[lines:] - end
            self.first_line += lines


def _line_ends(data: bytes, start: int, final: bool) -> np.ndarray:
    """Offsets behind the line ends (LF, CRLF, lone CR) in data[start:]; `start` begins a line."""
    tail = np.frombuffer(data, np.uint8, offset=start)
    is_end = tail == _LF
    if data.find(b"\r", start) >= 0:
        is_cr = tail == _CR
        is_cr[:-1] &= ~is_end[1:]
        is_cr[-1] &= final  # at the edge of a block it may be the first half of CRLF
        is_end = is_end | is_cr
    ends = np.flatnonzero(is_end) + (start + 1)
    if final and (not ends.size or ends[-1] != len(data)):
        ends = np.append(ends, len(data))
    return ends


def _read_record(
    window: _Window, at: int, delimiter: str | None
) -> tuple[list[str], list[bytes], str | None]:
    """Read the record that starts at physical line `at` of the window.

    Returns its fields (none for a blank line), the lines it takes (none: end of file), and what is
    wrong with its quoting; then the fields mean nothing.
    """
    used: list[bytes] = []

    def lines() -> Iterator[str]:
        size = 0
        while (line := window.line(at + len(used))) is not None:
            used.append(line)
            size += len(line)
            if len(used) > MAX_RECORD_LINES or (size > MAX_RECORD_BYTES and len(used) > 1):
                raise csv.Error
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                number = window.first_line + at + len(used) - 1
                raise WrongEncodingError("utf-8", number) from error

    try:
        return next(csv.reader(lines(), delimiter=delimiter, strict=True), []), used, None
    except csv.Error as error:
        return [], used, _describe(error, len(used))


def _describe(error: csv.Error, lines: int) -> str:
    """A csv.Error in words of ours: the module's own never hold a cell's value, but say little."""
    if lines > 1:
        return f"a quoted field that begins here is not closed well within {lines} lines"
    return f"a quote that is neither doubled nor at the edge of a field ({error})"


def _text(lines: list[bytes]) -> str:
    """Original text of physical lines, without the last line end."""
    return b"".join(lines).decode().rstrip("\r\n")


def is_utf8(data: memoryview | bytes) -> bool:
    """Whether the bytes are UTF-8; Arrow's check takes a fifth of the time of bytes.decode."""
    offsets = pa.py_buffer(np.array([0, len(data)], np.int64))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(data)])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
