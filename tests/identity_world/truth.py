"""The truth of a world, read back from its files.

truth/records.csv           one row per record: whose it is ('' = nobody's in particular), and
                            which company it is about
truth/identifiers.csv       one row per identifier on a record: as written, canonical, and whether
                            it is clean: right, and the very person's own
truth/company_evidence.csv  the same of what tells the company: its name, domain, switchboard,
                            code and accounts
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Key = tuple[str, str, str]  # record_type, source_system, record_id


@dataclass(frozen=True, slots=True)
class Planted:
    """One identifier on the record at `place`."""

    place: int
    kind: str
    raw: str
    canonical: str
    is_clean: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """Parallel lists over the records of a world, and the identifiers planted on them."""

    keys: list[Key]
    persons: list[str]
    companies: list[str]
    identifiers: list[Planted]
    company_evidence: list[Planted]

    @property
    def with_person(self) -> list[int]:
        """Places of the records that are some person's."""
        return [place for place, person in enumerate(self.persons) if person]

    @property
    def with_company(self) -> list[int]:
        """Places of the records that tell which company they are about, right or not."""
        return sorted({planted.place for planted in self.company_evidence})


def read_truth(folder: Path) -> Truth:
    """Read what `write_truth` wrote."""
    rows = [*_rows(folder / "records.csv")]
    keys = [_key(row) for row in rows]
    places = {key: place for place, key in enumerate(keys)}

    def planted(name: str) -> list[Planted]:
        return [
            Planted(
                places[_key(row)], row["kind"], row["raw"], row["canonical"], row["is_clean"] == "1"
            )
            for row in _rows(folder / name)
        ]

    return Truth(
        keys=keys,
        persons=[row["person"] for row in rows],
        companies=[row["company"] for row in rows],
        identifiers=planted("identifiers.csv"),
        company_evidence=planted("company_evidence.csv"),
    )


def _key(row: dict[str, str]) -> Key:
    return row["record_type"], row["source_system"], row["record_id"]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
