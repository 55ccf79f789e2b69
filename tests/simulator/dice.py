"""Random numbers: one PCG64 stream per subject, so that a change in one leaves the others alone."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")

_BLOCK = 1 << 14


def generator(seed: int, subject: str) -> np.random.Generator:
    """Return the PCG64 generator of one subject (any text) under the world's seed."""
    return np.random.Generator(np.random.PCG64([seed, *subject.encode()]))


class Weighted(Generic[T]):
    """Values with weights, prepared once for :meth:`Dice.weighted`."""

    def __init__(self, weights: dict[T, float]) -> None:
        self.values = list(weights)
        total = sum(weights.values())
        self.cumulative = [w / total for w in accumulate(weights.values())]


class Dice:
    """Scalar draws for plain Python loops: numbers are drawn in blocks, which is much faster."""

    def __init__(self, seed: int, subject: str) -> None:
        self._generator = generator(seed, subject)
        self._uniform: list[float] = []
        self._normal: list[float] = []

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        if not self._uniform:
            self._uniform = self._generator.random(_BLOCK).tolist()
        return self._uniform.pop()

    def normal(self) -> float:
        """Return a standard normal number."""
        if not self._normal:
            self._normal = self._generator.standard_normal(_BLOCK).tolist()
        return self._normal.pop()

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """Return an integer in [low, high], both ends included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """Return one of the values, all equally likely."""
        return values[int(self.uniform() * len(values))]

    def weighted(self, values: Weighted[T]) -> T:
        """Return one of the values with the probability of its weight."""
        index = bisect_right(values.cumulative, self.uniform())
        return values.values[min(index, len(values.values) - 1)]

    def lognormal(self, median: float, sigma: float) -> float:
        """Return a log-normal number with the given median."""
        return median * math.exp(sigma * self.normal())

    def exponential(self, mean: float) -> float:
        """Return an exponential number with the given mean."""
        return -mean * math.log(1.0 - self.uniform())

    def poisson(self, mean: float) -> int:
        """Return a Poisson count (for small means)."""
        limit, count, product = math.exp(-mean), 0, self.uniform()
        while product > limit:
            count += 1
            product *= self.uniform()
        return count

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """Return the values in random order."""
        order = sorted((self.uniform(), place) for place in range(len(values)))
        return [values[place] for _, place in order]
