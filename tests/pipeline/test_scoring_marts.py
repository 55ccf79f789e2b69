"""E01 to E10 on the demonstration: what the marts of the score say, counted again from others."""

from collections import defaultdict
from math import isclose, sqrt

import pytest
from sklearn.metrics import cohen_kappa_score

from tests.pipeline.warehouse import Warehouse


def test_contributions_are_the_score_on_every_row(demonstration: Warehouse) -> None:
    """E01, E03: at the beginning of every interval, counted items and held attributes are the raw
    points, and both groups capped are the total. Holds for items without a window."""
    contributions = defaultdict(list)
    for lead, *row in demonstration.rows(
        """
        select lead_key, score_group, valid_from, expires_at,
            case when hit_number <= 0 then 0 else points - clipped_by_item end as points
        from marts.fct_score_contribution
        """
    ):
        contributions[lead].append(row)
    scores = demonstration.rows(
        """
        select lead_key, valid_from, behaviour_raw, attribute_raw, total_points
        from marts.fct_lead_score
        """
    )
    assert len(scores) > 8_000
    for lead, at, behaviour, attribute, total in scores:
        raw = {"behaviour": 0, "attribute": 0}
        for group, start, end, points in contributions[lead]:
            raw[group] += points if start <= at and (end is None or at < end) else 0
        assert (behaviour, attribute) == (raw["behaviour"], raw["attribute"])
        assert total == min(60, behaviour) + min(40, attribute)


def test_agreement_is_that_of_scikit_learn(demonstration: Warehouse) -> None:
    """E06: kappa, plain and with linear weights, per user and for all; its interval by hand."""
    pairs = defaultdict(list)
    for source, user, manual, rule in demonstration.rows(
        """
        select grade_source, user_id, manual_rank, rule_rank from marts.fct_score_grade
        where manual_rank is not null and rule_rank is not null
        """
    ):
        pairs[source, user].append((manual, rule))
        pairs[source, "(all)"].append((manual, rule))
    rows = demonstration.rows(
        """
        select grade_source, user_id, n, kappa, weighted_kappa, kappa_low, kappa_high,
            observed_agreement
        from marts.mart_score_grade_agreement
        """
    )
    assert len(rows) == len(pairs) > 5
    for source, user, n, kappa, weighted, low, high, observed in rows:
        manual, rule = zip(*pairs[source, user], strict=True)
        assert n == len(manual)
        plain = cohen_kappa_score(manual, rule, labels=[1, 2, 3])
        assert kappa == pytest.approx(plain, abs=1e-12)
        linear = cohen_kappa_score(manual, rule, labels=[1, 2, 3], weights="linear")
        assert weighted == pytest.approx(linear, abs=1e-12)
        by_chance = sum(manual.count(rank) * rule.count(rank) for rank in (1, 2, 3)) / n**2
        error = 1.959963984540054 * sqrt(observed * (1 - observed) / n) / (1 - by_chance)
        assert isclose(low, max(-1, plain - error), abs_tol=1e-12)
        assert isclose(high, min(1, plain + error), abs_tol=1e-12)


def test_the_queue_is_in_order_and_has_a_line(demonstration: Warehouse) -> None:
    """E05: every open net lead before sales once, by score, waiting time and key."""
    queue = demonstration.rows(
        """
        select lead_key, total_points, waiting_since, is_within_capacity, team_daily_capacity
        from marts.mart_sdr_queue order by queue_position
        """
    )
    assert [row[0] for row in queue] == [
        row[0] for row in sorted(queue, key=lambda row: (-row[1], row[2], row[0]))
    ]
    expected = demonstration.rows(
        """
        select lead_key
        from marts.fct_lead_stage_interval inner join marts.dim_lead using (lead_key)
        where is_open and stage in ('lead', 'mql', 'sal') and cleaning_outcome = 'net'
            and not is_deleted
        """
    )
    assert sorted(row[0] for row in queue) == sorted(row[0] for row in expected)
    capacity = queue[0][4]
    assert 0 < capacity < len(queue)
    assert [row[3] for row in queue] == [place < capacity for place in range(len(queue))]


def test_accounts_are_scored_by_their_people(demonstration: Warehouse) -> None:
    """E07: best person, best three together, and the number engaged, counted from the leads."""
    people: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for account, person, total, behaviour in demonstration.rows(
        """
        select account_key, coalesce(person_key, lead_key), total_points, behaviour_points
        from marts.dim_lead inner join marts.fct_lead_score using (lead_key)
        where valid_to is null and account_key is not null and cleaning_outcome <> 'exclude'
            and not is_deleted
        """
    ):
        before = people[account].get(person, (0, 0))
        people[account][person] = (max(before[0], total), max(before[1], behaviour))
    expected = {}
    for account, scores in people.items():
        points = sorted((total for total, _ in scores.values()), reverse=True)
        engaged = sum(behaviour > 0 for _, behaviour in scores.values())
        bucket = ("A" if engaged >= 3 else "B") if points[0] > 60 else "C" if engaged >= 3 else "D"
        expected[account] = (points[0], sum(points[:3]), engaged, len(scores), bucket)
    actual = {
        account: tuple(row)
        for account, *row in demonstration.rows(
            """
            select account_key, max_points, top_k_points, n_engaged_persons, n_persons, bucket
            from marts.fct_account_score
            """
        )
    }
    assert actual == expected
    assert {row[-1] for row in actual.values()} == set("ABCD")


def test_every_lead_has_a_score_or_a_reason(demonstration: Warehouse) -> None:
    """E09, E10: statuses add up to all leads, and no score that is there lacks its band."""
    ((n_leads, n_scored),) = demonstration.rows(
        """
        select (select count(*) from marts.dim_lead),
            (select count(*) from marts.fct_lead_score where valid_to is null and band is not null)
        """
    )
    statuses = dict(
        demonstration.rows("select coverage_status, n_leads from marts.mart_score_coverage")
    )
    assert sum(statuses.values()) == n_leads
    assert statuses["scored"] + statuses["scored_never_seen_on_the_web"] == n_scored
    assert set(statuses) <= {"scored", "scored_never_seen_on_the_web", "behaviour_not_computable"}
    bands = demonstration.rows(
        "select band, min(total_points), max(total_points) from marts.fct_lead_score group by 1"
    )
    lowest = {band: (low, high) for band, low, high in bands}
    assert lowest["HOT"][0] > 60 >= lowest["WARM"][1]
    assert lowest["WARM"][0] >= 30 > lowest["COLD"][1]
