"""Attribution by hand: loops over one journey at a time, in exact fractions.

Shares no code with the models, reads no rule file, and knows no cumulative shares but for the one
sentence that makes cents of them: what is rounded is the share of everybody up to here.
"""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import factorial

import numpy as np

HALF_LIFE_S = 7 * 86_400


@dataclass(frozen=True)
class Touch:
    """One touch: its number breaks ties of time."""

    touched_at: datetime
    number: int
    channel: str


def weights_of(
    touches: list[Touch], lead_at: datetime | None, opportunity_at: datetime | None
) -> dict[str, list[Fraction]]:
    """Weights of the touches of a journey, in the order given (which must be that of time)."""
    n = len(touches)
    last = n - 1
    kept = [i for i, touch in enumerate(touches) if touch.channel != "direct"]
    lead = _last_up_to(touches, lead_at)
    opportunity = _last_up_to(touches, opportunity_at)
    ages = [(touches[-1].touched_at - touch.touched_at).total_seconds() for touch in touches]
    decay = [Fraction(2.0 ** (-age / HALF_LIFE_S)) for age in ages]
    return {
        "first_touch": _anchored(n, {0: Fraction(1)}, Fraction(0)),
        "last_touch": _anchored(n, {last: Fraction(1)}, Fraction(0)),
        "last_non_direct": _anchored(n, {kept[-1] if kept else last: Fraction(1)}, Fraction(0)),
        "linear": [Fraction(1, n)] * n,
        "time_decay": [weight / sum(decay) for weight in decay],
        "u_shape": _anchored(n, _added((0, last), Fraction(2, 5)), Fraction(1, 5)),
        "w_shape": _anchored(n, _added((0, lead, opportunity), Fraction(3, 10)), Fraction(1, 10)),
        "full_path": _anchored(
            n, _added((0, lead, opportunity, last), Fraction(9, 40)), Fraction(1, 10)
        ),
    }


def parts_of(amount: int, weights: list[Fraction]) -> list[int]:
    """Whole cents of each weight: differences of the rounded sums so far; they add up."""
    so_far, before, parts = Fraction(0), 0, []
    for weight in weights:
        so_far += weight
        rounded = _half_away_from_zero(amount * so_far)
        parts.append(rounded - before)
        before = rounded
    return parts


def _last_up_to(touches: list[Touch], instant: datetime | None) -> int:
    found = 0
    for i, touch in enumerate(touches):
        if instant is not None and touch.touched_at <= instant:
            found = i
    return found


def _added(places: tuple[int, ...], weight: Fraction) -> dict[int, Fraction]:
    anchors: dict[int, Fraction] = {}
    for place in places:
        anchors[place] = anchors.get(place, Fraction(0)) + weight
    return anchors


def _anchored(n: int, anchors: dict[int, Fraction], others: Fraction) -> list[Fraction]:
    raw = [anchors.get(i, Fraction(0)) for i in range(n)]
    free = [i for i in range(n) if i not in anchors]
    for i in free:
        raw[i] += others / len(free)
    return [weight / sum(raw) for weight in raw]


def _half_away_from_zero(value: Fraction) -> int:
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def removal_effects(paths: list[tuple[list[str], bool]]) -> tuple[dict[str, float], float]:
    """Loss of each channel in a first-order chain, and its probability of conversion.

    paths are (channels in order, converted). The chain is solved anew without each channel, as a
    system of linear equations; whoever would have gone to the channel is lost.
    """
    names = sorted({channel for path, _ in paths for channel in path})
    counts = {name: Counter() for name in ("start", *names)}
    for path, converted in paths:
        states = ["start", *path, "won" if converted else "lost"]
        for here, there in itertools.pairwise(states):
            counts[here][there] += 1
    whole = _arrival(counts, ["start", *names])
    without = {
        name: _arrival(counts, ["start", *(other for other in names if other != name)])
        for name in names
    }
    return {name: 1 - value / whole for name, value in without.items()}, whole


def _arrival(counts: dict[str, Counter], states: list[str]) -> float:
    matrix, target = np.eye(len(states)), np.zeros(len(states))
    for i, here in enumerate(states):
        total = sum(counts[here].values())
        target[i] = counts[here]["won"] / total
        for j, there in enumerate(states):
            matrix[i, j] -= counts[here][there] / total
    return float(np.linalg.solve(matrix, target)[0])


def shapley_values(players: list[str], worth: Callable[[frozenset[str]], float]) -> dict:
    """Shapley values straight from the definition: a sum over all 2^K coalitions per player."""
    values = {}
    for player in players:
        others = [other for other in players if other != player]
        values[player] = sum(
            Fraction(factorial(size) * factorial(len(others) - size), factorial(len(players)))
            * (Fraction(worth(frozenset((*some, player)))) - Fraction(worth(frozenset(some))))
            for size in range(len(players))
            for some in itertools.combinations(others, size)
        )
    return values
