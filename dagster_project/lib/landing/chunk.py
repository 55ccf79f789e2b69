"""What every reader hands on: a piece of a file as columns of text, plus the rows it rejected."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa

from dagster_project.lib.landing.arrow import text_array
from dagster_project.lib.landing.errors import Reject


@dataclass
class Chunk:
    """Consecutive records of one file.

    columns       name (declared or meta) -> text array, one value per good row
    row_numbers   int64, one per good row: physical line or row, from 1
    extra         JSON object of the undeclared columns per good row, None when there are none
    rejects       the rows between them that are not good
    """

    columns: dict[str, pa.Array]
    row_numbers: np.ndarray
    extra: pa.Array | None = None
    rejects: list[Reject] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Number of good rows."""
        return len(self.row_numbers)


class Reader(Protocol):
    """One file of one format.

    columns            declared columns that the landed batch has, fixed before the first chunk
    delimiter          of CSV, else None
    missing_optional   declared columns the file lacks, complete after the last chunk
    extra_columns      undeclared columns as written, complete after the last chunk
    """

    columns: tuple[str, ...]
    delimiter: str | None

    @property
    def missing_optional(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def extra_columns(self) -> tuple[str, ...]: ...  # noqa: D102

    def chunks(self) -> Iterator[Chunk]:
        """Read on. Raises FileRefusedError and WrongEncodingError."""
        ...


def extra_json(names: Sequence[str], columns: Sequence[pa.Array]) -> pa.Array | None:
    """One JSON object per row out of undeclared columns; empty cells are left out, {} is NULL."""
    if not names:
        return None
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return text_array(
        [
            json_object({name: cell for name, cell in zip(names, row, strict=True) if cell})
            for row in rows
        ]
    )


def json_object(cells: dict[str, str]) -> str | None:
    """JSON text of a non-empty mapping, else None."""
    return json.dumps(cells, ensure_ascii=False) if cells else None
