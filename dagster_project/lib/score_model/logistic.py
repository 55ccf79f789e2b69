"""Logistic regression with a ridge penalty, coefficients kept at or above 0 where asked; Platt.

scikit-learn has no bounds on coefficients. scipy's L-BFGS-B has, and takes ten times the steps to
fewer digits; it is what the tests hold this against where a bound binds, scikit-learn elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

_MAX_STEPS = 100
# On the gradient, whose unit is leads: far below what any of them could change.
_TOLERANCE = 1e-10
_NEAR_BOUND = 1e-3


@dataclass(frozen=True)
class Logistic:
    """log-odds = intercept + values @ coefficients."""

    intercept: float
    coefficients: np.ndarray

    def log_odds(self, values: np.ndarray) -> np.ndarray:
        """Log-odds (n,) of rows of features (n, k)."""
        return self.intercept + values @ self.coefficients


@dataclass(frozen=True)
class Platt:
    """probability = 1 / (1 + exp(-(slope * log-odds + intercept)))."""

    slope: float
    intercept: float

    def probability(self, log_odds: np.ndarray) -> np.ndarray:
        """Calibrated probabilities (n,) of log-odds (n,)."""
        return expit(self.slope * log_odds + self.intercept)


def fit(
    values: np.ndarray,
    labels: np.ndarray,
    l2_penalty: float,
    nonnegative: np.ndarray,
    start: Logistic | None = None,
) -> Logistic:
    """Maximise likelihood - l2_penalty / 2 * |coefficients|^2, the intercept unpenalised.

    values: float (n, k); labels: (n,) in [0, 1]; nonnegative: bool (k,), coefficients that may not
    fall below 0; start: a fit nearby, which saves steps. The problem is convex, so the result
    depends on the data alone, to the tolerance of the optimiser.
    """
    first = None if start is None else np.r_[start.intercept, start.coefficients]
    solution = _minimised(values, labels, l2_penalty, nonnegative, first)
    return Logistic(float(solution[0]), solution[1:])


def fit_platt(log_odds: np.ndarray, labels: np.ndarray) -> Platt:
    """Platt's sigmoid on a block that the model was not fitted on.

    Targets are smoothed as in J. Platt, Probabilistic outputs for support vector machines (1999).
    The slope is not below 0: calibration may flatten the ranking, never turn it over.
    """
    n_positive = float(labels.sum())
    n_negative = len(labels) - n_positive
    targets = np.where(labels == 1, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    intercept, slope = _minimised(log_odds[:, None], targets, 0.0, np.array([True]))
    return Platt(float(slope), float(intercept))


def _minimised(
    values: np.ndarray,
    targets: np.ndarray,
    l2_penalty: float,
    nonnegative: np.ndarray,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Intercept and coefficients at the minimum of the penalised negative log-likelihood.

    Projected Newton (D. P. Bertsekas, SIAM J. Control and Optimization 20, 1982): Newton's step
    where no bound is in the way, a scaled gradient step at the bound, shortened until it helps.
    """
    columns = np.column_stack([np.ones(len(values)), values])
    bounded = np.r_[False, nonnegative]
    ridge = np.r_[0.0, np.full(values.shape[1], l2_penalty)]

    def loss(x: np.ndarray) -> float:
        log_odds = columns @ x
        return np.sum(np.logaddexp(0, log_odds) - targets * log_odds) + 0.5 * ridge @ (x * x)

    def projected(x: np.ndarray) -> np.ndarray:
        return np.where(bounded, np.maximum(x, 0.0), x)

    x = projected(np.zeros(columns.shape[1]) if start is None else start)
    value = loss(x)
    for _ in range(_MAX_STEPS):
        p = expit(columns @ x)
        gradient = columns.T @ (p - targets) + ridge * x
        distance = np.abs(x - projected(x - gradient)).max()
        if distance < _TOLERANCE:
            break
        # The tiny diagonal keeps a column that is constant, or zero, solvable.
        hessian = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(ridge + _TOLERANCE)
        held = bounded & (x <= min(distance, _NEAR_BOUND)) & (gradient > 0)
        direction = -gradient / np.diag(hessian)
        free = ~held
        direction[free] = -np.linalg.solve(hessian[np.ix_(free, free)], gradient[free])
        x, value, moved = _shortened(loss, projected, x, value, gradient, direction)
        if not moved:
            break
    return x


def _shortened(
    loss: Callable[[np.ndarray], float],
    projected: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    value: float,
    gradient: np.ndarray,
    direction: np.ndarray,
) -> tuple[np.ndarray, float, bool]:
    """The longest of the halved steps that lowers the loss enough (Armijo); False: none does."""
    length = 1.0
    while length > _TOLERANCE:
        candidate = projected(x + length * direction)
        lower = loss(candidate)
        if lower <= value + 1e-4 * gradient @ (candidate - x):
            return candidate, lower, True
        length /= 2
    return x, value, False
