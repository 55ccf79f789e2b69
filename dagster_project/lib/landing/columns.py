"""Columns: which of a file's columns is which declared one, and what a landed row looks like.

Belongs here: names and positions. Does not belong here: reading a format (reader_*.py).
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from dagster_project.lib.contract import Table
from dagster_project.lib.landing.errors import FileRefusedError

SOURCE_SYSTEM = "_source_system"
EXTRACTED_AT = "_extracted_at"
BATCH_ID = "_batch_id"
FILE = "_file"
ROW_NUMBER = "_row_number"
IS_DELETED = "_is_deleted"
EXTRA = "_extra"
META_COLUMNS = (SOURCE_SYSTEM, EXTRACTED_AT, BATCH_ID, FILE, ROW_NUMBER, IS_DELETED, EXTRA)
# Those that a source may deliver itself; the others are ours.
FROM_FILE = (SOURCE_SYSTEM, EXTRACTED_AT, IS_DELETED)


def landed_schema(columns: Sequence[str]) -> pa.Schema:
    """Schema of a landed batch: `columns` as text, then the meta columns."""
    names = (*columns, *META_COLUMNS)
    return pa.schema([(name, pa.int64() if name == ROW_NUMBER else pa.string()) for name in names])


def normalise(name: str) -> str:
    """A column name as it is compared: half-width, no surrounding space, case folded."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


@dataclass(frozen=True)
class ColumnMatch:
    """Which column of a file is which declared or meta column.

    positions          declared or meta name -> position in the file, 0-based
    extras             (name as written, position) of undeclared columns, by name
    missing_required   declared names the file lacks although it must have them
    missing_optional   declared names the file lacks
    width              number of columns of the file
    """

    positions: dict[str, int]
    extras: tuple[tuple[str, int], ...]
    missing_required: tuple[str, ...]
    missing_optional: tuple[str, ...]
    width: int

    @property
    def landed(self) -> tuple[str, ...]:
        """Declared names that are in the file."""
        return tuple(name for name in self.positions if name not in FROM_FILE)


def match_columns(names: Sequence[str], table: Table) -> ColumnMatch:
    """Match a file's column names to the declared ones.

    Raises FileRefusedError when two columns have one name. Missing columns are only listed: whether
    that is fatal is known at the header (CSV, Parquet) or at the end of the file (JSON lines).
    """
    known = dict.fromkeys((*table.column_names, *FROM_FILE))
    found: dict[str, int] = {}
    extras: dict[str, int] = {}
    for position, written in enumerate(names):
        name = normalise(written)
        if name in known:
            target, label = found, name
        else:
            # A column without a name (a trailing delimiter, an empty Excel column) gets its number.
            target, label = extras, written.strip() or f"column_{position + 1}"
        if label in target:
            raise FileRefusedError(
                f"column {label} stands in the header twice, at positions {target[label] + 1} "
                f"and {position + 1}; rename or drop one of them in the export"
            )
        target[label] = position
    missing = [name for name in table.column_names if name not in found]
    return ColumnMatch(
        positions={name: found[name] for name in known if name in found},
        extras=tuple(sorted(extras.items())),
        missing_required=tuple(name for name in missing if name in table.required),
        missing_optional=tuple(name for name in missing if name not in table.required),
        width=len(names),
    )


def missing_required_message(match: ColumnMatch, table: Table, place: str) -> str:
    """What to tell when required columns are missing from `place`, e.g. "the header (line 1)"."""
    missing = ", ".join(match.missing_required)
    if not match.landed:
        return (
            f"{place} has none of the declared columns of {table.name}: no header, or another "
            f"delimiter or encoding; required are {', '.join(table.required)}"
        )
    declared_in = f" in {table.file.name}" if table.file else ""
    return (
        f"{place} lacks the required column(s) {missing}; add them to the export under these "
        f"names, or drop `required`{declared_in}"
    )
