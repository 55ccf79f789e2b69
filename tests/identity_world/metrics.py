"""How well a partition of records meets the true one.

Labels may be anything hashable; None as predicted label means "alone". Pairwise figures count pairs
of records, B-cubed (Bagga and Baldwin, 1998) gives every record the same weight.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures in 0..1, and counts. Without any pair to judge, a ratio is 1."""

    records: int
    precision: float
    recall: float
    bcubed_precision: float
    bcubed_recall: float
    exact_clusters: float  # share of the true clusters that are predicted exactly
    largest_cluster: int  # in records
    largest_true_cluster: int

    @property
    def f1(self) -> float:
        return harmonic(self.precision, self.recall)

    @property
    def bcubed_f1(self) -> float:
        return harmonic(self.bcubed_precision, self.bcubed_recall)


def harmonic(a: float, b: float) -> float:
    """Harmonic mean; 0 when both are 0."""
    return 2 * a * b / (a + b) if a + b else 0.0


def coded(labels: Sequence[Hashable]) -> np.ndarray:
    """Labels as integers from 0; every None is a label of its own."""
    codes: dict[Hashable, int] = {}
    return np.array(
        [
            codes.setdefault(("alone", place) if label is None else ("label", label), len(codes))
            for place, label in enumerate(labels)
        ],
        dtype=np.int64,
    )


def _pairs(sizes: np.ndarray) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def quality(predicted: Sequence[Hashable], true: Sequence[Hashable]) -> Quality:
    """Compare two partitions of the same records, given as one label per record."""
    if len(predicted) != len(true):
        raise ValueError(f"{len(predicted)} predicted labels for {len(true)} records")
    if not true:
        return Quality(0, 1.0, 1.0, 1.0, 1.0, 1.0, 0, 0)
    p, t = coded(predicted), coded(true)
    p_sizes, t_sizes = np.bincount(p), np.bincount(t)
    cells, cell_of, cell_sizes = np.unique(
        p * len(t_sizes) + t, return_inverse=True, return_counts=True
    )
    hits, claimed, real = _pairs(cell_sizes), _pairs(p_sizes), _pairs(t_sizes)
    overlap = cell_sizes[cell_of.ravel()]
    cell_p, cell_t = cells // len(t_sizes), cells % len(t_sizes)
    exact = (cell_sizes == p_sizes[cell_p]) & (cell_sizes == t_sizes[cell_t])
    return Quality(
        records=len(true),
        precision=hits / claimed if claimed else 1.0,
        recall=hits / real if real else 1.0,
        bcubed_precision=float((overlap / p_sizes[p]).mean()),
        bcubed_recall=float((overlap / t_sizes[t]).mean()),
        exact_clusters=float(exact.sum() / len(t_sizes)),
        largest_cluster=int(p_sizes.max()),
        largest_true_cluster=int(t_sizes.max()),
    )
