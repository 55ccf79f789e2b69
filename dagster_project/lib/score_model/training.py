"""From a dataset to a candidate: fit, calibrate on a later block, judge on the latest.

Belongs here: the order of things and what is reported. Does not belong here: the arithmetic (the
modules beside it) and files (store.py).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dagster_project.lib.score_model import metrics
from dagster_project.lib.score_model.bootstrap import interval, resamples
from dagster_project.lib.score_model.dataset import Dataset, Design
from dagster_project.lib.score_model.logistic import Logistic, Platt, fit, fit_platt
from dagster_project.lib.score_model.points import suggested_points
from dagster_project.lib.score_model.splits import Split, require_both_classes, split

# SQL adds coefficients as DECIMAL(18, 12), exactly and in any order; the trainer uses the same.
DECIMALS = 12


@dataclass(frozen=True)
class Term:
    """One number of the model, as in seeds/rules/score_model_coefficient.csv."""

    kind: str
    feature: str
    value: float
    low: float | None = None
    high: float | None = None
    points: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Metric:
    """One metric on the test block; scorer: learned, rule or difference (learned - rule)."""

    name: str
    scorer: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Candidate:
    """A trained model and how it did. blocks: the rows it was fitted, calibrated, judged on."""

    version: str
    dataset: Dataset
    blocks: Split
    model: Logistic
    platt: Platt
    terms: tuple[Term, ...]
    metrics: tuple[Metric, ...]

    @property
    def deciding(self) -> Metric:
        """The difference that promotion depends on."""
        name = self.dataset.design.promotion_metric
        return next(m for m in self.metrics if (m.name, m.scorer) == (name, "difference"))

    @property
    def may_be_promoted(self) -> bool:
        """Whether the learned score is better than the rule score, chance aside."""
        return self.deciding.low > 0

    def probability(self, values: np.ndarray) -> np.ndarray:
        """Calibrated probabilities (n,) of rows of features (n, k)."""
        return self.platt.probability(self.model.log_odds(values))


def train(data: Dataset) -> Candidate:
    """Train and judge one candidate; the same dataset always gives the same one.

    Raises NotEnoughDataError when a block has too few leads of either label.
    """
    design = data.design
    blocks = split(
        data.snapshot_at,
        data.due_at,
        data.groups,
        design.train_percent,
        design.calibration_percent,
    )
    require_both_classes(data.labels, blocks, design.min_class_rows)
    model = _fitted(data, blocks.train, data.labels)
    platt = _calibrated(data, blocks.calibration, model)
    # Streams of their own: more samples of one interval must not move another.
    of_metrics, of_coefficients, of_null = map(
        np.random.default_rng, np.random.SeedSequence(design.dice_seed).spawn(3)
    )
    found = (
        *_judged(data, blocks, platt.probability(model.log_odds(data.values)), of_metrics),
        _null(data, blocks, of_null),
    )
    terms = _terms(data, blocks, model, platt, of_coefficients)
    return Candidate(_version(data, terms), data, blocks, model, platt, terms, found)


def _fitted(
    data: Dataset, rows: np.ndarray, labels: np.ndarray, start: Logistic | None = None
) -> Logistic:
    bounded = np.array([feature.is_nonnegative for feature in data.features])
    model = fit(data.values[rows], labels[rows], data.design.l2_penalty, bounded, start)
    return Logistic(round(model.intercept, DECIMALS), model.coefficients.round(DECIMALS))


def _calibrated(data: Dataset, rows: np.ndarray, model: Logistic) -> Platt:
    platt = fit_platt(model.log_odds(data.values[rows]), data.labels[rows])
    return Platt(round(platt.slope, DECIMALS), round(platt.intercept, DECIMALS))


def _judged(
    data: Dataset, blocks: Split, probabilities: np.ndarray, dice: np.random.Generator
) -> list[Metric]:
    """Every metric of both scorers on the test block, with paired intervals."""
    test, design = blocks.test, data.design
    measures = _measures(design, capacity_share(data, test))
    labels, learned, rule = data.labels[test], probabilities[test], data.rule_points[test]
    values = _all_measures(measures, labels, learned, rule)
    samples = np.full((design.metric_samples, len(values)), np.nan)
    for row, chosen in enumerate(resamples(data.groups[test], design.metric_samples, dice)):
        if 0 < labels[chosen].sum() < len(chosen):
            sample = _all_measures(measures, labels[chosen], learned[chosen], rule[chosen])
            samples[row] = list(sample.values())
    low, high = interval(samples, design.confidence_percent)
    return [
        Metric(name, scorer, value, float(low[place]), float(high[place]))
        for place, ((name, scorer), value) in enumerate(values.items())
    ]


def _measures(design: Design, capacity: float | None) -> dict[str, tuple[Callable, bool]]:
    """Name -> (function of labels and scores, whether it ranks and so suits points too)."""
    share = design.lift_percent / 100
    found: dict[str, tuple[Callable, bool]] = {
        "auc": (metrics.auc, True),
        "pr_auc": (metrics.pr_auc, True),
        "lift_at_share": (lambda y, s: metrics.lift(y, s, share), True),
    }
    if capacity is not None:
        found["lift_at_capacity"] = (lambda y, s: metrics.lift(y, s, capacity), True)
    return found | {
        "brier": (metrics.brier, False),
        "log_loss": (metrics.log_loss, False),
        "calibration_intercept": (metrics.calibration_intercept, False),
        "calibration_slope": (metrics.calibration_slope, False),
        "ece": (lambda y, p: metrics.ece(y, p, design.calibration_bins), False),
    }


def _all_measures(
    measures: dict[str, tuple[Callable, bool]],
    labels: np.ndarray,
    learned: np.ndarray,
    rule: np.ndarray,
) -> dict[tuple[str, str], float]:
    values = {}
    for name, (measure, ranks) in measures.items():
        values[name, "learned"] = measure(labels, learned)
        if ranks:
            values[name, "rule"] = measure(labels, rule)
            values[name, "difference"] = values[name, "learned"] - values[name, "rule"]
    return values


def capacity_share(data: Dataset, rows: np.ndarray) -> float | None:
    """Share of the leads of `rows` that the SDRs could have called in their workdays; at most 1."""
    if data.capacity is None:
        return None
    first, last = data.snapshot_at[rows].min(), data.snapshot_at[rows].max()
    days = data.workdays
    n_workdays = int(((days >= first.astype("M8[D]")) & (days <= last.astype("M8[D]"))).sum())
    return min(data.capacity * n_workdays / len(rows), 1.0)


def _null(data: Dataset, blocks: Split, dice: np.random.Generator) -> Metric:
    """AUC of a model trained on shuffled labels: its interval must cover 0.5."""
    labels = data.labels.copy()
    for rows in (blocks.train, blocks.test):
        labels[rows] = dice.permutation(labels[rows])
    scores = _fitted(data, blocks.train, labels).log_odds(data.values)[blocks.test]
    truth = labels[blocks.test]
    samples = [
        metrics.auc(truth[chosen], scores[chosen])
        for chosen in resamples(data.groups[blocks.test], data.design.metric_samples, dice)
        if 0 < truth[chosen].sum() < len(chosen)
    ]
    low, high = interval(np.array(samples), data.design.confidence_percent)
    return Metric("null_auc", "learned", metrics.auc(truth, scores), float(low), float(high))


def _terms(
    data: Dataset, blocks: Split, model: Logistic, platt: Platt, dice: np.random.Generator
) -> tuple[Term, ...]:
    """Coefficients and points with intervals, by fitting anew to resampled persons."""
    fits = []
    for chosen in resamples(data.groups[blocks.train], data.design.coefficient_samples, dice):
        refitted = _fitted(data, blocks.train[chosen], data.labels, start=model)
        fits.append(np.r_[refitted.intercept, refitted.coefficients])
    fitted = np.array(fits)
    confidence = data.design.confidence_percent
    low, high = interval(fitted, confidence).round(DECIMALS)
    points = suggested_points(data.features, model.coefficients)
    of_samples = suggested_points(data.features, fitted[:, 1:])
    terms = [Term("intercept", "", model.intercept, float(low[0]), float(high[0]))]
    for place, feature in enumerate(data.features):
        card = None
        if not np.isnan(points[place]):
            bounds = interval(of_samples[:, place], confidence)
            card = tuple(round(x) for x in (points[place], *bounds))
        value = float(model.coefficients[place])
        bound = float(low[place + 1]), float(high[place + 1])
        terms.append(Term("feature", feature.name, value, *bound, card))
    terms += [
        Term("platt_slope", "", platt.slope),
        Term("platt_intercept", "", platt.intercept),
    ]
    return tuple(terms)


def _version(data: Dataset, terms: tuple[Term, ...]) -> str:
    """Design, last day of the data, and a hash of examples and result."""
    digest = hashlib.sha256(repr((data.design, terms)).encode())
    for array in (data.values, data.labels, data.snapshot_at, data.rule_points):
        digest.update(np.ascontiguousarray(array).tobytes())
    return f"{data.design.design}-{data.as_of:%Y%m%d}-{digest.hexdigest()[:8]}"
