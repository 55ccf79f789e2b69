"""What halving the time to first contact would do to conversion, and whether that may be believed.

The estimate is g-computation on a logistic model (J. Robins, Math. Modelling 7, 1986): every lead's
probability with half its time less that with its own, averaged. Beside it what speaks against it: a
placebo outcome from before the clock, overlap, an instrument, and how strong a hidden cause would
have to be. Belongs here: arithmetic on arrays; whom it is about is in int_questions__responses.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from dagster_project.lib.score_model import logistic

Z95 = 1.959963984540054
_LOG_2 = np.log(2)


@dataclass(frozen=True)
class Responses:
    """n leads whose outcome is known.

    hours         float (n,); time to first contact, NaN: never, 0: contacted before the clock began
    converted     0 or 1 (n,)
    placebo       0 or 1 (n,); of before the clock: no contact can have caused it
    covariates    float (n, k); what is known of the lead at the start of the clock, no intercept
    out_of_hours  0 or 1 (n,); the clock began outside working hours
    clusters      int (n,); leads of one person are no independent evidence
    is_ripened    bool (n,); qualified only between the start of the clock and the contact
    """

    hours: np.ndarray
    converted: np.ndarray
    placebo: np.ndarray
    covariates: np.ndarray
    out_of_hours: np.ndarray
    clusters: np.ndarray
    is_ripened: np.ndarray

    @property
    def is_moved(self) -> np.ndarray:
        """Leads that halving would reach: contacted after the start (n,)."""
        return self.hours > 0


@dataclass(frozen=True)
class Rules:
    """Numbers of seeds/rules/measure_policy.csv (speed_effect) that the verdict goes by."""

    min_leads: int
    min_class: int
    max_width_pp: float
    max_ripened_percent: float
    min_overlap_percent: float
    min_instrument_f: float
    floor_minutes: float
    ridge: float


@dataclass(frozen=True)
class Estimate:
    """A difference of probabilities with its standard error, as fractions."""

    value: float
    error: float

    @property
    def low(self) -> float:
        """Lower bound of the 95 % interval."""
        return self.value - Z95 * self.error

    @property
    def high(self) -> float:
        """Upper bound of the 95 % interval."""
        return self.value + Z95 * self.error

    @property
    def excludes_zero(self) -> bool:
        """Whether chance alone is an unlikely explanation."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class SpeedEffect:
    """The answer and what it rests on.

    verdict       estimated, association_only, weak_overlap or not_enough_data
    reason        of association_only: ripened or placebo
    ripened       share of the contacted whose time is mostly not ours: who waits for a lead to
                  qualify calls late because of what happened meanwhile, which no start value holds
    adjusted      effect of halving, None: not enough data
    placebo       the same estimator on what halving cannot change
    overlap       effective share of the contacted leads whose like was contacted in half the time
    instrument    effect by arrival out of hours, None: it hardly moves the time (instrument_f)
    imbalance     difference of the placebo between the two sides of the instrument, in deviations
    e_value       risk ratio a hidden cause must have with speed and with conversion to explain all
    """

    verdict: str
    reason: str | None = None
    ripened: float | None = None
    adjusted: Estimate | None = None
    placebo: Estimate | None = None
    overlap: float | None = None
    instrument: Estimate | None = None
    instrument_f: float | None = None
    imbalance: float | None = None
    e_value: float | None = None


def estimate(leads: Responses, rules: Rules) -> SpeedEffect:
    """The effect of halving with its diagnostics; see SpeedEffect for the verdicts."""
    n_converted = int(leads.converted.sum())
    smaller_class = min(n_converted, len(leads.converted) - n_converted)
    if leads.is_moved.sum() < rules.min_leads or smaller_class < rules.min_class:
        return SpeedEffect("not_enough_data")
    treatment, halved = treatments(leads, rules.floor_minutes)
    known = np.column_stack([leads.covariates, leads.out_of_hours])
    columns, shifted = np.c_[known, treatment], np.c_[known, halved]
    adjusted, risk_ratio = g_computation(
        columns, shifted, leads.converted, leads.clusters, rules.ridge
    )
    placebo, _ = g_computation(columns, shifted, leads.placebo, leads.clusters, rules.ridge)
    overlap = overlap_share(known[leads.is_moved], treatment[leads.is_moved, 0])
    instrument, f_statistic = instrument_effect(leads, treatment[:, 0], rules.ridge)
    ripened = float(leads.is_ripened[leads.is_moved].mean())
    reason = None
    if 100 * (adjusted.high - adjusted.low) > rules.max_width_pp:
        verdict = "not_enough_data"
    elif 100 * overlap < rules.min_overlap_percent:
        verdict = "weak_overlap"
    elif 100 * ripened > rules.max_ripened_percent:
        verdict, reason = "association_only", "ripened"
    elif placebo.excludes_zero:
        verdict, reason = "association_only", "placebo"
    else:
        verdict = "estimated"
    return SpeedEffect(
        verdict,
        reason,
        ripened,
        adjusted,
        placebo,
        overlap,
        instrument if f_statistic >= rules.min_instrument_f else None,
        f_statistic,
        _imbalance(leads),
        e_value(risk_ratio),
    )


def treatments(leads: Responses, floor_minutes: float) -> tuple[np.ndarray, np.ndarray]:
    """Columns (n, 3) of what happened and of half the time: log hours, never, before the clock.

    Nothing is halved for those who were never contacted, or before the clock began.
    """
    hours = np.where(leads.is_moved, np.maximum(leads.hours, floor_minutes / 60), 1.0)
    never, before = np.isnan(leads.hours), leads.hours == 0
    happened = np.column_stack([np.log(hours), never, before])
    halved = happened.copy()
    halved[leads.is_moved, 0] -= _LOG_2
    return happened, halved


def g_computation(
    columns: np.ndarray,
    shifted: np.ndarray,
    labels: np.ndarray,
    clusters: np.ndarray,
    ridge: float,
) -> tuple[Estimate, float]:
    """Mean change of the fitted probability from columns to shifted (n, k), and its risk ratio.

    The error is that of the stacked estimating equations, summed by cluster: what resampling
    clusters converges to (L. A. Stefanski, D. D. Boos, The American Statistician 56, 2002).
    """
    model = logistic.fit(columns, labels, ridge, np.zeros(columns.shape[1], dtype=bool))
    p, q = expit(model.log_odds(columns)), expit(model.log_odds(shifted))
    with_one, shifted_one = (np.column_stack([np.ones(len(p)), x]) for x in (columns, shifted))
    change = q - p
    information = (with_one * (p * (1 - p))[:, None]).T @ with_one
    information += np.diag(np.r_[0.0, np.full(columns.shape[1], ridge)])
    gradient = (shifted_one * (q * (1 - q))[:, None] - with_one * (p * (1 - p))[:, None]).mean(0)
    by_score = with_one @ np.linalg.solve(information, gradient) * (labels - p)
    influence = change - change.mean() + len(p) * by_score
    error = np.sqrt(_clustered_square(influence, clusters)) / len(p)
    return Estimate(float(change.mean()), float(error)), float(q.mean() / p.mean())


def overlap_share(covariates: np.ndarray, log_hours: np.ndarray) -> float:
    """Share of leads (0 to 1) that the weights to half the time leave effectively (L. Kish, 1965).

    The weights are the ratio of normal densities of the time, given the covariates, at twice the
    time and at the time. Near 0: who gets which time is all but decided by what the lead is.
    """
    columns = np.column_stack([np.ones(len(log_hours)), covariates])
    residual = log_hours - columns @ np.linalg.lstsq(columns, log_hours, rcond=None)[0]
    variance = residual.var()
    if variance < 1e-12:
        return 0.0
    log_weights = (residual**2 - (residual + _LOG_2) ** 2) / (2 * variance)
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))


def instrument_effect(
    leads: Responses, log_hours: np.ndarray, ridge: float
) -> tuple[Estimate, float]:
    """Effect of halving by two-stage least squares, and the F statistic of the first stage.

    Who arrives out of hours waits longer whatever it is worth. Believable only if such leads are
    otherwise alike. Linear probability, for the contacted, times their share.
    """
    own = leads.is_moved
    known = np.column_stack([np.ones(own.sum()), leads.covariates[own]])
    gram = known.T @ known + ridge * np.eye(known.shape[1])

    def rest(values: np.ndarray) -> np.ndarray:
        return values - known @ np.linalg.solve(gram, known.T @ values)

    z = rest(leads.out_of_hours[own].astype(float))
    y, t = rest(leads.converted[own].astype(float)), rest(log_hours[own] / _LOG_2)
    if z @ z < 1e-9:
        return Estimate(np.nan, np.nan), 0.0
    clusters = leads.clusters[own]
    first = z @ t / (z @ z)
    first_variance = _clustered_square(z * (t - first * z), clusters) / (z @ z) ** 2
    slope = z @ y / (z @ t)
    error = np.sqrt(_clustered_square(z * (y - slope * t), clusters)) / abs(z @ t)
    share = own.mean()
    return Estimate(float(-slope * share), float(error * share)), float(first**2 / first_variance)


def e_value(risk_ratio: float) -> float:
    """T. J. VanderWeele, P. Ding, Annals of Internal Medicine 167 (2017); 1: nothing to explain."""
    ratio = max(risk_ratio, 1 / risk_ratio)
    return float(ratio + np.sqrt(ratio * (ratio - 1)))


def _imbalance(leads: Responses) -> float | None:
    """Standardised difference of the placebo between arrivals out of hours and in hours."""
    late = leads.out_of_hours == 1
    deviation = leads.placebo.std()
    if late.all() or not late.any() or deviation == 0:
        return None
    return float((leads.placebo[late].mean() - leads.placebo[~late].mean()) / deviation)


def _clustered_square(values: np.ndarray, clusters: np.ndarray) -> float:
    """Sum over clusters of the squared sum, for a finite number of clusters."""
    sums = np.bincount(np.unique(clusters, return_inverse=True)[1], weights=values)
    return float((sums**2).sum() * len(sums) / max(len(sums) - 1, 1))
