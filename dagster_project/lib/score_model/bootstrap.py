"""Percentile intervals by resampling persons: the leads of one person are no independent evidence.

B. Efron, The jackknife, the bootstrap and other resampling plans (1982); a cluster is a person.
"""

from collections.abc import Iterator

import numpy as np


def resamples(
    groups: np.ndarray, n_samples: int, dice: np.random.Generator
) -> Iterator[np.ndarray]:
    """Row numbers of `n_samples` samples: as many persons as there are, drawn with replacement.

    groups: int (n,), the person of each row. A person drawn twice brings its rows twice.
    """
    order = np.argsort(groups, kind="stable")
    _, starts, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    for _ in range(n_samples):
        drawn = dice.integers(0, len(starts), len(starts))
        counts = sizes[drawn]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        yield order[np.repeat(starts[drawn], counts) + offsets]


def interval(samples: np.ndarray, confidence_percent: int) -> np.ndarray:
    """Lower and upper bound (2, …) of samples (n, …); NaN, of one class only, is left out."""
    outside = (100 - confidence_percent) / 2
    return np.nanpercentile(samples, [outside, 100 - outside], axis=0)
