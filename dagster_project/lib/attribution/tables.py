"""Between DuckDB and the estimators: rows in, an Arrow table out, for the dbt Python model."""

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyRelation

from dagster_project.lib.attribution import shares

MODELS = ("markov", "shapley_additive", "shapley_rate")
UNATTRIBUTED = "(unattributed)"
_DIGITS = 9
_ERRORS = pa.schema(
    [
        ("attribution_model", pa.string()),
        ("channel", pa.string()),
        ("credit_share", pa.float64()),
        ("standard_error", pa.float64()),
    ]
)


def share_errors(
    group_transitions: DuckDBPyRelation,
    group_sets: DuckDBPyRelation,
    channel_bits: DuckDBPyRelation,
    players: DuckDBPyRelation,
) -> pa.Table:
    """Credit per conversion of every channel by chain and games, with its standard error.

    One row per model and channel, (unattributed) included; every figure is made anew without each
    group of journeys in turn. NULL where some group holds all there is to learn from.
    """
    bits = sorted(channel_bits.project("channel_bit, channel").fetchall())
    channels = [channel for _, channel in bits]
    sets = group_sets.project(
        "journey_group, channel_set, n_converted, n_not_converted"
    ).fetchnumpy()
    groups = np.unique(sets["journey_group"])
    if not channels:
        return _ERRORS.empty_table()
    # World 0 is everything; each other one is without one group.
    converted, lost = (
        _without_each(sets, groups, name) for name in ("n_converted", "n_not_converted")
    )
    steps = group_transitions.fetchnumpy()
    states = [*channels, "converted", "not_converted"]
    journeys = shares.Journeys(
        _left_out(_step_counts(steps, groups, states)),
        np.unique(sets["channel_set"])[_has_touch(sets)],
        converted[:, _has_touch(sets)],
        lost[:, _has_touch(sets)],
    )
    ranks = dict(players.project("channel, player_bit").fetchall())
    credit = dict(players.project("channel, credit_micro").fetchall())
    found = (
        shares.markov(journeys),
        shares.additive(journeys),
        shares.rate(
            journeys,
            np.array([int(ranks[channel]).bit_length() - 1 for channel in channels]),
            np.array([float(credit[channel]) for channel in channels]),
        ),
    )
    n_converted = converted.sum(axis=1)
    touched = journeys.converted.sum(axis=1) / np.where(n_converted > 0, n_converted, np.nan)
    per_conversion = np.stack(
        [np.column_stack([values * touched[:, None], 1 - touched]) for values in found], axis=1
    )
    names = [(model, channel) for model in MODELS for channel in (*channels, UNATTRIBUTED)]
    return pa.table(
        [
            [model for model, _ in names],
            [channel for _, channel in names],
            _rounded(per_conversion[0].ravel()),
            _rounded(shares.jackknife_errors(per_conversion[1:]).ravel()),
        ],
        schema=_ERRORS,
    )


def _has_touch(sets: dict[str, np.ndarray]) -> np.ndarray:
    return np.unique(sets["channel_set"]) > 0


def _without_each(sets: dict[str, np.ndarray], groups: np.ndarray, column: str) -> np.ndarray:
    """Counts (worlds, sets) of a column of group_sets."""
    kinds, kind = np.unique(sets["channel_set"], return_inverse=True)
    counts = np.zeros((len(groups), len(kinds)))
    np.add.at(counts, (np.searchsorted(groups, sets["journey_group"]), kind), sets[column])
    return _left_out(counts)


def _step_counts(steps: dict[str, np.ndarray], groups: np.ndarray, states: list[str]) -> np.ndarray:
    """Transitions (groups, K + 1, K + 2) between states, the start first among the rows."""
    number = {state: place for place, state in enumerate(states)}
    counts = np.zeros((len(groups), len(states) - 1, len(states)))
    here = [number.get(state, -1) + 1 for state in steps["from_state"]]
    there = [number[state] for state in steps["to_state"]]
    group = np.searchsorted(groups, steps["journey_group"])
    np.add.at(counts, (group, here, there), steps["n_transitions"])
    return counts


def _left_out(counts: np.ndarray) -> np.ndarray:
    """The whole, and then the whole without each group: (1 + groups, …)."""
    whole = counts.sum(axis=0, keepdims=True)
    return np.concatenate([whole, whole - counts])


def _rounded(values: np.ndarray) -> pa.Array:
    """The last bits of a sum must not show; NaN is NULL."""
    return pa.array(values.round(_DIGITS), pa.float64(), from_pandas=True)
