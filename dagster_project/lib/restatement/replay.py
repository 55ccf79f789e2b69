"""From what was published to what is built now, one cause after the other (D13).

The first step puts what was delivered and ruled then through the code of now; each further one adds
the rules and the rows of one cause. The difference of two neighbours is what the cause did, so the
differences of a figure add up to its change exactly, and the order is part of the definition.
Belongs here: which steps there are, and the arithmetic. Does not belong here: building (builder.py)
and what a row says to its readers (ledger.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dagster_project.lib.restatement.causes import (
    CODE,
    ERASURE,
    UNEXPLAINED,
    Causes,
    changed_rules,
)
from dagster_project.lib.restatement.cells import Cells, Place, values
from dagster_project.lib.restatement.inputs import Inputs


class StepFailed(Exception):
    """What a step is made of can't be built."""


@dataclass(frozen=True)
class Step:
    """One build of the replay.

    causes: what has been added to the state of then, the last one by this step; rules: texts of all
    seeds, by path below seeds/; clock: day that "now" is the end of, None = that of then; joined:
    an earlier cause that can't be told apart from it.
    """

    causes: tuple[str, ...]
    rules: Mapping[str, str]
    clock: date | None
    joined: tuple[str, ...] = ()

    @property
    def cause(self) -> str:
        """What this step adds."""
        return self.causes[-1]


@dataclass(frozen=True)
class Change:
    """What one cause did to one figure. covers: all causes that could not be told apart."""

    place: Place
    cause: str
    covers: tuple[str, ...]
    before: int
    after: int

    @property
    def delta(self) -> int:
        """after - before, never 0."""
        return self.after - self.before


Build = Callable[[Step], Cells]


def planned(then: Inputs, now: Inputs, delivered: set[str], causes: Causes) -> list[Step]:
    """The steps that can change anything, in order; the last one is the state of now.

    delivered: causes that rows delivered since have. Without any difference of inputs there is one
    step, code: then something calculates otherwise that no fingerprint covers. Where files of then
    were taken out of the landing, nothing can be built with them any more: erasure comes first, and
    is one with the code when that changed too.
    """
    changed = changed_rules(then.rules, now.rules, then.newest_extract, now.newest_extract)
    active = {causes.of_rule(path) for path in changed} | delivered
    order, joined = causes.order, ()
    if is_purged := not then.keys <= now.keys:
        order = (CODE, ERASURE, *(cause for cause in order if cause not in (CODE, ERASURE)))
        active.add(ERASURE)
        joined = (CODE,) if then.code != now.code else ()
    elif then.code != now.code or not active:
        active.add(CODE)
    steps: list[Step] = []
    added: list[str] = []
    for cause in order:
        added.append(cause)
        if cause not in active:
            continue
        old = {path: then.rules[path] for path in changed if causes.of_rule(path) not in added}
        is_first = cause == (ERASURE if is_purged else CODE)
        clock = None if is_first else now.newest_extract
        rules = {**now.rules, **old}
        steps.append(Step(tuple(added), rules, clock, joined if is_first else ()))
    return steps


def replayed(
    steps: Sequence[Step], then: Cells, now: Cells, places: Sequence[Place], build: Build
) -> list[Change]:
    """Changes of the figures at `places`, by place and then in the order of the steps.

    Seeds of then that the code of now can't read make the step `code` fail: it is then one with the
    step after it, under its name. What no step brought about is `unexplained`. Raises StepFailed.
    """
    figures = values(then, places)
    changes: list[Change] = []
    waiting: tuple[str, ...] = ()
    for number, step in enumerate(steps):
        covers = (*waiting, *step.joined, step.cause)
        try:
            built = build(step)
        except StepFailed:
            if covers[0] != CODE or number == len(steps) - 1:
                raise
            waiting = covers
            continue
        waiting = ()
        after = values(built, places)
        changes += _differences(figures, after, covers)
        figures = after
    changes += _differences(figures, values(now, places), (UNEXPLAINED,))
    rank = {place: number for number, place in enumerate(places)}
    return sorted(changes, key=lambda change: rank[change.place])


def _differences(
    before: Mapping[Place, int], after: Mapping[Place, int], covers: tuple[str, ...]
) -> list[Change]:
    return [
        Change(place, covers[0], covers, figure, after[place])
        for place, figure in before.items()
        if after[place] != figure
    ]
