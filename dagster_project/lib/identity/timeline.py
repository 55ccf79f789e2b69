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
