"""Coefficients as points: what the documents' card would be worth if the outcomes set it.

The card keeps its items and their caps; the points of all items counted up to their caps add up to
100, so p_j = 100 * b_j / sum(b_k * max_count_k) (methods.md 2.3).
"""

from collections.abc import Sequence

import numpy as np

from dagster_project.lib.score_model.dataset import Feature


def suggested_points(features: Sequence[Feature], coefficients: np.ndarray) -> np.ndarray:
    """Points of one occurrence of each feature (…, k), not rounded; NaN for what is no score item.

    coefficients: (…, k), the items' at or above 0. All NaN where every item's coefficient is 0.
    """
    is_item = np.array([feature.item is not None for feature in features])
    max_counts = np.array([feature.max_count for feature in features])
    of_items = np.where(is_item, coefficients, np.nan)
    total = np.nansum(of_items * max_counts, axis=-1, keepdims=True)
    return np.divide(100 * of_items, total, out=np.full_like(of_items, np.nan), where=total > 0)
