"""Why a file or a row is not landed."""

from dataclasses import dataclass


class FileRefusedError(Exception):
    """A whole file cannot be landed.

    message      what is wrong and the remedy; holds names of columns, never a cell's value
    row_number   physical line the message is about (1 = header), None when it is about no line
    raw_text     original text of that line, for the rejects table only
    rows         rows of the file when they could be counted
    """

    def __init__(
        self,
        message: str,
        row_number: int | None = None,
        raw_text: str | None = None,
        rows: int | None = None,
    ):
        super().__init__(message)
        self.message = message
        self.row_number = row_number
        self.raw_text = raw_text
        self.rows = rows


class WrongEncodingError(Exception):
    """The bytes of a file are not text in the encoding under trial.

    row_number   physical line where that shows, None when not known
    """

    def __init__(self, encoding: str, row_number: int | None = None):
        super().__init__(encoding)
        self.encoding = encoding
        self.row_number = row_number


class ChangedWhileReadError(Exception):
    """A file was written to while it was read; what was parsed is not what was hashed."""


class LandingLockedError(RuntimeError):
    """Another process is landing into the same folder."""


class LedgerDamagedError(RuntimeError):
    """The ledger is not readable; the message says how to rebuild it."""


# Reasons of rejected rows. `file_refused` stands for a whole file.
FILE_REFUSED = "file_refused"
FIELD_COUNT = "field_count"
STRAY_QUOTE = "stray_quote"
NUL_BYTE = "nul_byte"
BAD_TEXT = "bad_text"
BAD_JSON = "bad_json"
NOT_AN_OBJECT = "not_an_object"
DUPLICATE_KEY = "duplicate_key"


@dataclass(frozen=True)
class Reject:
    """One rejected row: where, why, and its original text.

    row_number   physical line (CSV, JSON lines) or row (Parquet), both counted from 1
    detail       for people; never a cell's value
    """

    row_number: int | None
    reason: str
    detail: str
    raw_text: str | None
