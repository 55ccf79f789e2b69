"""Writes extracts as the contract of raw extracts declares them, and the truth beside them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.identity_world.entry import Value
from tests.identity_world.language import Dice
from tests.identity_world.records import Book, Row, extract_date


def write_extracts(book: Book, folder: Path, seed: int, repeated_row: float) -> None:
    """One file per table, source system and delivery; some rows stand in them twice.

    One whole file is delivered a second time under a later date, as exports do after a hiccup.
    """
    dice = Dice(seed, "files")
    files: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
    columns: dict[str, dict[str, None]] = defaultdict(dict)
    for row in book.rows:
        files[row.table, row.source_system, row.delivery].append(row)
        columns[row.table].update(dict.fromkeys(row.cells))
    for (table, system, delivery), rows in sorted(files.items()):
        content = [[row.cells.get(column, "") for column in columns[table]] for row in rows]
        content += [cells for cells in content if dice.chance(repeated_row)]
        dice.shuffle(content)
        _write(_place(folder, table, system, delivery), [*columns[table]], content)
        if table == "crm_contacts" and delivery == 2:
            _write(_place(folder, table, system, 4, "again"), [*columns[table]], content)


def _place(folder: Path, table: str, system: str, delivery: int, name: str = "part-000") -> Path:
    date = extract_date(delivery)
    return folder / table / f"source_system={system}" / f"extract_date={date}" / f"{name}.csv"


def write_truth(book: Book, folder: Path) -> None:
    """The three files that tests.identity_world.truth describes and reads."""
    records = sorted(book.records.values(), key=lambda record: record.key)
    key = ["record_type", "source_system", "record_id"]
    _write(
        folder / "records.csv",
        [*key, "person", "company"],
        ([*record.key, record.person or "", record.company or ""] for record in records),
    )
    header = [*key, "kind", "raw", "canonical", "is_clean"]
    _write(
        folder / "identifiers.csv",
        header,
        (
            [*record.key, value.kind, value.raw, value.canonical, _is_owned(value, record.person)]
            for record in records
            for value in record.values
        ),
    )
    _write(
        folder / "company_evidence.csv",
        header,
        (
            [*record.key, value.kind, value.raw, value.canonical, _is_owned(value, record.company)]
            for record in records
            for value in record.company_values
        ),
    )


def _is_owned(value: Value, owner: int) -> int:
    return int(bool(owner) and value.owner == owner)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
