"""The trainer of the learned score (E08, D8) against scikit-learn, scipy, and planted truth."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
)

from dagster_project.lib.score_model import metrics
from dagster_project.lib.score_model.bootstrap import interval, resamples
from dagster_project.lib.score_model.dataset import (
    FeatureLeakError,
    NotEnoughDataError,
    design_matrix,
    refuse_leaks,
)
from dagster_project.lib.score_model.logistic import Logistic, fit, fit_platt
from dagster_project.lib.score_model.points import suggested_points
from dagster_project.lib.score_model.splits import BLOCKS, require_both_classes, split
from dagster_project.lib.score_model.training import Candidate, capacity_share, train
from tests.unit.score_world import DESIGN, FEATURES, ITEMS, PLANTED, world

N_WORLDS = 6
DAY = np.timedelta64(1, "D")


@pytest.fixture(scope="module")
def candidates() -> list[Candidate]:
    """Models of worlds with planted coefficients."""
    return [train(world(seed)) for seed in range(N_WORLDS)]


def test_without_a_binding_bound_the_fit_is_scikit_learns():
    data = world(0)
    ours = fit(data.values, data.labels, 1.0, np.ones(6, bool))
    theirs = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(data.values, data.labels)
    assert ours.coefficients.min() > 0, "a bound binds: nothing to compare"
    assert ours.coefficients == pytest.approx(theirs.coef_[0], abs=1e-5)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=1e-5)


def test_with_a_binding_bound_the_optimality_conditions_hold():
    """Karush, Kuhn, Tucker: no gradient where it is free, none that points inside at the bound."""
    data = world(1, coefficients=np.array([0.75, -0.6, 0.1, 1.1, -0.8, 0.15]))
    model = fit(data.values, data.labels, 1.0, np.ones(6, bool))
    residuals = expit(model.log_odds(data.values)) - data.labels
    gradient = data.values.T @ residuals + model.coefficients
    at_bound = model.coefficients == 0
    assert at_bound.tolist() == [False, True, False, False, True, False]
    assert np.abs(gradient[~at_bound]).max() < 1e-8
    assert gradient[at_bound].min() > 0
    assert abs(residuals.sum()) < 1e-8


@pytest.mark.parametrize("seed", range(8))
def test_the_bounded_fit_is_that_of_l_bfgs_b(seed):
    """Random problems in which about half of the bounds bind."""
    dice = np.random.default_rng(seed)
    values = dice.poisson(0.7, (300, 8)).astype(float)
    values[:, 3] += values[:, 2]
    labels = (dice.random(300) < expit(values @ dice.normal(0, 0.6, 8) - 0.5)).astype(float)
    bounded = np.arange(8) < 6

    def loss(x):
        log_odds = x[0] + values @ x[1:]
        return np.sum(np.logaddexp(0, log_odds) - labels * log_odds) + 0.5 * x[1:] @ x[1:]

    bounds = [(None, None), *((0, None) if bound else (None, None) for bound in bounded)]
    theirs = minimize(loss, np.zeros(9), method="L-BFGS-B", bounds=bounds)
    ours = fit(values, labels, 1.0, bounded, start=Logistic(3.0, dice.normal(size=8)))
    assert np.r_[ours.intercept, ours.coefficients] == pytest.approx(theirs.x, abs=2e-3)
    assert loss(np.r_[ours.intercept, ours.coefficients]) <= theirs.fun + 1e-9


def test_a_free_coefficient_may_be_negative():
    data = world(1, coefficients=np.array([0.75, -0.6, 0.1, 1.1, 0.5, 0.15]))
    bounded = np.array([True, False, True, True, True, True])
    assert fit(data.values, data.labels, 1.0, bounded).coefficients[1] < -0.3


def test_platt_is_scikit_learns():
    fitted, held_out = world(2, 1500), world(3, 400)
    model = LogisticRegression().fit(fitted.values, fitted.labels)
    theirs = CalibratedClassifierCV(FrozenEstimator(model), method="sigmoid").fit(
        held_out.values, held_out.labels
    )
    log_odds = model.decision_function(held_out.values)
    ours = fit_platt(log_odds, held_out.labels).probability(log_odds)
    assert ours == pytest.approx(theirs.predict_proba(held_out.values)[:, 1], abs=1e-4)


def test_calibration_never_turns_the_ranking_over():
    data = world(4, 400)
    upside_down = fit_platt(-data.rule_points, data.labels)
    assert upside_down.slope == 0


@pytest.mark.parametrize("seed", range(5))
def test_metrics_are_scikit_learns(seed):
    dice = np.random.default_rng(seed)
    labels = dice.integers(0, 2, 300)
    points = dice.integers(0, 12, 300).astype(float) + 3 * labels  # many ties
    p = expit((points - 7) / 3)
    assert metrics.auc(labels, points) == pytest.approx(roc_auc_score(labels, points), abs=1e-12)
    assert metrics.pr_auc(labels, points) == pytest.approx(
        average_precision_score(labels, points), abs=1e-12
    )
    assert metrics.brier(labels, p) == pytest.approx(brier_score_loss(labels, p), abs=1e-12)
    assert metrics.log_loss(labels, p) == pytest.approx(log_loss(labels, p), abs=1e-12)
    slope = LogisticRegression(C=np.inf, tol=1e-10).fit(logit(p)[:, None], labels).coef_[0, 0]
    assert metrics.calibration_slope(labels, p) == pytest.approx(slope, abs=1e-4)
    shift = metrics.calibration_intercept(labels, p)
    assert expit(logit(p) + shift).sum() == pytest.approx(labels.sum(), abs=1e-8)


def test_lift_shares_the_edge_among_ties():
    """The mean over all orders of equal scores is what counting in part gives."""
    dice = np.random.default_rng(7)
    labels, scores = dice.integers(0, 2, 60), dice.integers(0, 6, 60).astype(float)
    taken = 15
    shuffled = []
    for _ in range(4000):
        order = dice.permutation(60)
        best = order[np.argsort(-scores[order], kind="stable")][:taken]
        shuffled.append(labels[best].mean() / labels.mean())
    assert metrics.lift(labels, scores, taken / 60) == pytest.approx(np.mean(shuffled), abs=0.01)
    assert metrics.lift(labels, scores, 1.0) == pytest.approx(1.0)


def test_expected_calibration_error_by_hand():
    labels = np.array([0, 1, 1, 0, 1])
    p = np.array([0.05, 0.15, 0.15, 0.95, 1.0])
    by_hand = (abs(0.05 - 0) * 1 + abs(0.15 - 1) * 2 + abs(0.975 - 0.5) * 2) / 5
    assert metrics.ece(labels, p, 10) == pytest.approx(by_hand)


def test_the_bootstrap_draws_whole_persons_and_has_the_right_width():
    dice = np.random.default_rng(3)
    groups = dice.integers(0, 300, 500)
    values = dice.normal(size=500) + dice.normal(size=300)[groups]
    means = []
    for rows in resamples(groups, 2000, dice):
        counts = np.bincount(rows, minlength=500)
        means.append(values[rows].mean())
        if len(means) < 20:
            assert all(len(set(counts[groups == person])) == 1 for person in set(groups))
    low, high = interval(np.array(means), 95)
    # The variance of a ratio of cluster totals (Cochran, Sampling techniques, 1977, 9A.3).
    totals = np.bincount(groups, values - values.mean())
    error = np.sqrt((totals**2).sum()) / len(groups)
    assert (high - low) / 2 == pytest.approx(1.96 * error, rel=0.1)
    # Persons as rows of their own would look surer than they are.
    alone = [values[rows].mean() for rows in resamples(np.arange(500), 2000, dice)]
    assert np.ptp(interval(np.array(alone), 95)) < (high - low) * 0.9


@pytest.mark.parametrize("seed", range(20))
def test_blocks_are_apart_in_time_label_and_person(seed):
    """E08, D8: no label window reaches into a later block, nobody is in two of them."""
    dice = np.random.default_rng(seed)
    n = 400
    at = np.datetime64("2024-01-01", "us") + (np.sort(dice.uniform(0, 700, n)) * 86_400e6).astype(
        "timedelta64[us]"
    )
    due, groups = at + 60 * DAY, dice.integers(0, 300, n)
    blocks = split(at, due, groups, 40, 30)
    rows = [getattr(blocks, name) for name in BLOCKS]
    assert min(map(len, rows)) > 20
    for earlier, later in ((0, 1), (0, 2), (1, 2)):
        assert due[rows[earlier]].max() <= at[rows[later]].min()
        assert not set(groups[rows[earlier]]) & set(groups[rows[later]])
    n_kept = sum(map(len, rows))
    assert n_kept + blocks.n_embargoed + blocks.n_same_person == n


def test_a_block_of_one_class_trains_nothing():
    data = world(0, 400)
    blocks = split(data.snapshot_at, data.due_at, data.groups, 40, 30)
    labels = data.labels.copy()
    labels[blocks.calibration] = 0
    with pytest.raises(NotEnoughDataError, match="calibration block has 0 leads that reached"):
        require_both_classes(labels, blocks, 5)
    without_labels = replace(data, labels=np.zeros_like(data.labels))
    with pytest.raises(NotEnoughDataError):
        train(without_labels)


def columns_of(**late: np.timedelta64) -> dict[str, np.ndarray]:
    """Feature rows of three leads; `late`: what lies behind the second feature comes that late."""
    at = np.datetime64("2025-03-01T10:00:00", "us")
    features = np.array(["pricing_page_visit", "enriched_size", "channel_search"], object)
    rows = {"feature": features, "snapshot_at": np.repeat(at, 3)}
    rows["snapshot_known_at"] = np.repeat(at + 20 * DAY, 3)
    rows["occurred_at"] = np.array([at, at, np.datetime64("NaT")])
    rows["known_at"] = np.array([at + 20 * DAY, at + DAY, np.datetime64("NaT")])
    for column, delay in late.items():
        rows[column][1] += delay
    return rows


def test_what_happened_and_was_known_by_the_snapshot_may_be_learned_from():
    refuse_leaks(columns_of())
    refuse_leaks(columns_of(known_at=19 * DAY))


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ({"occurred_at": np.timedelta64(1, "s")}, "enriched_size happened after the snapshot"),
        ({"known_at": 20 * DAY}, "enriched_size was known only after the snapshot in 1 rows"),
    ],
)
def test_a_feature_from_the_future_is_refused_by_name(late, words):
    """The leak canary of E08: one second is enough, on either clock."""
    with pytest.raises(FeatureLeakError, match=words) as refusal:
        refuse_leaks(columns_of(**late))
    assert "pricing_page_visit" not in str(refusal.value)


def test_a_missing_value_is_no_zero():
    values = {
        "lead_key": np.array(["a", "a", "b", "b"], object),
        "feature": np.array(["x", "y", "x", "y"], object),
        "feature_value": np.ma.masked_array([1.0, 2.0, 3.0, 4.0], [False, False, False, True]),
    }
    with pytest.raises(NotEnoughDataError, match="y"):
        design_matrix(["a", "b"], values, ["x", "y"])
    filled = {**values, "feature_value": values["feature_value"].filled(0)}
    assert design_matrix(["b", "a"], filled, ["y", "x"]).tolist() == [[0, 3], [2, 1]]


def test_planted_weights_are_recovered(candidates):
    """E08: the planted coefficients and points lie in their intervals as often as promised."""
    most = np.array([most for _, _, most in ITEMS])
    points = 100 * PLANTED / (PLANTED * most).sum()
    hits, point_hits = 0, 0
    for candidate in candidates:
        terms = [term for term in candidate.terms if term.kind == "feature"]
        assert [term.feature for term in terms] == [name for name, _, _ in ITEMS]
        hits += sum(t.low <= b <= t.high for t, b in zip(terms, PLANTED, strict=True))
        point_hits += sum(
            t.points[1] - 0.5 <= p <= t.points[2] + 0.5 for t, p in zip(terms, points, strict=True)
        )
    n = len(PLANTED) * N_WORLDS
    assert hits >= 0.85 * n, f"{hits} of {n} planted coefficients in a 95 % interval"
    assert point_hits >= 0.85 * n, f"{point_hits} of {n} planted points in a 95 % interval"


def test_suggested_points_add_up_to_the_card():
    coefficients = np.array([[0.4, 0.2, 0.1, 1.0, 0.5, 0.3], [0, 0, 0, 0, 0, 0]])
    points = suggested_points(FEATURES, coefficients)
    most = [most for _, _, most in ITEMS]
    assert (points[0] * most).sum() == pytest.approx(100)
    assert np.isnan(points[1]).all(), "no coefficient, no points"
    channel = replace(FEATURES[0], name="channel_search", item=None)
    with_channel = suggested_points((*FEATURES, channel), np.append(coefficients[0], 9.0))
    assert with_channel[:6] == pytest.approx(points[0])
    assert np.isnan(with_channel[6])


def test_a_better_score_may_be_promoted_and_an_equal_one_may_not():
    """E08: outcomes driven by the card itself leave nothing to learn; quite other weights do."""

    def trained(seed: int, coefficients: np.ndarray) -> Candidate:
        data = world(seed, coefficients=coefficients)
        return train(replace(data, design=replace(data.design, coefficient_samples=2)))

    card = np.array([20, 10, 5, 20, 10, 10]) / 30
    other = np.array([0, 0.1, 0.5, 0, 0, 1.2])
    assert not any(trained(seed, card).may_be_promoted for seed in range(4))
    assert all(trained(seed, other).may_be_promoted for seed in range(4))


def test_shuffled_labels_rank_like_chance(candidates):
    """E08, D8: a model of shuffled labels has an AUC interval that covers one half."""
    nulls = [m for c in candidates for m in c.metrics if m.name == "null_auc"]
    assert sum(m.low <= 0.5 <= m.high for m in nulls) >= 0.8 * N_WORLDS
    learned = [m for c in candidates for m in c.metrics if (m.name, m.scorer) == ("auc", "learned")]
    assert all(m.low > 0.55 for m in learned)


def test_probabilities_of_a_later_block_are_calibrated(candidates):
    slopes = [m for c in candidates for m in c.metrics if m.name == "calibration_slope"]
    shifts = [m for c in candidates for m in c.metrics if m.name == "calibration_intercept"]
    assert np.mean([m.value for m in slopes]) == pytest.approx(1, abs=0.15)
    assert np.mean([m.value for m in shifts]) == pytest.approx(0, abs=0.15)


def test_the_same_data_gives_the_same_model_in_any_order_of_samples(candidates):
    again = train(world(0))
    assert (again.version, again.terms) == (candidates[0].version, candidates[0].terms)
    more_samples = replace(world(0), design=replace(DESIGN, dice_seed=0, metric_samples=50))
    assert train(more_samples).terms == candidates[0].terms


def test_capacity_is_leads_per_workday_over_leads():
    data = world(0, 720)
    rows = np.arange(720)
    per_day = capacity_share(replace(data, capacity=0.5), rows)
    assert per_day == pytest.approx(0.5, abs=0.01)
    assert capacity_share(replace(data, capacity=50.0), rows) == 1
    assert capacity_share(replace(data, capacity=None), rows) is None
