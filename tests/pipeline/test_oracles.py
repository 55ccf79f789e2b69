"""Hard computations of the models against libraries that are not ours (used in tests only)."""

import random
from math import hypot
from pathlib import Path

import phonenumbers
import pytest
from scipy.stats import binomtest

from tests.pipeline.identifier_project import IdentifierProject
from tests.pipeline.warehouse import Warehouse

N_PHONES = 200_000
FULL_WIDTH = str.maketrans("0123456789+-", "０１２３４５６７８９＋－")


def test_the_published_interval_is_wilsons(demonstration: Warehouse) -> None:
    """L01: both bounds of every cell, against scipy."""
    rows = demonstration.rows(
        """
        select distinct n_converted, n_mature, conversion_rate_low, conversion_rate_high
        from marts.mart_funnel_cohort where n_mature > 0
        """
    )
    assert len(rows) > 50
    for k, n, low, high in rows:
        interval = binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert (low, high) == pytest.approx((interval.low, interval.high), abs=1e-12)
        assert 0 <= low <= k / n <= high <= 1


def test_the_difference_of_conversions_is_newcombes(demonstration: Warehouse) -> None:
    """X14: percentage points with an interval, against scipy's Wilson scores."""
    # Table II of the paper, method 10.
    assert _newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert _newcombe(9, 10, 3, 10) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    rows = demonstration.rows(
        """
        select n_sql_met, n_met, n_sql_breached, n_breached,
            difference_pp, difference_pp_low, difference_pp_high
        from marts.mart_sla_conversion where reading = 'association_only'
        """
    )
    assert len(rows) > 4
    for k1, n1, k2, n2, *published in rows:
        bounds = (k1 / n1 - k2 / n2, *_newcombe(k1, n1, k2, n2))
        assert published == pytest.approx([100 * bound for bound in bounds], abs=1e-9)


def _newcombe(k1: int, n1: int, k2: int, n2: int) -> tuple[float, float]:
    first, second = (
        binomtest(k, n).proportion_ci(0.95, method="wilson") for k, n in ((k1, n1), (k2, n2))
    )
    p1, p2 = k1 / n1, k2 / n2
    return (
        p1 - p2 - hypot(p1 - first.low, second.high - p2),
        p1 - p2 + hypot(first.high - p1, p2 - second.low),
    )


def test_mobiles_are_those_of_the_phone_library(tmp_path: Path) -> None:
    """B05: random numbers in the spellings people use; phonenumbers has the last word."""
    dice = random.Random(5)
    numbers = [_random_number(dice) for _ in range(N_PHONES)]
    project = IdentifierProject(tmp_path / "dbt")
    project.records({"phone": numbers})
    project.built("int_identifiers__phones")
    ours = {
        raw: e164 if phone_type == "mobile" else None
        for raw, phone_type, e164 in project.rows(
            "select raw_phone, phone_type, e164 from int_identifiers__phones"
        )
    }
    assert len(ours) > N_PHONES * 0.9
    wrong = [(raw, e164, _library(raw)) for raw, e164 in ours.items() if e164 != _library(raw)]
    assert wrong == []
    assert sum(e164 is not None for e164 in ours.values()) > N_PHONES / 4


def _random_number(dice: random.Random) -> str:
    digits = "1" + "".join(dice.choice("0123456789") for _ in range(10))
    if dice.random() < 0.1:  # one digit too few or too many
        digits = digits[:-1] if dice.random() < 0.5 else digits + "1"
    grouped = dice.choice(
        [
            digits,
            f"{digits[:3]} {digits[3:7]} {digits[7:]}",
            f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
        ]
    )
    spelled = dice.choice(["", "+86", "+86 ", "0086", "0086-", "86", "(+86)"]) + grouped
    return spelled.translate(FULL_WIDTH) if dice.random() < 0.1 else spelled


def _library(raw: str) -> str | None:
    """E.164 of a valid Chinese mobile, else None."""
    try:
        number = phonenumbers.parse(raw, "CN")
    except phonenumbers.NumberParseException:
        return None
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    if number.country_code != 86 or not is_mobile or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
