"""Half-open periods of knowledge, and what is live in each.

Belongs here: intervals of instants. Does not belong here: what the things are that live in them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

Period = tuple[datetime, datetime | None]


class Lasting(Protocol):
    """Something that lasts from `since` until before `until`; None = still."""

    @property
    def since(self) -> datetime:
        """First instant."""

    @property
    def until(self) -> datetime | None:
        """First instant no more, None for ever."""


class LongestPeriods:
    """Periods per key, put together from consecutive pieces that touch."""

    def __init__(self) -> None:
        self._of: dict[tuple, list[Period]] = {}

    def add(self, key: tuple, since: datetime, until: datetime | None) -> None:
        """Take one more piece; pieces of a key come in order, the same one perhaps twice."""
        periods = self._of.setdefault(key, [])
        if periods and periods[-1][1] == since:
            periods[-1] = (periods[-1][0], until)
        elif not periods or periods[-1][0] != since:
            periods.append((since, until))

    def __iter__(self) -> Iterator[tuple[tuple, Period]]:
        """Yields every period of every key, keys in the order of their first piece."""
        for key, periods in self._of.items():
            for period in periods:
                yield key, period


T = TypeVar("T", bound=Lasting)


def live_sets(things: Iterable[T]) -> Iterator[tuple[datetime, datetime | None, list[T]]]:
    """Yields (since, until, the things live in between) for every period with something live.

    Within a period nothing begins or ends. The order of `things` is kept in every list.
    """
    things = list(things)
    instants = sorted(
        {thing.since for thing in things}
        | {thing.until for thing in things if thing.until is not None}
    )
    for since, until in zip(instants, [*instants[1:], None], strict=True):
        live = [
            thing
            for thing in things
            if thing.since <= since and (thing.until is None or since < thing.until)
        ]
        if live:
            yield since, until, live
