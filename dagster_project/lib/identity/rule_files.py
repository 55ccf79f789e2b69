"""Proposed rule files: read, and held against what the seeds' YAML and the data say.

A proposal is one CSV file, or a folder of them, named as in seeds/rules. Everything found wrong is
told at once, with file, line, column and remedy. Belongs here: files in, rows out. Does not belong
here: what the rules do (the models).
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from dagster_project.lib.identity.lookup import IdentityError

OVERRIDES = "identity_override"
RULES_FOLDER = Path("seeds", "rules")
_SHOWN = 20
_RECORD = ("record_type", "source_system", "record_id")
_OTHER = tuple(f"other_{column}" for column in _RECORD)
_IDENTIFIER = ("identifier_type", "identifier_value")
# What a decision must name.
_NEEDED = {
    "must_link": _RECORD + _OTHER,
    "cannot_link": _RECORD + _OTHER,
    "detach": _RECORD,
    "pin_id": _RECORD,
    "block_identifier": _IDENTIFIER,
}

Row = dict[str, str]
# (record type, source system, record id) -> whether any extract ever brought it
KnowsRecord = Callable[[tuple[str, str, str]], bool]


@dataclass(frozen=True)
class RuleFile:
    """Rows of one rule file as text; lines[i] is the physical line at which rows[i] begins."""

    name: str
    path: Path
    columns: list[str]
    rows: list[Row]
    lines: list[int]

    def complaint(self, number: int, column: str, message: str) -> str:
        """`identity_override.csv, line 3, column kind: …`; number: of the row, from 0."""
        return f"{self.path.name}, line {self.lines[number]}, column {column}: {message}"


def read_proposal(path: Path, rules: Path) -> list[RuleFile]:
    """The proposed files. path: a CSV file or a folder of them; rules: the folder seeds/rules.

    Raises IdentityError for a path without rule files, an unknown name, an unknown or missing
    column, a row of another width, or text that is not UTF-8.
    """
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path] * path.is_file()
    if not files:
        raise IdentityError(
            f"{path} is no rule file and no folder with any. Give a CSV file named as in {rules}."
        )
    known = sorted(file.stem for file in rules.glob("*.csv"))
    for file in files:
        if file.stem not in known:
            raise IdentityError(
                f"{file.name} is no rule file. Rename it to one of: {', '.join(known)}."
            )
    return [_read(file, rules / file.name) for file in files]


def merged(file: RuleFile, present: RuleFile) -> RuleFile:
    """The rows of `present` with those of `file` after them; lines are told for the latter only."""
    rows = [*present.rows, *file.rows]
    return RuleFile(file.name, file.path, file.columns, rows, [0] * len(present.rows) + file.lines)


def read_rules(path: Path) -> RuleFile:
    """One rule file as it stands. Raises IdentityError when it can't be read."""
    return _read(path, path)


def check(
    files: Sequence[RuleFile], rules: Path, types: set[str], knows: KnowsRecord | None
) -> None:
    """Raise IdentityError that tells everything wrong with the rows of `files`.

    types: identifier types there are; knows: whether a record was ever delivered, None = not asked.
    """
    declared = {
        seed["name"]: seed
        for properties in sorted(rules.glob("_*.yml"))
        for seed in yaml.safe_load(properties.read_text(encoding="utf-8"))["seeds"]
    }
    found = []
    for file in files:
        found += _declared_complaints(file, declared.get(file.name, {}))
        if file.name == OVERRIDES:
            found += _override_complaints(file, types, knows)
    if found:
        more = [f"… and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        raise IdentityError("\n".join(found[:_SHOWN] + more))


def written(file: RuleFile) -> str:
    """The file as CSV text that dbt reads."""
    target = io.StringIO()
    writer = csv.DictWriter(target, file.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(file.rows)
    return target.getvalue()


def _read(path: Path, like: Path) -> RuleFile:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise IdentityError(f"{path.name} is not UTF-8. Save it as CSV in UTF-8.") from None
    with like.open(encoding="utf-8-sig", newline="") as source:
        wanted = next(csv.reader(source))
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = next(reader, [])
    for column in columns:
        if column not in wanted:
            raise IdentityError(
                f"{path.name}, line 1, column {column}: there is no such column."
                f" Use: {', '.join(wanted)}."
            )
    if missing := [column for column in wanted if column not in columns]:
        raise IdentityError(
            f"{path.name}, line 1, column {missing[0]}: the column is missing. Write the header"
            f" {','.join(wanted)}; leave cells empty that say nothing."
        )
    rows, lines, end = [], [], reader.line_num
    for cells in reader:
        begin, end = end + 1, reader.line_num
        if not cells:
            continue
        if len(cells) != len(columns):
            raise IdentityError(
                f"{path.name}, line {begin}: {len(cells)} cells, the header has {len(columns)}."
                " Quote a cell that holds a comma."
            )
        rows.append({c: cell.strip() for c, cell in zip(columns, cells, strict=True)})
        lines.append(begin)
    return RuleFile(path.stem, path, columns, rows, lines)


def _declared_complaints(file: RuleFile, seed: dict[str, Any]) -> list[str]:
    """What dbt would say after a build: types, and the tests declared for the file."""
    found = []
    for column, kind in ((seed.get("config") or {}).get("column_types") or {}).items():
        for number, row in enumerate(file.rows):
            cell = row.get(column, "")
            if cell and not _is_readable(cell, kind):
                found.append(file.complaint(number, column, f"{cell!r} is no {kind}."))
    for test in seed.get("data_tests", []):
        name, details = next(iter(test.items())) if isinstance(test, dict) else (test, {})
        columns = ((details or {}).get("arguments") or {}).get("columns", [])
        if name == "unique_combination":
            found += _combination_complaints(file, columns)
        elif name == "required":
            for column in columns:
                found += _test_complaints(file, column, name, {})
    for column in seed.get("columns", []):
        for test in column.get("data_tests", []):
            name, details = next(iter(test.items())) if isinstance(test, dict) else (test, {})
            found += _test_complaints(file, column["name"], name, details or {})
    return found


def _test_complaints(file: RuleFile, column: str, test: str, details: dict[str, Any]) -> list[str]:
    found, seen = [], set()
    values = [str(value) for value in (details.get("arguments") or {}).get("values", [])]
    for number, row in enumerate(file.rows):
        cell = row[column]
        if test == "required" and not cell:
            found.append(
                file.complaint(number, column, "the cell is empty; it must say something.")
            )
        elif test == "accepted_values" and cell and cell not in values:
            told = f"{cell!r} is unknown. Use one of: {', '.join(values)}."
            found.append(file.complaint(number, column, told))
        elif test == "unique" and cell:
            if cell in seen:
                told = f"{cell!r} is there already. Choose another; a name is never used again."
                found.append(file.complaint(number, column, told))
            seen.add(cell)
    return found


def _combination_complaints(file: RuleFile, columns: list[str]) -> list[str]:
    found, seen = [], set()
    for number, row in enumerate(file.rows):
        cells = tuple(row[column] for column in columns)
        if cells in seen:
            told = f"a row with the same {', '.join(columns)} is there already. Close it first."
            found.append(file.complaint(number, columns[0], told))
        seen.add(cells)
    return found


def _override_complaints(file: RuleFile, types: set[str], knows: KnowsRecord | None) -> list[str]:
    found = []
    for number, row in enumerate(file.rows):
        if file.lines[number] == 0:
            continue  # a row of the present file, and no part of the proposal
        for column in _NEEDED.get(row["kind"], ()):
            if not row[column]:
                told = f"{row['kind']} needs it; the cell is empty."
                found.append(file.complaint(number, column, told))
        if row["identifier_type"] and row["identifier_type"] not in types:
            told = f"{row['identifier_type']!r} is unknown. Use one of: {', '.join(sorted(types))}."
            found.append(file.complaint(number, "identifier_type", told))
        for columns in (_RECORD, _OTHER):
            record = (row[columns[0]], row[columns[1]], row[columns[2]])
            if knows and all(record) and not knows(record):
                told = (
                    "no extract ever brought this record. Look record_type, source_system and"
                    " record_id up in marts.bridge_identity."
                )
                found.append(file.complaint(number, columns[2], told))
    return found


def _is_readable(cell: str, kind: str) -> bool:
    if kind == "varchar":
        return True
    if kind == "timestamp":
        try:
            datetime.fromisoformat(cell)
        except ValueError:
            return False
        return True
    query = f"select try_cast(? as {kind}) is not null"
    return bool(duckdb.execute(query, [cell]).fetchall()[0][0])
