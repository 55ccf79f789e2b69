"""Which files were delivered, and what their paths say about them.

`<extracts>/<table>/[source_system=<name>/]extract_date=YYYY-MM-DD/<anything>.<suffix>`. Folders in
between that say nothing we know are allowed. Hidden files, names that begin with `_`, `*.tmp` and
symbolic links are not deliveries.
"""

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dagster_project.lib.contract import Contract

FORMATS = {
    ".csv": "csv",
    ".csv.gz": "csv",
    ".tsv": "csv",
    ".tsv.gz": "csv",
    ".txt": "csv",
    ".txt.gz": "csv",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".ndjson": "jsonl",
    ".ndjson.gz": "jsonl",
    ".parquet": "parquet",
}


@dataclass(frozen=True)
class Delivery:
    """A delivered file, judged by its path alone.

    file            path relative to the folder of extracts, with `/`
    table           name of the first folder; "" for a file beside the folders
    format          csv | jsonl | parquet; None: unknown suffix
    extract_date    None: the path does not say, or not in this form
    source_system   None: the path does not say
    problem         why the file cannot be landed, and the remedy; None: it can
    known           whether the table is declared and the suffix known
    """

    file: str
    table: str
    format: str | None = None
    extract_date: date | None = None
    source_system: str | None = None
    problem: str | None = None
    known: bool = True


def discover(extracts: Path, contract: Contract) -> list[Delivery]:
    """Every delivered file, in an order that only paths decide: extract date, then path."""
    deliveries = [_judge(file, contract) for file in _files(extracts, "")]
    return sorted(deliveries, key=lambda d: (d.extract_date or date.min, d.file))


def _files(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith((".", "_")) or name.endswith(".tmp") or entry.is_symlink():
                continue
            if entry.is_dir():
                yield from _files(folder / name, f"{prefix}{name}/")
            elif entry.is_file():
                yield prefix + name


def _judge(file: str, contract: Contract) -> Delivery:
    *folders, name = file.split("/")
    if not folders:
        problem = "files belong into a folder named like their table"
        return Delivery(file, table="", problem=problem, known=False)
    table, *levels = folders
    if table not in contract.tables:
        near = difflib.get_close_matches(table, contract.tables, n=1)
        problem = f"no table {table} is declared" + (f"; did you mean {near[0]}?" if near else "")
        return Delivery(file, table, problem=problem, known=False)
    lowered = name.lower()
    format_ = next((f for suffix, f in FORMATS.items() if lowered.endswith(suffix)), None)
    if format_ is None:
        problem = f"unknown kind of file; deliver one of {' '.join(FORMATS)}"
        return Delivery(file, table, problem=problem, known=False)
    said = [level.partition("=") for level in levels if "=" in level]
    dates = [value for key, _, value in said if key == "extract_date"]
    systems = [value for key, _, value in said if key == "source_system" and value]
    extract_date = _iso_date(dates[0]) if len(dates) == 1 else None
    problem = None
    if extract_date is None:
        problem = (
            "the path does not say when the file was extracted; move it to "
            f"{table}/extract_date=YYYY-MM-DD/"
        )
    system = systems[0] if systems else None
    return Delivery(file, table, format_, extract_date, system, problem)


def _iso_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
