"""What each lead was worth, by a logistic model of its quality: the E of observed/expected.

An unpenalised intercept makes the expected conversions of all leads add up to the observed ones.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from dagster_project.lib.score_model import logistic


def expected(labels: np.ndarray, kinds: Sequence[Sequence[str]], ridge: float) -> np.ndarray:
    """Probability (n,) of each of n leads to convert, given its kinds only.

    labels: 0 or 1 (n,); kinds: for each property (score band, channel, …) the word of every lead.
    ridge keeps a kind that always, or never, converts from running to infinity. All labels equal:
    that rate.
    """
    if labels.min() == labels.max():
        return labels.astype(float)
    columns = dummies(kinds)
    model = logistic.fit(columns, labels, ridge, np.zeros(columns.shape[1], dtype=bool))
    return expit(model.log_odds(columns))


def dummies(kinds: Sequence[Sequence[str]]) -> np.ndarray:
    """One 0/1 column (n,) for every word of every property but its most frequent one (n, k)."""
    columns = []
    for words in kinds:
        values = np.array(words)
        found, counts = np.unique(values, return_counts=True)
        usual = found[np.argmax(counts)]
        columns += [(values == word).astype(float) for word in found if word != usual]
    n_rows = len(kinds[0])
    return np.column_stack(columns) if columns else np.zeros((n_rows, 0))
