"""Logistic regression with a ridge penalty, coefficients kept at or above 0 where asked; Platt.

scikit-learn has no bounds on coefficients, and scipy's L-BFGS-B does. The tests hold both fits
against scikit-learn where no bound binds.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit


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
    bounds = [(None, None), *((0.0 if bound else None, None) for bound in nonnegative)]
    first = None if start is None else np.r_[start.intercept, start.coefficients]
    solution = _minimised(values, labels, l2_penalty, bounds, first)
    return Logistic(float(solution[0]), solution[1:])


def fit_platt(log_odds: np.ndarray, labels: np.ndarray) -> Platt:
    """Platt's sigmoid on a block that the model was not fitted on.

    Targets are smoothed as in J. Platt, Probabilistic outputs for support vector machines (1999).
    The slope is not below 0: calibration may flatten the ranking, never turn it over.
    """
    n_positive = float(labels.sum())
    n_negative = len(labels) - n_positive
    targets = np.where(labels == 1, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    bounds = [(None, None), (0.0, None)]
    intercept, slope = _minimised(log_odds[:, None], targets, 0.0, bounds)
    return Platt(float(slope), float(intercept))


def _minimised(
    values: np.ndarray,
    targets: np.ndarray,
    l2_penalty: float,
    bounds: list[tuple[float | None, float | None]],
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Intercept and coefficients at the minimum of the penalised negative log-likelihood."""

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        coefficients = parameters[1:]
        log_odds = parameters[0] + values @ coefficients
        residuals = expit(log_odds) - targets
        value = np.sum(np.logaddexp(0, log_odds) - targets * log_odds)
        gradient = np.r_[residuals.sum(), values.T @ residuals + l2_penalty * coefficients]
        return value + 0.5 * l2_penalty * coefficients @ coefficients, gradient

    if start is None:
        start = np.zeros(values.shape[1] + 1)
    options = {"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-9}
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
