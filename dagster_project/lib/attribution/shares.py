"""Shares of channels by a Markov chain and by both Shapley games, one row per world.

The SQL models int_attribution__removal_effects, __shapley_additive and __shapley_rate state the
same figures for one world; solving for a hundred of them is what arrays are for.
"""

from dataclasses import dataclass
from math import comb

import numpy as np


@dataclass(frozen=True)
class Journeys:
    """Ended journeys of worlds, as counts (worlds, …); K channels.

    transitions: (worlds, K + 1, K + 2) from the start (row 0) and the channels to the channels, to
    a conversion (column K) and to the other outcome (column K + 1). sets: (sets,), the channels as
    bits; converted and lost: (worlds, sets), journeys that touched exactly these.
    """

    transitions: np.ndarray
    sets: np.ndarray
    converted: np.ndarray
    lost: np.ndarray

    @property
    def n_channels(self) -> int:
        """K."""
        return self.transitions.shape[1] - 1


def markov(journeys: Journeys) -> np.ndarray:
    """Removal effects (worlds, K) as shares of their sum; NaN where nothing converts.

    One inverse for all channels: what is lost without c is the chance of ever coming to c times
    the chance to convert from there, over the whole (Kemeny & Snell 1960, ch. 3).
    """
    k = journeys.n_channels
    counts = journeys.transitions.astype(float)
    steps = _ratio(counts, counts.sum(axis=2, keepdims=True))
    within = np.zeros((len(counts), k + 1, k + 1))
    within[:, :, 1:] = steps[:, :, :k]
    visits = np.linalg.inv(np.eye(k + 1) - within)
    arrival = (visits @ steps[:, :, k, None])[..., 0]
    own = np.diagonal(visits, axis1=1, axis2=2)
    effects = visits[:, 0, 1:] / own[:, 1:] * _ratio(arrival[:, 1:], arrival[:, :1])
    return _shares(effects)


def additive(journeys: Journeys) -> np.ndarray:
    """Conversions shared equally by the channels they touched: shares (worlds, K)."""
    members = _members(journeys.sets, journeys.n_channels)
    return _shares(journeys.converted @ _ratio(members, members.sum(axis=1, keepdims=True)))


def rate(journeys: Journeys, players: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Shapley values of the conversion rate, negative ones as 0: shares (worlds, K).

    players: (K,) the player each channel is; those that are one player share its value by weights
    (K,), equally where all of theirs are 0. Exact over 2^players coalitions.
    """
    n = int(players.max()) + 1
    values = np.empty((len(journeys.converted), n))
    coalitions = _coalitions(journeys.sets, players)
    for world, (converted, lost) in enumerate(zip(journeys.converted, journeys.lost, strict=True)):
        won = _subset_sums(np.bincount(coalitions, converted, 2**n), n)
        ended = won + _subset_sums(np.bincount(coalitions, lost, 2**n), n)
        values[world] = _shapley(_ratio(won, ended), n)
    totals = np.bincount(players, weights, n)[players]
    sizes = np.bincount(players, minlength=n)[players]
    own = np.where(totals > 0, _ratio(weights, totals), 1 / sizes)
    return _shares(np.maximum(values[:, players] * own, 0))


def jackknife_errors(left_out: np.ndarray) -> np.ndarray:
    """Standard errors (…) of figures made anew without each group in turn (groups, …).

    Delete-a-group jackknife (Kott 2001); NaN where a figure cannot be made without some group.
    """
    n = len(left_out)
    if n < 2:
        return np.full(left_out.shape[1:], np.nan)
    return np.sqrt((n - 1) / n * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))


def _coalitions(sets: np.ndarray, players: np.ndarray) -> np.ndarray:
    coalition = np.zeros(len(sets), dtype=np.int64)
    for channel, player in enumerate(players):
        coalition |= ((sets >> channel) & 1) << int(player)
    return coalition


def _subset_sums(values: np.ndarray, n: int) -> np.ndarray:
    """Sums over all subsets of every set (F. Yates 1937), bit by bit."""
    for player in range(n):
        halves = values.reshape(-1, 2, 2**player)
        halves[:, 1] += halves[:, 0]
    return values


def _shapley(worth: np.ndarray, n: int) -> np.ndarray:
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(n):
        sizes = np.concatenate([sizes, sizes + 1])
    by_size = np.array([1 / (n * comb(n - 1, size)) for size in range(n)])
    weight = by_size[np.minimum(sizes, n - 1)]
    values = np.empty(n)
    for player in range(n):
        without, with_player = worth.reshape(-1, 2, 2**player).swapaxes(0, 1)
        values[player] = (weight.reshape(-1, 2, 2**player)[:, 0] * (with_player - without)).sum()
    return values


def _members(sets: np.ndarray, n_channels: int) -> np.ndarray:
    return (sets[:, None] >> np.arange(n_channels) & 1).astype(float)


def _shares(values: np.ndarray) -> np.ndarray:
    total = values.sum(axis=-1, keepdims=True)
    return np.where(total > 0, _ratio(values, total), np.nan)


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """0 where the denominator is 0."""
    return np.divide(
        numerator,
        denominator,
        out=np.zeros(np.broadcast_shapes(numerator.shape, denominator.shape)),
        where=denominator != 0,
    )
