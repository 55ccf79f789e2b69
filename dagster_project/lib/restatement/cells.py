"""Cells of mart_published_cell, and which closed ones are no longer what was published.

Belongs here: reading and comparing. Does not belong here: why they differ (replay.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

TABLE = "mart_published_cell"


@dataclass(frozen=True, order=True)
class Place:
    """Where a figure stands: measure x business month x channel."""

    measure: str
    month: date
    channel: str


@dataclass(frozen=True)
class Cell:
    """A figure: a count, or minor units of `currency`. amount None = it could not be known."""

    amount: int | None
    is_closed: bool
    unit_kind: str
    currency: str | None


Cells = Mapping[Place, Cell]


def read_cells(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[Place, Cell]:
    """All cells of a relation with the columns of mart_published_cell."""
    rows = connection.execute(
        "select measure, business_month, channel, cell_value, is_closed, unit_kind, currency"
        f" from {relation}"
    ).fetchall()
    return {Place(*row[:3]): Cell(*row[3:]) for row in rows}


def restated_places(before: Cells, after: Cells) -> list[Place]:
    """Places whose month was closed then and whose figure is another one now, in order.

    A cell that is gone is 0 now; one that is new in a closed month was 0. A measure that one side
    does not have, or could not know, was not published there, so nothing of it is restated.
    """
    closed: dict[str, date] = {}
    for place, cell in before.items():
        if cell.is_closed and cell.amount is not None:
            closed[place.measure] = max(closed.get(place.measure, place.month), place.month)
    measures = {place.measure for place, cell in after.items() if cell.amount is not None}
    return sorted(
        place
        for place in before.keys() | after.keys()
        if place.measure in measures
        and place.measure in closed
        and place.month <= closed[place.measure]
        and value(before, place) != value(after, place)
    )


def value(cells: Cells, place: Place) -> int:
    """The figure at a place, 0 when there is none."""
    cell = cells.get(place)
    return (cell.amount if cell else None) or 0


def values(cells: Cells, places: Iterable[Place]) -> dict[Place, int]:
    """The figures at some places."""
    return {place: value(cells, place) for place in places}
