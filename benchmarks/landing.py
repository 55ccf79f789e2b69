"""What landing costs, as a ratio to what nobody can avoid: reading and writing the same file.

    python benchmarks/landing.py [--rows 1000000] [--repeat 3]

Every contender runs in a process of its own. "CPU s" is what the operating system counted for it
(user + system), start-up and imports included; "work s" is without these. The cheapest of the
repeats counts, because other work on the machine only ever adds.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

DAY = "extract_date=2026-07-01"
LEADS = f"crm_leads/{DAY}/leads.csv"
LEADS_PARQUET = f"crm_leads/{DAY}/leads.parquet"
OPPORTUNITIES = f"crm_opportunities/{DAY}/opportunities.parquet"

LEAD_COLUMNS = (
    "lead_id",
    "created_at",
    "status",
    "owner_id",
    "full_name",
    "email",
    "mobile_phone",
    "company_name",
    "lead_source",
    "rating",
)


# --- the files


def lead_rows(rows: int):
    """Leads as a CRM exports them: about 97 bytes, every tenth with quoted commas and quotes."""
    dice = random.Random(20260701)
    surnames, names = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋艳勇杰娟涛"
    companies = [f"{a}{b}科技" for a in ("星河", "云帆", "蓝鲸", "华东") for b in ("软件", "数据")]
    stages = ("新线索", "MQL", "SQL", "已转商机")
    sources = ("百度推广", "SEO", "EDM", "展会", "其他")
    start = datetime(2024, 7, 1)
    for n in range(rows):
        company = dice.choice(companies)
        if n % 10 == 0:
            company = f'{company}, "{n % 97}"'
        yield (
            f"L{n:07d}",
            str(start + timedelta(seconds=dice.randrange(63_072_000)))[:19],
            dice.choice(stages),
            f"u{dice.randrange(60)}",
            dice.choice(surnames) + dice.choice(names),
            f"u{dice.randrange(10**6)}@ex{dice.randrange(500)}.com",
            f"138{dice.randrange(10**8):08d}",
            company,
            dice.choice(sources),
            dice.choice("ABC"),
        )


def write_csv(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LEAD_COLUMNS)
        writer.writerows(lead_rows(rows))


def write_text_parquet(path: Path, rows: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = zip(*lead_rows(rows), strict=True)
    pq.write_table(pa.table(dict(zip(LEAD_COLUMNS, map(pa.array, columns), strict=True))), path)


def write_typed_parquet(path: Path, rows: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    dice = random.Random(20260702)
    start = datetime(2024, 7, 1, tzinfo=UTC)
    created = [start + timedelta(seconds=dice.randrange(63_072_000)) for _ in range(rows)]
    closed = [
        at + timedelta(days=dice.randrange(200)) if dice.random() < 0.4 else None for at in created
    ]
    instant = pa.timestamp("us", "UTC")
    columns = {
        "opportunity_id": [f"O{n:07d}" for n in range(rows)],
        "account_id": [f"A{dice.randrange(rows // 3 + 1):07d}" for _ in range(rows)],
        "stage": [dice.choice(("立项", "投标", "赢单", "输单")) for _ in range(rows)],
        "amount": pa.array(
            [Decimal(dice.randrange(10**9)).scaleb(-2) for _ in range(rows)], pa.decimal128(18, 4)
        ),
        "currency": [dice.choice(("CNY", "USD")) for _ in range(rows)],
        "probability": [dice.random() for _ in range(rows)],
        "created_at": pa.array(created, instant),
        "closed_at": pa.array(closed, instant),
        "is_won": [dice.random() < 0.3 for _ in range(rows)],
        "owner_id": [f"u{dice.randrange(60)}" for _ in range(rows)],
    }
    pq.write_table(pa.table(columns), path)


def write_broken_csv(path: Path, rows: int) -> None:
    """Leads of which every 1000th opens a quote it does not close and every 777th lacks a field."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(LEAD_COLUMNS)
        for n, row in enumerate(lead_rows(rows), start=1):
            if n % 1000 == 0:
                file.write(",".join((*row[:4], f'"{row[4]}', *row[5:7], "x", *row[8:])) + "\r\n")
            elif n % 777 == 0:
                writer.writerow(row[:-1])
            else:
                writer.writerow(row)


WRITERS = {
    function.__name__: function
    for function in (write_csv, write_text_parquet, write_typed_parquet, write_broken_csv)
}


# --- the contenders; each gets a folder that holds the extracts and may be written to, and yields
# --- once between its imports and its work


def duckdb_read_csv(folder: Path) -> Iterator[None]:
    import duckdb

    yield
    (path,) = (folder / "extracts").rglob("*.csv")
    duckdb.execute(f"create table t as select * from read_csv('{path}', all_varchar = true)")


def duckdb_read_csv_to_parquet(folder: Path) -> Iterator[None]:
    import duckdb

    yield
    (path,) = (folder / "extracts").rglob("*.csv")
    source = f"read_csv('{path}', all_varchar = true)"
    duckdb.execute(f"copy (from {source}) to '{folder / 'copy.parquet'}' (compression zstd)")


def landing(folder: Path) -> Iterator[None]:
    from dagster_project.lib.contract import load_contract
    from dagster_project.lib.landing import land
    from dagster_project.lib.settings import Settings

    yield
    settings = Settings(home=folder / "home", extracts=folder / "extracts")
    report = land(settings, load_contract(settings.dbt_dir))
    assert report.problems == []


def pyarrow_copy(folder: Path) -> Iterator[None]:
    import pyarrow.parquet as pq

    yield
    (path,) = (folder / "extracts").rglob("*.parquet")
    # Not read_table: it imports pandas, which would be a cheap way to look good.
    table = pq.ParquetFile(path).read()
    pq.write_table(table, folder / "copy.parquet", compression="zstd")


def duckdb_copy(folder: Path) -> Iterator[None]:
    import duckdb

    yield
    (path,) = (folder / "extracts").rglob("*.parquet")
    source = f"read_parquet('{path}')"
    duckdb.execute(f"copy (from {source}) to '{folder / 'copy.parquet'}' (compression zstd)")


CONTENDERS = {
    function.__name__: function
    for function in (
        duckdb_read_csv,
        duckdb_read_csv_to_parquet,
        pyarrow_copy,
        duckdb_copy,
        landing,
    )
}


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    cpu_seconds: float
    work_seconds: float
    peak_mb: float


def measure(contender: str, extract: Path, file: str, repeat: int) -> Cost:
    """The cheapest of `repeat` runs of a contender on `extract`, delivered as `file`."""
    costs = []
    for _ in range(repeat):
        with tempfile.TemporaryDirectory(dir=extract.parent) as folder:
            target = Path(folder) / "extracts" / file
            target.parent.mkdir(parents=True)
            os.link(extract, target)
            costs.append(_run("--contender", contender, folder))
    return min(costs, key=lambda cost: cost.cpu_seconds)


def _run(*arguments: str) -> Cost:
    """Run this file in a process of its own.

    That process must be all that is heavy: the peak memory of a child counts what its parent held
    when it was started.
    """
    process = subprocess.Popen(
        [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    start_up = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, cpu - float(start_up or 0), usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Comparison:
    """Costs by contender, the yardsticks first and landing last."""

    title: str
    costs: dict[str, Cost]

    def ratio(self, yardstick: str) -> float:
        """CPU of landing over CPU of the yardstick."""
        return self.costs["landing"].cpu_seconds / self.costs[yardstick].cpu_seconds

    def work_ratio(self, yardstick: str) -> float:
        """The same without start-up and imports."""
        return self.costs["landing"].work_seconds / self.costs[yardstick].work_seconds

    def __str__(self) -> str:
        head = f"  {'':28}{'CPU s':>8}{'work s':>8}{'peak MB':>9}   landing / it (CPU, work)"
        lines = [self.title, head]
        for name, cost in self.costs.items():
            line = f"  {name:28}{cost.cpu_seconds:8.2f}{cost.work_seconds:8.2f}{cost.peak_mb:9.0f}"
            if name != "landing":
                line += f"{self.ratio(name):12.2f}{self.work_ratio(name):8.2f}"
            lines.append(line)
        return "\n".join(lines)


@dataclass(frozen=True)
class Case:
    """A file, how it is delivered, and what landing it is compared to."""

    title: str
    writer: str
    file: str
    yardsticks: tuple[str, ...]

    def compare(self, folder: Path, rows: int, repeat: int) -> Comparison:
        """Write the file into `folder` and measure all contenders on it."""
        extract = folder / Path(self.file).name
        _run("--write", self.writer, "--rows", str(rows), str(extract))
        title = f"{self.title}: {rows:,} rows x 10 columns, {extract.stat().st_size / 1e6:.0f} MB"
        names = (*self.yardsticks, "landing")
        return Comparison(
            title, {name: measure(name, extract, self.file, repeat) for name in names}
        )


CASES = {
    "csv": Case("CSV", "write_csv", LEADS, ("duckdb_read_csv", "duckdb_read_csv_to_parquet")),
    "text_parquet": Case(
        "Parquet of text", "write_text_parquet", LEADS_PARQUET, ("pyarrow_copy", "duckdb_copy")
    ),
    "typed_parquet": Case(
        "Parquet with types", "write_typed_parquet", OPPORTUNITIES, ("pyarrow_copy", "duckdb_copy")
    ),
}


def count_lost_rows(folder: Path, rows: int) -> dict[str, dict[str, int]]:
    """Rows of a broken file: loaded, rejected and gone without a word, by reader."""
    import duckdb

    from dagster_project.lib.contract import load_contract
    from dagster_project.lib.landing import land, read_ledger
    from dagster_project.lib.settings import Settings

    settings = Settings(home=folder / "home", extracts=folder / "extracts")
    path = settings.extracts / LEADS
    path.parent.mkdir(parents=True)
    write_broken_csv(path, rows)
    columns = dict.fromkeys(LEAD_COLUMNS, "VARCHAR")
    duckdb.execute(
        f"create table t as from read_csv('{path}', store_rejects = true, auto_detect = false, "
        f"header = true, quote = '\"', escape = '\"', delim = ',', columns = {columns})"
    )
    ((loaded,),) = duckdb.execute("select count(*) from t").fetchall()
    ((rejected,),) = duckdb.execute("select count(distinct line) from reject_errors").fetchall()
    land(settings, load_contract(settings.dbt_dir))
    (entry,) = read_ledger(settings.landing)
    return {
        "duckdb store_rejects": _account(rows, loaded, rejected),
        "landing": _account(rows, entry.rows_landed or 0, entry.rows_rejected or 0),
    }


def _account(rows: int, loaded: int, rejected: int) -> dict[str, int]:
    lost = rows - loaded - rejected
    return {"in file": rows, "loaded": loaded, "rejected": rejected, "lost": lost}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", choices=WRITERS, help=argparse.SUPPRESS)
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("path", nargs="?", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        WRITERS[options.write](options.path, options.rows)
    elif options.contender:
        work = CONTENDERS[options.contender](options.path)
        next(work)
        print(time.process_time())
        next(work, None)
    else:
        with tempfile.TemporaryDirectory() as name:
            for case in CASES.values():
                comparison = case.compare(Path(name), options.rows, options.repeat)
                print(comparison, end="\n\n", flush=True)
            rows = options.rows // 10
            print(f"CSV with stray quotes and ragged rows: {rows:,} rows")
            for reader, account in count_lost_rows(Path(name) / "broken", rows).items():
                print(f"  {reader:22}", *(f"{word} {n:,}" for word, n in account.items()), sep="  ")


if __name__ == "__main__":
    main()
