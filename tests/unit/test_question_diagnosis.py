"""Lead quality or skill (M01, L05, D7): the decomposition and the expected conversions, on arrays.

Oracles: statsmodels (Oaxaca-Blinder on dummies is the same two-fold split), a plain loop over
leads, scikit-learn, closed forms, and worlds in which one cause was planted.
"""

from collections import Counter, defaultdict

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dagster_project.lib.questions import case_mix
from dagster_project.lib.questions.mix_skill import Counts, bootstrap_errors, decompose

N_CELLS, N_BANDS = 6, 3
MIX = np.array([0.3, 0.25, 0.2, 0.15, 0.1, 0.0])
RATE = np.array([0.1, 0.15, 0.2, 0.3, 0.4, 0.2])
# Share of each band of speed, and what it costs against the fastest.
SPEED = np.array([0.5, 0.3, 0.2])
COST = np.array([0.0, -0.03, -0.08])


def leads(
    dice: np.random.Generator,
    n: int,
    mix: np.ndarray = MIX,
    rate: np.ndarray = RATE,
    speed: np.ndarray = SPEED,
) -> np.ndarray:
    """(n, 3): cell, band, converted."""
    cell, band = dice.choice(N_CELLS, n, p=mix), dice.choice(N_BANDS, n, p=speed)
    return np.column_stack([cell, band, dice.random(n) < rate[cell] + COST[band]]).astype(int)


def counted(before: np.ndarray, now: np.ndarray, n_cells: int = N_CELLS) -> Counts:
    sides = []
    for rows in (before, now):
        n, k = np.zeros((2, n_cells, N_BANDS), dtype=int)
        np.add.at(n, (rows[:, 0], rows[:, 1]), 1)
        np.add.at(k, (rows[:, 0], rows[:, 1]), rows[:, 2])
        sides += [n, k]
    return Counts(*sides)


def test_parts_are_those_of_a_loop_over_leads() -> None:
    """D7: every part against dictionaries of leads; change = mix + speed + skill."""
    dice = np.random.default_rng(1)
    before, now = leads(dice, 700), leads(dice, 900, mix=np.roll(MIX, 1), speed=SPEED[::-1])
    found = decompose(counted(before, now))
    rates = [defaultdict(Counter), defaultdict(Counter)]
    for side, rows in enumerate((before, now)):
        for cell, band, converted in rows.tolist():
            for place in (cell, (cell, band)):
                rates[side][place].update(n=1, k=converted)
    # A cell that one side lacks goes the way of those that both have.
    fall = paired = 0.0
    typical = Counter()
    for cell in range(N_CELLS):
        n0, n1 = rates[0][cell]["n"], rates[1][cell]["n"]
        if n0 and n1:
            weight = n0 * n1 / (n0 + n1)
            paired += weight
            fall += weight * (rates[1][cell]["k"] / n1 - rates[0][cell]["k"] / n0)
            for band in range(N_BANDS):
                typical[band] += weight * (
                    rates[1][cell, band]["n"] / n1 - rates[0][cell, band]["n"] / n0
                )
    fall /= paired
    mix = within = shift_worth = 0.0
    n_one_sided = 0
    gaps, weights, shifts = Counter(), Counter(), Counter()
    for cell in range(N_CELLS):
        n0, k0 = rates[0][cell]["n"], rates[0][cell]["k"]
        n1, k1 = rates[1][cell]["n"], rates[1][cell]["k"]
        w0, w1 = n0 / len(before), n1 / len(now)
        r0 = k0 / n0 if n0 else k1 / n1 - fall
        r1 = k1 / n1 if n1 else k0 / n0 + fall
        n_one_sided += not (n0 and n1)
        mix += (w1 - w0) * (r0 + r1) / 2
        within += (r1 - r0) * (w0 + w1) / 2
        for band in range(N_BANDS):
            if n0 and n1:
                v0, v1 = rates[0][cell, band]["n"] / n0, rates[1][cell, band]["n"] / n1
                shifts[band] += (w0 + w1) / 2 * (v1 - v0)
            else:
                shifts[band] += (w0 + w1) / 2 * typical[band] / paired
            for side in rates:
                n, k = side[cell, band]["n"], side[cell, band]["k"]
                n_fast, k_fast = side[cell, 0]["n"], side[cell, 0]["k"]
                if n and n_fast:
                    weight = n * n_fast / (n + n_fast)
                    gaps[band] += weight * (k / n - k_fast / n_fast)
                    weights[band] += weight
    assert n_one_sided == 2
    shift_worth = sum(shift * gaps[band] / weights[band] for band, shift in shifts.items())
    assert found["mix"] == pytest.approx(mix, abs=1e-12)
    assert found["within"] == pytest.approx(within, abs=1e-12)
    assert found["speed"] == pytest.approx(shift_worth, abs=1e-12)
    assert found["mix"] + found["speed"] + found["skill"] == pytest.approx(
        now[:, 2].mean() - before[:, 2].mean(), abs=1e-12
    )


def test_two_fold_split_is_that_of_statsmodels() -> None:
    """D7: Oaxaca-Blinder on dummies of the cells, both periods weighing one half."""
    oaxaca = pytest.importorskip("statsmodels.stats.oaxaca")
    dice = np.random.default_rng(2)
    before = leads(dice, 4000)
    now = leads(dice, 5000, mix=np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.0]), rate=RATE + 0.03)
    rows = np.vstack([before, now])
    period = np.repeat([0.0, 1.0], [len(before), len(now)])
    dummies = (rows[:, :1] == np.arange(1, 5)).astype(float)
    model = oaxaca.OaxacaBlinder(
        rows[:, 2].astype(float), np.column_stack([dummies, period]), 4, hasconst=False
    )
    unexplained, explained, gap = model.two_fold(
        two_fold_type="self_submitted", submitted_weight=0.5
    ).params
    found = decompose(counted(before, now))
    # statsmodels puts the group with the higher mean first: here that is now.
    assert found["change"] == pytest.approx(gap, abs=1e-9)
    assert found["mix"] == pytest.approx(explained, abs=1e-9)
    assert found["within"] == pytest.approx(unexplained, abs=1e-9)


@pytest.mark.parametrize(
    ("planted", "world"),
    [
        ("mix", {"mix": np.array([0.6, 0.25, 0.1, 0.05, 0.0, 0.0])}),
        ("skill", {"rate": RATE * 0.6}),
        ("speed", {"speed": np.array([0.0, 0.1, 0.9])}),
    ],
)
def test_a_planted_cause_gets_the_change(planted: str, world: dict) -> None:
    """M01, L05: one thing was made worse, and at least 90 % of the drop is in its part."""
    dice = np.random.default_rng(3)
    before, now = leads(dice, 200_000), leads(dice, 200_000, **world)
    # A period without any fast contact still has the other one to value speed by.
    found = decompose(counted(before, now))
    assert found["change"] < -0.02
    assert 0.9 <= found[planted] / found["change"] <= 1.1


@pytest.mark.parametrize("n", [50, 160])
def test_thin_cells_do_not_decide_the_cause(n: int) -> None:
    """M01, D7: 108 kinds of leads in months of 50, quarters of 160: nobody innocent is blamed.

    Kinds and shares are like the demonstration's: in a month 40 % of the leads are of a kind that
    the other month lacks. Once every kind converts 40 % less, once worse kinds come.
    """
    rate, share = _many_kinds()
    worse = share * np.exp(-6 * rate)
    planted = {"skill": (share, rate * 0.6), "mix": (worse / worse.sum(), rate)}
    for cause, (share_now, rate_now) in planted.items():
        named, mixes, changes = Counter(), [], []
        for seed in range(250):
            dice = np.random.default_rng(seed)
            before, now = _thin(dice, n, share, rate), _thin(dice, n, share_now, rate_now)
            counts = counted(before, now, len(share))
            found = decompose(counts)
            mixes.append(found["mix"])
            changes.append(found["change"])
            p, q = before[:, 2].mean(), now[:, 2].mean()
            if p - q < 1.96 * ((p * (1 - p) + q * (1 - q)) / n) ** 0.5:
                continue
            errors = bootstrap_errors(counts, 60)
            clear = [
                part for part in ("mix", "speed", "skill") if found[part] < -1.96 * errors[part]
            ]
            if clear:
                named[min(clear, key=found.__getitem__)] += 1
        assert np.mean(changes) < -0.1
        of_mix = np.mean(mixes) / np.mean(changes)
        assert abs(of_mix - (cause == "mix")) < 0.12
        assert named.total() - named[cause] <= 0.03 * len(changes), "the error an interval allows"
        assert named[cause] >= (100 if n == 160 else 5)


def _many_kinds() -> tuple[np.ndarray, np.ndarray]:
    """Rate and share of band x channel family x industry."""
    dice = np.random.default_rng(11)
    bands, fits = np.array([0.45, 0.15, 0.4]), np.array([0.47, 0.35, 0.18])
    families = np.array([33, 17, 15, 9, 7, 5, 5, 5, 3, 3, 2, 1]) / 105
    share = (bands[:, None, None] * families[:, None] * fits).ravel()
    band_rate = np.repeat([0.56, 0.45, 0.35], 36)
    return np.clip(band_rate + dice.normal(0, 0.12, 108), 0.05, 0.95), share / share.sum()


def _thin(dice: np.random.Generator, n: int, share: np.ndarray, rate: np.ndarray) -> np.ndarray:
    cell, band = dice.choice(len(share), n, p=share), dice.choice(N_BANDS, n, p=SPEED)
    return np.column_stack([cell, band, dice.random(n) < rate[cell]]).astype(int)


def test_intervals_cover() -> None:
    """D7: in 150 worlds of 2 x 600 leads the truth of each part is inside its interval ≥ 90 %."""
    dice = np.random.default_rng(4)
    new_mix = np.array([0.2, 0.2, 0.2, 0.2, 0.2, 0.0])
    truth = decompose(
        Counts(
            *_expected_counts(MIX, RATE, SPEED),
            *_expected_counts(new_mix, RATE - 0.04, np.array([0.3, 0.3, 0.4])),
        )
    )
    covered = Counter()
    for _ in range(150):
        counts = counted(
            leads(dice, 600), leads(dice, 600, new_mix, RATE - 0.04, np.array([0.3, 0.3, 0.4]))
        )
        errors = bootstrap_errors(counts, 100)
        for part, estimate in decompose(counts).items():
            covered[part] += abs(estimate - truth[part]) <= 1.96 * errors[part]
    assert min(covered.values()) >= 135
    assert max(covered.values()) <= 149, "an interval that never misses says nothing"


def _expected_counts(
    mix: np.ndarray, rate: np.ndarray, speed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    n = 1e6 * mix[:, None] * speed
    return n, n * (rate[:, None] + COST)


def test_error_of_the_change_is_the_closed_form() -> None:
    """D7: the bootstrap error of a difference of two proportions is the textbook one; same dice."""
    dice = np.random.default_rng(5)
    before, now = leads(dice, 900), leads(dice, 1100)
    counts = counted(before, now)
    errors = bootstrap_errors(counts, 4000)
    p, q = before[:, 2].mean(), now[:, 2].mean()
    assert errors["change"] == pytest.approx(
        (p * (1 - p) / 900 + q * (1 - q) / 1100) ** 0.5, rel=0.05
    )
    assert bootstrap_errors(counts, 50) == bootstrap_errors(counts, 50)


def test_expected_is_the_model_of_scikit_learn_and_adds_up() -> None:
    """D7: same probabilities as LogisticRegression on the same dummies; sum E = sum O."""
    dice = np.random.default_rng(6)
    band = dice.choice(["HOT", "WARM", "COLD"], 1500, p=[0.5, 0.3, 0.2])
    family = dice.choice(["search", "social", "event"], 1500)
    odds = np.select([band == "HOT", band == "WARM"], [0.6, 0.4], 0.2) + 0.1 * (family == "event")
    labels = (dice.random(1500) < odds).astype(int)
    found = case_mix.expected(labels, [band, family], ridge=1.0)
    columns = case_mix.dummies([band, family])
    oracle = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(columns, labels)
    assert found == pytest.approx(oracle.predict_proba(columns)[:, 1], abs=1e-6)
    assert found.sum() == pytest.approx(labels.sum(), abs=1e-6)
    assert (case_mix.expected(np.ones(3), [["a", "b", "a"]], 1.0) == 1).all()


def test_nobody_is_blamed_for_worse_leads() -> None:
    """D7: no SDR is better, some get better leads: raw rates flag a third, O/E few."""
    flags, raw_flags, n_judged = 0, 0, 0
    for seed in range(40):
        dice = np.random.default_rng(seed)
        sdr = dice.integers(0, 12, 3000)
        quality = np.clip(np.round(dice.normal(0, 1, 3000) + (sdr - 5.5) * 0.12), -3, 3)
        labels = (dice.random(3000) < 1 / (1 + np.exp(1.6 - 0.8 * quality))).astype(int)
        p = case_mix.expected(labels, [quality.astype(str)], 1.0)
        for one in range(12):
            own = sdr == one
            z = (labels[own].sum() - p[own].sum()) / np.sqrt((p[own] * (1 - p[own])).sum())
            mean = labels.mean()
            raw = (labels[own].mean() - mean) / np.sqrt(mean * (1 - mean) / own.sum())
            flags += abs(z) > 1.96
            raw_flags += abs(raw) > 1.96
            n_judged += 1
    assert raw_flags > 0.3 * n_judged
    assert flags < 0.07 * n_judged
