"""Delivers the same extracts again in another shape: rows shuffled, files split, all twice."""

import csv
import gzip
import io
import random
import shutil
from pathlib import Path

import pyarrow.parquet as pq

N_PARTS = 3


def deliver_twice_shuffled_and_split(extracts: Path, target: Path, seed: int) -> int:
    """Copy `extracts` to `target` and add all rows again, shuffled, in up to 3 files for one.

    Returns the number of files added. Broken records keep their fields; they are refused again.
    """
    shutil.copytree(extracts, target)
    dice = random.Random(seed)
    n_added = 0
    for file in sorted(extracts.rglob("*.*")):
        if not file.is_file():
            continue
        folder = target / file.relative_to(extracts).parent
        suffixes = "".join(file.suffixes)
        if suffixes == ".parquet":
            n_added += _redeliver_parquet(file, folder, dice)
        elif suffixes.startswith((".jsonl", ".ndjson")):
            n_added += _redeliver_lines(file, folder, dice)
        elif suffixes.startswith((".csv", ".tsv", ".txt")):
            n_added += _redeliver_csv(file, folder, dice)
    return n_added


def _text(file: Path) -> str:
    raw = file.read_bytes()
    if file.suffix == ".gz":
        raw = gzip.decompress(raw)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(f"{file} is neither UTF-8 nor GB18030")


def _parts(rows: list, dice: random.Random) -> list[list]:
    shuffled = dice.sample(rows, len(rows))
    return [part for n in range(N_PARTS) if (part := shuffled[n::N_PARTS])]


def _redeliver_csv(file: Path, folder: Path, dice: random.Random) -> int:
    text = _text(file)
    header_line = text.splitlines()[0]
    delimiter = max(",;\t|", key=header_line.count)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    parts = _parts([row for row in rows if row], dice)
    for n, part in enumerate(parts):
        with (folder / f"again-{file.name.split('.')[0]}-{n}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as out:
            csv.writer(out).writerows([header, *part])
    return len(parts)


def _redeliver_lines(file: Path, folder: Path, dice: random.Random) -> int:
    parts = _parts(_text(file).splitlines(), dice)
    for n, part in enumerate(parts):
        path = folder / f"again-{file.name.split('.')[0]}-{n}.jsonl"
        path.write_text("\n".join(part) + "\n", encoding="utf-8")
    return len(parts)


def _redeliver_parquet(file: Path, folder: Path, dice: random.Random) -> int:
    table = pq.read_table(file)
    parts = _parts(list(range(table.num_rows)), dice)
    for n, part in enumerate(parts):
        pq.write_table(table.take(part), folder / f"again-{file.stem}-{n}.parquet")
    return len(parts)
