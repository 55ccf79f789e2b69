"""How a change of a conversion rate splits into lead quality, speed and the rest.

The SQL models int_questions__cell_effects and int_questions__speed_parts state the figures; this
is the same arithmetic over many resampled worlds at once, and a test holds the two together.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

MEASURES = ("change", "mix", "within", "speed", "skill")


@dataclass(frozen=True)
class Counts:
    """Leads and conversions of two periods, each an array (…, cells, speed bands).

    The fastest speed band is the first; leading axes, if any, are worlds.
    """

    n_before: np.ndarray
    k_before: np.ndarray
    n_now: np.ndarray
    k_now: np.ndarray


def decompose(counts: Counts) -> dict[str, np.ndarray]:
    """The effects of MEASURES as fractions, one value (…) each; change = mix + speed + skill.

    mix, within: E. M. Kitagawa, JASA 50 (1955), symmetric; a cell empty in one period takes the
    rate of the other, moved by as much as the cells both have (Mantel–Haenszel difference): were it
    not moved, a drop everywhere would look like mix in thin cells. Its bands move with theirs too.
    speed: shifts of the bands within cells, each valued at its Mantel–Haenszel rate difference
    against the first band; NaN where a band that moved has no comparison.
    """
    n0, k0, n1, k1 = (
        side.sum(-1) for side in (counts.n_before, counts.k_before, counts.n_now, counts.k_now)
    )
    share_before, share_now = _shares(n0), _shares(n1)
    weight = _ratio(n0 * n1, n0 + n1)
    weight = _ratio(weight, weight.sum(-1, keepdims=True))
    moved = (weight * (_ratio(k1, n1) - _ratio(k0, n0))).sum(-1, keepdims=True)
    rate_before = np.where(n0 > 0, _ratio(k0, n0), _ratio(k1, n1) - moved)
    rate_now = np.where(n1 > 0, _ratio(k1, n1), _ratio(k0, n0) + moved)
    change = k1.sum(-1) / n1.sum(-1) - k0.sum(-1) / n0.sum(-1)
    present = (n0 > 0) | (n1 > 0)
    within = np.where(present, (rate_now - rate_before) * (share_before + share_now) / 2, 0).sum(-1)
    speed = _speed(counts, share_before + share_now, weight)
    return {
        "change": change,
        "mix": change - within,
        "within": within,
        "speed": speed,
        "skill": within - speed,
    }


def bootstrap_errors(counts: Counts, n_samples: int) -> dict[str, float]:
    """Standard error of every effect: leads drawn again with replacement, each period by itself.

    Drawing leads is drawing their cells, bands and outcomes from one multinomial, so the work does
    not grow with the number of leads. The dice are thrown from the counts themselves: the same
    leads give the same interval. NaN: fewer than half of the worlds have the figure.
    """
    dice = np.random.default_rng(_seed(counts))
    before = _resampled(counts.n_before, counts.k_before, n_samples, dice)
    now = _resampled(counts.n_now, counts.k_now, n_samples, dice)
    effects = decompose(Counts(*before, *now))
    return {name: _deviation(effects[name]) for name in MEASURES}


def _speed(counts: Counts, share_sum: np.ndarray, weight: np.ndarray) -> np.ndarray:
    moved = _ratio(counts.n_now, counts.n_now.sum(-1, keepdims=True)) - _ratio(
        counts.n_before, counts.n_before.sum(-1, keepdims=True)
    )
    # A cell of both periods has a weight; one without it moves as they do.
    typical = (weight[..., None] * moved).sum(-2, keepdims=True)
    moved = np.where(weight[..., None] > 0, moved, typical)
    shift = (share_sum[..., None] / 2 * moved).sum(-2)
    difference, weight = 0.0, 0.0
    for n, k in ((counts.n_before, counts.k_before), (counts.n_now, counts.k_now)):
        n_fast, k_fast = n[..., :1], k[..., :1]
        total = np.where(n + n_fast > 0, n + n_fast, 1)
        both = (n > 0) & (n_fast > 0)
        difference += np.where(both, (k * n_fast - k_fast * n) / total, 0).sum(-2)
        weight += np.where(both, n * n_fast / total, 0).sum(-2)
    worth = np.where(weight > 0, difference / np.where(weight > 0, weight, 1), np.nan)
    return np.where(np.abs(shift) > 1e-9, shift * worth, 0.0).sum(-1)


def _resampled(
    n: np.ndarray, k: np.ndarray, n_samples: int, dice: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Leads and conversions (n_samples, cells, bands) of as many leads drawn again."""
    kinds = np.concatenate([k.ravel(), (n - k).ravel()])
    drawn = dice.multinomial(int(n.sum()), kinds / kinds.sum(), size=n_samples)
    converted, lost = np.split(drawn.reshape(n_samples, 2, *n.shape), 2, axis=1)
    return (converted + lost)[:, 0], converted[:, 0]


def _deviation(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) if 2 * len(known) >= len(values) else float("nan")


def _shares(n: np.ndarray) -> np.ndarray:
    return n / n.sum(-1, keepdims=True)


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """0 where the denominator is 0: those values are masked by whoever asks."""
    return np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1), 0.0)


def _seed(counts: Counts) -> int:
    parts = (counts.n_before, counts.k_before, counts.n_now, counts.k_now)
    text = b"|".join(np.ascontiguousarray(part, dtype="<i8").tobytes() for part in parts)
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "little")
