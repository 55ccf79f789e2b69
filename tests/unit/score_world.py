"""Leads whose conversion is drawn from coefficients we plant: what the trainer has to find again.

Shares no code with the product: plain numpy, from methods.md 2.3.
"""

from dataclasses import replace
from datetime import datetime

import numpy as np

from dagster_project.lib.score_model.dataset import Dataset, Design, Feature

DESIGN = Design(
    design="planted",
    label_stage="sql",
    horizon_days=60,
    train_percent=40,
    calibration_percent=30,
    l2_penalty=1.0,
    min_class_rows=30,
    promotion_metric="auc",
    confidence_percent=95,
    metric_samples=150,
    coefficient_samples=80,
    lift_percent=10,
    calibration_bins=10,
    dice_seed=1,
)
# name, points of the documents' card, most that counts
ITEMS = (
    ("pricing_page_visit", 20, 3),
    ("case_download", 10, 3),
    ("repeat_visit", 5, 6),
    ("decision_maker", 20, 1),
    ("industry_match", 10, 1),
    ("size_ok", 10, 1),
)
FEATURES = tuple(Feature(name, True, name, most, points) for name, points, most in ITEMS)
PLANTED = np.array([0.75, 0.25, 0.1, 1.1, 0.55, 0.15])
BASE_LOG_ODDS = -2.6
DAYS = 720


def world(seed: int, n_leads: int = 3000, coefficients: np.ndarray = PLANTED) -> Dataset:
    """A dataset of `n_leads` matured leads over DAYS days; one in ten persons has two of them."""
    dice = np.random.default_rng(seed)
    values = np.column_stack(
        [
            np.minimum(dice.poisson(0.6, n_leads), 3),
            np.minimum(dice.poisson(0.8, n_leads), 3),
            np.minimum(dice.poisson(1.5, n_leads), 6),
            *(dice.random(n_leads) < share for share in (0.3, 0.5, 0.5)),
        ]
    ).astype(float)
    chance = 1 / (1 + np.exp(-(BASE_LOG_ODDS + values @ coefficients)))
    points = np.array([points for _, points, _ in ITEMS])
    behaviour = np.minimum(values[:, :3] @ points[:3], 60)
    days = np.sort(dice.uniform(0, DAYS, n_leads))
    snapshot_at = np.datetime64("2024-01-01", "us") + (days * 86_400e6).astype("timedelta64[us]")
    return Dataset(
        design=replace(DESIGN, dice_seed=seed),
        features=FEATURES,
        values=values,
        labels=(dice.random(n_leads) < chance).astype(np.int64),
        snapshot_at=snapshot_at,
        due_at=snapshot_at + np.timedelta64(60, "D"),
        groups=dice.integers(0, int(n_leads * 0.95), n_leads),
        rule_points=behaviour + values[:, 3:] @ points[3:],
        capacity=1.0,
        workdays=np.arange("2024-01-01", "2026-12-31", dtype="datetime64[D]"),
        as_of=datetime(2026, 7, 1, 15, 59, 59),
    )
