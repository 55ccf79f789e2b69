"""A folder of deliveries and a landing folder in a temporary place, for the tests of landing."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from dagster_project.lib.contract import Contract, Table, read_contract
from dagster_project.lib.landing import Entry, LandingReport, land, read_ledger
from dagster_project.lib.landing.columns import META_COLUMNS
from dagster_project.lib.landing.reader_csv import CsvReader
from dagster_project.lib.settings import Settings

SOURCES = """
version: 2
sources:
  - name: crm
    tables:
      - name: people
        config: {meta: {kind: state, key: [id], encodings: [gb18030, cp1252]}}
        columns:
          - {name: id, data_type: string, config: {meta: {key: true, required: true}}}
          - {name: name, data_type: string, config: {meta: {pii: true}}}
          - {name: note, data_type: string}
      - name: visits
        config: {meta: {kind: event, key: [id]}}
        columns:
          - {name: id, data_type: string, config: {meta: {key: true, required: true}}}
          - {name: at, data_type: timestamp, config: {meta: {required: true}}}
          - {name: amount, data_type: "decimal(18,4)"}
          - {name: is_new, data_type: boolean}
          - {name: tags, data_type: string}
"""
DAY = "extract_date=2026-07-01"
HEADER = b"id,name,note\n"


@dataclass(frozen=True)
class Site:
    """`deliver` files, `land` them, look at the result."""

    settings: Settings
    contract: Contract

    @classmethod
    def at(cls, folder: Path, sources: str = SOURCES) -> "Site":
        settings = Settings(home=folder / "home", extracts=folder / "extracts")
        settings.extracts.mkdir(parents=True)
        return cls(settings, contract_of(sources, folder))

    def deliver(self, content: bytes, file: str = f"people/{DAY}/a.csv") -> Path:
        path = self.settings.extracts / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content, mtime=0) if file.endswith(".gz") else content)
        return path

    def land(self, **options: Any) -> LandingReport:
        return land(self.settings, self.contract, **options)

    def land_one(self, content: bytes, file: str = f"people/{DAY}/a.csv") -> Entry:
        """Deliver and land one file; its entry."""
        self.deliver(content, file)
        self.land()
        return self.entry(file)

    def entries(self) -> list[Entry]:
        return read_ledger(self.settings.landing)

    def entry(self, file: str = f"people/{DAY}/a.csv") -> Entry:
        (entry,) = (entry for entry in self.entries() if entry.file == file)
        return entry

    def rows(self, table: str = "people") -> list[dict[str, Any]]:
        """Landed rows with their meta columns, in order of file and row."""
        rows = []
        for path in (self.settings.landing / table).glob("[!_]*.parquet"):
            rows += pq.ParquetFile(path).read().to_pylist()
        return sorted(rows, key=lambda row: (row["_file"], row["_row_number"]))

    def cells(self, table: str = "people", *names: str) -> list[tuple]:
        """Values of columns (default: all declared), in order of file and row."""
        names = names or self.contract[table].column_names
        return [tuple(row.get(name) for name in names) for row in self.rows(table)]

    def rejects(self) -> list[dict[str, Any]]:
        rows = []
        for path in (self.settings.landing / "_rejects").glob("*.parquet"):
            rows += pq.ParquetFile(path).read().to_pylist()
        return sorted(rows, key=lambda row: (row["file"], row["row_number"] or 0))

    def state(self) -> dict[str, Any]:
        """All that must not depend on how the deliveries came about."""
        return {
            "rows": {t: self.rows(t) for t in self.contract.tables},
            "rejects": self.rejects(),
            "ledger": [{**vars(entry), "landed_at": None} for entry in self.entries()],
            "files": sorted(
                path.relative_to(self.settings.landing).as_posix()
                for path in self.settings.landing.rglob("*.parquet")
                if path.name != "_index.parquet"
            ),
        }


def contract_of(sources: str, folder: Path) -> Contract:
    path = folder / "_crm__sources.yml"
    path.write_text(sources, encoding="utf-8")
    return read_contract([path])


def parse(content: bytes, table: Table, block: int = 1 << 20) -> tuple[list, list]:
    """(landed [(line, *cells)], rejected [(line, reason, raw text)]) of a CSV file."""
    blocks = (content[at : at + block] for at in range(0, len(content), block))
    reader = CsvReader(blocks, table)
    landed, rejected = [], []
    for chunk in reader.chunks():
        if chunk.rows:
            cells = [chunk.columns[name].to_pylist() for name in reader.columns]
            landed += zip(chunk.row_numbers.tolist(), *cells, strict=True)
        rejected += [(r.row_number, r.reason, r.raw_text) for r in chunk.rejects]
    return landed, rejected


__all__ = ["DAY", "HEADER", "META_COLUMNS", "SOURCES", "Site", "contract_of", "parse"]
