"""Records: what the systems hold, one per row of bridge_identity, with the truth about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.identity_world.entry import Value

START = datetime(2024, 7, 1)
#: End of each delivery, counted in days since START; rows after the last one do not exist.
DELIVERY_DAYS = (92, 184, 274, 365, 457, 549, 639, 730)


def instant(day: float) -> datetime:
    """Local time of a moment of the window, to the second."""
    return START + timedelta(seconds=int(day * 86_400))


def text(at: datetime) -> str:
    """A moment as an export writes it: local time, no offset."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def utc_text(at: datetime) -> str:
    """A local moment as the warehouse writes it: UTC (Shanghai has no summer time)."""
    return text(at - timedelta(hours=8))


def extract_date(delivery: int) -> str:
    """The date of a delivery."""
    return (START + timedelta(days=DELIVERY_DAYS[delivery] - 1)).strftime("%Y-%m-%d")


@dataclass(slots=True)
class Record:
    """One record and its truth.

    person        true person, 0 when the record stands for nobody in particular
    company       true company at that time, 0 when unknown
    values        the identifiers on it, in the version that counts in the end
    company_values  what on it tells the company, right or not
    """

    record_type: str
    source_system: str
    record_id: str
    person: int
    company: int = 0
    values: list[Value] = field(default_factory=list)
    company_values: list[Value] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.record_type, self.source_system, self.record_id


@dataclass(slots=True)
class Row:
    """One row of an extract and the number of the delivery that brings it."""

    table: str
    source_system: str
    delivery: int
    cells: dict[str, str]


class Book:
    """All records and rows of a world."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str, str], Record] = {}
        self.rows: list[Row] = []

    def add(self, record: Record) -> Record:
        """Keep a record; one that is there gets the new identifiers."""
        known = self.records.setdefault(record.key, record)
        if known is not record:
            known.values.extend(value for value in record.values if value not in known.values)
            if known.person != record.person:
                known.person = 0
        return known

    def row(self, table: str, system: str, delivery: int, **cells: str) -> Row:
        row = Row(table, system, delivery, cells)
        self.rows.append(row)
        return row


def delivery_of(day: float) -> int:
    """The first delivery after a moment."""
    return next(number for number, end in enumerate(DELIVERY_DAYS) if day < end)
