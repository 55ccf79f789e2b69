"""Intervals of chains and games: do they hold the truth as often as they say?"""

import numpy as np

from dagster_project.lib.attribution.shares import (
    Journeys,
    additive,
    jackknife_errors,
    markov,
    rate,
)

EFFECTS = np.array([0.0, 0.1, 0.25])
EXPOSURE = np.array([0.5, 0.3, 0.2])
N_WORLDS, N_JOURNEYS, N_GROUPS = 150, 1_200, 50


def worlds(n_journeys: int, n_groups: int, dice: np.random.Generator) -> Journeys:
    """World 0 is all of some random journeys of 1 to 3 touches; each other one lacks a group."""
    k = len(EFFECTS)
    length = dice.integers(1, 4, n_journeys)
    touched = dice.choice(k, (n_journeys, 3), p=EXPOSURE)
    is_there = np.arange(3) < length[:, None]
    chance = 0.1 + (EFFECTS[touched] * is_there).sum(axis=1)
    converted = dice.random(n_journeys) < chance
    group = np.arange(n_journeys) % n_groups
    steps = np.zeros((n_groups, k + 1, k + 2))
    np.add.at(steps, (group, 0, touched[:, 0]), 1)
    for place in range(2):
        on = is_there[:, place + 1]
        np.add.at(steps, (group[on], touched[on, place] + 1, touched[on, place + 1]), 1)
    last = touched[np.arange(n_journeys), length - 1]
    np.add.at(steps, (group, last + 1, np.where(converted, k, k + 1)), 1)
    steps[:, np.arange(k) + 1, np.arange(k)] = 0
    channel_set = np.bitwise_or.reduce(np.where(is_there, 1 << touched, 0), axis=1)
    counts = np.zeros((2, n_groups, 2**k))
    np.add.at(counts, (converted.astype(int), group, channel_set), 1)

    def left_out(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values.sum(axis=0)[None], values.sum(axis=0) - values])

    lost, won = (left_out(side)[:, 1:] for side in counts)
    return Journeys(left_out(steps), np.arange(1, 2**k), won, lost)


def shares_of(journeys: Journeys) -> np.ndarray:
    """Shares (worlds, 3 models, channels)."""
    k = len(EFFECTS)
    return np.stack(
        [markov(journeys), additive(journeys), rate(journeys, np.arange(k), np.ones(k))], axis=1
    )


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """D12, D20: 150 worlds against the shares of 600,000 journeys; 95 % intervals, per model."""
    dice = np.random.default_rng(3)
    truth = shares_of(worlds(600_000, 1, dice))[0]
    held = []
    for _ in range(N_WORLDS):
        found = shares_of(worlds(N_JOURNEYS, N_GROUPS, dice))
        held.append(abs(found[0] - truth) <= 1.96 * jackknife_errors(found[1:]))
    coverage = np.mean(held, axis=(0, 2))
    assert ((coverage > 0.91) & (coverage <= 0.99)).all(), coverage


def test_no_interval_where_one_group_holds_all_there_is_to_learn_from() -> None:
    """D20: without the group nothing converts; nothing is said rather than 0."""
    steps = np.array([[[2.0, 0, 0], [0, 1, 1]], [[1, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 1, 0]]])
    won, lost = np.array([[1.0], [0], [1]]), np.array([[1.0], [1], [0]])
    journeys = Journeys(steps, np.array([1]), won, lost)
    for found in (
        markov(journeys),
        additive(journeys),
        rate(journeys, np.array([0]), np.ones(1)),
    ):
        assert np.isnan(jackknife_errors(found[1:])).all()
        assert found[0] == 1
    assert np.isnan(jackknife_errors(np.ones((1, 2)))).all()
