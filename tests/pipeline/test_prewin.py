"""What customers scored before they won, against exact fractions on the published score."""

from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from tests.pipeline.warehouse import Warehouse

WINDOW = timedelta(days=30)
TABLES = {"now": "fct_lead_score", "then": "fct_lead_score_as_known_then"}


@pytest.mark.parametrize("knowledge", TABLES)
def test_the_mean_before_a_win_is_weighted_by_time(
    demonstration: Warehouse, knowledge: str
) -> None:
    """X13: mean, value at the start and maximum over [win - 30 days, win), clipped at creation."""
    steps: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for lead_key, valid_from, points in demonstration.rows(
        f"select lead_key, valid_from, total_points from marts.{TABLES[knowledge]} order by 1, 2"
    ):
        steps[lead_key].append((valid_from, points))
    rows = demonstration.rows(
        f"""
        select lead_key, won_at, days_observed, mean_points, points_at_window_start, max_points
        from marts.fct_prewin_score where knowledge = '{knowledge}'
        """
    )
    assert len(rows) > 50
    assert any(days < 30 for _, _, days, *_ in rows), "some customers are younger than the window"
    for lead_key, won_at, days_observed, mean, at_start, highest in rows:
        expected = score_before(steps[lead_key], won_at)
        assert (days_observed, mean) == pytest.approx(expected[:2], abs=1e-9)
        assert (at_start, highest) == expected[2:]


def score_before(
    steps: list[tuple[datetime, int]], won_at: datetime
) -> tuple[float, float, int | None, int]:
    """Cuts the window at every change and looks the score up in each piece."""
    instants = [at for at, _ in steps]
    begin = max(instants[0], won_at - WINDOW)
    cuts = sorted({begin, won_at, *(at for at in instants if begin < at < won_at)})
    points = [steps[bisect_right(instants, cut) - 1][1] for cut in cuts[:-1]]
    area = sum(
        Fraction((end - start) // timedelta(microseconds=1)) * worth
        for start, end, worth in zip(cuts, cuts[1:], points, strict=False)
    )
    length = Fraction((won_at - begin) // timedelta(microseconds=1))
    at_start = None
    if instants[0] <= won_at - WINDOW:
        at_start = steps[bisect_right(instants, won_at - WINDOW) - 1][1]
    return float(length / 86_400_000_000), float(area / length), at_start, max(points)
