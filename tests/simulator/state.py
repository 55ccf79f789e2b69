"""State tables: what an object looked like at the end of each delivery period."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence


class StateTable:
    """Rows that change over time, exported as one row per object and period with a change.

    Args:
        columns: the columns to write, in order.
        stamp: name of the column that carries the instant of the last change, if any.
    """

    def __init__(self, columns: Sequence[str], stamp: str | None = None) -> None:
        self.columns = tuple(columns)
        self._stamp = stamp
        self._changes: dict[str, list[tuple[int, dict]]] = {}

    def put(self, key: str, at: int, **values: object) -> None:
        """Set values of an object from an instant on; calls may come in any order of time."""
        self._changes.setdefault(key, []).append((at, values))

    def __len__(self) -> int:
        return len(self._changes)

    def versions(self, period_ends: Sequence[int]) -> Iterator[tuple[int, list]]:
        """Yield (period number, row) for each object and period in which it changed, by key.

        ``period_ends`` are rising instants; a change belongs to the first period that ends at or
        after it, and to none when it lies after the last end.
        """
        for key in sorted(self._changes):
            current: dict = {}
            changes = sorted(self._changes[key], key=lambda change: change[0])
            for position, (at, values) in enumerate(changes):
                period = bisect_left(period_ends, at)
                if period == len(period_ends):
                    break
                current.update(values)
                if self._stamp:
                    current[self._stamp] = at
                last = position + 1 == len(changes) or bisect_left(
                    period_ends, changes[position + 1][0]
                ) != period
                if last:
                    yield period, [current.get(column) for column in self.columns]
