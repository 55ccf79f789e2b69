"""How good a score is. labels: 0 or 1 (n,), both present; scores: float (n,), higher is better.

The tests hold each of them against scikit-learn or a second formula.
"""

import numpy as np
from scipy.special import expit, logit
from scipy.stats import rankdata

# Probabilities of exactly 0 or 1 have no log-odds.
_EDGE = 1e-12
_NEWTON_STEPS = 50


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Chance that a positive outranks a negative, ties half (Mann and Whitney)."""
    n_positive = labels.sum()
    n_negative = len(labels) - n_positive
    ranks = rankdata(scores)[labels == 1].sum()
    return float((ranks - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def pr_auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Average precision: precision at each distinct score, weighted by the recall it adds."""
    order = np.argsort(-scores, kind="stable")
    ends = np.r_[np.flatnonzero(np.diff(scores[order])), len(scores) - 1]
    found = np.cumsum(labels[order])[ends]
    return float(np.sum(np.diff(np.r_[0, found]) * found / (ends + 1)) / labels.sum())


def brier(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean squared error of probabilities."""
    return float(np.mean((probabilities - labels) ** 2))


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Mean negative log-likelihood of probabilities."""
    p = np.clip(probabilities, _EDGE, 1 - _EDGE)
    return float(-np.mean(labels * np.log(p) + (1 - labels) * np.log(1 - p)))


def lift(labels: np.ndarray, scores: np.ndarray, share: float) -> float:
    """Positives among the best `share` of the leads, per positive expected by chance.

    Of equal scores at the edge each counts in part: no id decides, and points tie often.
    """
    wanted = min(max(share * len(scores), 1), len(scores))
    order = np.argsort(-scores, kind="stable")
    _, starts, sizes = np.unique(-scores[order], return_index=True, return_counts=True)
    taken = np.clip(wanted - starts, 0, sizes)
    positives = np.add.reduceat(labels[order], starts)
    return float(np.sum(positives * taken / sizes) / wanted / labels.mean())


def calibration_intercept(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Log-odds by which all probabilities are too low; 0 is perfect (calibration in the large)."""
    return float(_newton(_log_odds(probabilities), np.ones((len(labels), 1)), labels)[0])


def calibration_slope(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Slope of the label on the log-odds (D. R. Cox, 1958); 1 is perfect, below: too extreme."""
    log_odds = _log_odds(probabilities)
    columns = np.column_stack([np.ones(len(labels)), log_odds])
    return float(_newton(np.zeros(len(labels)), columns, labels)[1])


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    return logit(np.clip(probabilities, _EDGE, 1 - _EDGE))


def _newton(offset: np.ndarray, columns: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Unpenalised logistic fit of labels on few columns, given an offset of the log-odds.

    NaN where there is no maximum: the columns are constant, or they separate the labels.
    """
    parameters = np.zeros(columns.shape[1])
    for _ in range(_NEWTON_STEPS):
        p = expit(offset + columns @ parameters)
        information = (columns * (p * (1 - p))[:, None]).T @ columns
        if np.linalg.cond(information) > 1 / _EDGE:
            break
        step = np.linalg.solve(information, columns.T @ (labels - p))
        parameters = parameters + step
        if np.abs(step).max() < _EDGE * (1 + np.abs(parameters).max()):
            return parameters
    return np.full_like(parameters, np.nan)


def ece(labels: np.ndarray, probabilities: np.ndarray, bins: int) -> float:
    """Expected calibration error: |mean probability - share of positives| over equal-width bins."""
    bin_of = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = np.bincount(bin_of, probabilities - labels, minlength=bins)
    return float(np.abs(gaps).sum() / len(labels))
