"""Journeys whose channels have known effects: which model finds them?

Exposure is random, so nobody chooses a channel because of an interest we cannot see; a real company
does not have that. P(conversion) = 0.05 + the sum of the effects of all touches, from 0.05 to 0.55.
"""

from dataclasses import dataclass

import numpy as np

# Channel -> (weight of exposure, true effect of a touch). Three have none, and one does harm.
CHANNELS = {
    "direct": (18, 0.0), "sem": (16, 0.03), "seo": (14, 0.02), "info_feed": (10, -0.01),
    "webinar": (7, 0.08), "offline_event": (5, 0.1), "referral": (4, 0.12), "email": (6, 0.01),
    "wechat": (6, 0.02), "whitepaper": (3, 0.05), "partner": (3, 0.1), "telemarketing": (2, 0.0),
    "kol": (2, 0.01), "retarget": (2, 0.02), "community": (1, 0.03), "zhihu": (1, 0.02),
}  # fmt: skip
BASE, MOST = 0.05, 0.5


@dataclass(frozen=True)
class KnownEffects:
    """Touches (journey number, place, channel number) and outcomes of journeys, and the truth.

    lost holds, per channel, the conversions expected to be lost had it not existed.
    """

    journey: np.ndarray
    place: np.ndarray
    channel: np.ndarray
    converted: np.ndarray
    counts: np.ndarray
    lost: np.ndarray


def known_effects(n_journeys: int, seed: int) -> KnownEffects:
    """A world of n_journeys with 1 to 40 touches each, 9 on average."""
    dice = np.random.default_rng(seed)
    weights, effects = (np.array(values, float) for values in zip(*CHANNELS.values(), strict=True))
    lengths = 1 + np.minimum(39, dice.exponential(9, n_journeys)).astype(int)
    journey = np.repeat(np.arange(n_journeys), lengths)
    place = np.arange(len(journey)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    channel = dice.choice(len(weights), len(journey), p=weights / weights.sum())
    counts = np.zeros((n_journeys, len(weights)))
    np.add.at(counts, (journey, channel), 1)
    total = counts @ effects
    converted = dice.random(n_journeys) < BASE + np.clip(total, 0, MOST)
    without = np.clip(total[:, None] - counts * effects, 0, MOST)
    lost = (np.clip(total, 0, MOST)[:, None] - without).sum(axis=0)
    return KnownEffects(journey, place, channel, converted, counts, lost)
