"""State tables: what an object looked like at the end of each delivery period."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence


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

    def versions(
        self, period_ends: Sequence[int], full: Collection[int] = frozenset()
    ) -> Iterator[tuple[int, list]]:
        """Yield (period number, row) for each object and period in which it changed, by key.

        ``period_ends`` are rising instants; a change belongs to the first period that ends at or
        after it, and to none when it lies after the last end. In the ``full`` periods every object
        that exists is delivered, changed or not.
        """
        for key in sorted(self._changes):
            by_period: dict[int, list[tuple[int, dict]]] = {}
            for change in sorted(self._changes[key], key=lambda change: change[0]):
                by_period.setdefault(bisect_left(period_ends, change[0]), []).append(change)
            current: dict = {}
            first = min(by_period)
            for period in sorted({*by_period, *(p for p in full if p > first)}):
                if period == len(period_ends):
                    break
                for at, values in by_period.get(period, ()):
                    current.update(values)
                    if self._stamp:
                        current[self._stamp] = at
                yield period, [current.get(column) for column in self.columns]
