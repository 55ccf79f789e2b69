import csv
import datetime as dt
import itertools
from decimal import Decimal

import holidays
import pytest

from tests.project.reference_seeds import GENERATED, REFERENCE, as_csv


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", GENERATED)
def test_committed_file_is_what_the_libraries_give(name):
    committed = (REFERENCE / name).read_text("utf-8")
    assert committed == as_csv(GENERATED[name]()), "run python -m tests.project.reference_seeds"


def test_second_library_agrees_on_every_workday():
    calendar = rows("business_calendar.csv")
    days = [dt.date.fromisoformat(row["date"]) for row in calendar]
    assert days == [days[0] + dt.timedelta(n) for n in range(len(days))], "days missing"
    other = holidays.country_holidays("CN", years=range(days[0].year, days[-1].year + 1))
    differ = [
        row["date"]
        for row, day in zip(calendar, days, strict=True)
        if (row["is_workday"] == "true") != other.is_working_day(day)
    ]
    assert not differ


def test_rates_of_a_pair_neither_overlap_nor_leave_a_gap():
    pairs: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows("fx_rate.csv"):
        assert Decimal(row["rate"]) > 0
        pairs.setdefault((row["from_currency"], row["to_currency"]), []).append(row)
    for pair, rates in pairs.items():
        for earlier, later in itertools.pairwise(rates):
            assert earlier["valid_to"] == later["valid_from"], pair
        for rate in rates:
            assert not rate["valid_to"] or rate["valid_from"] < rate["valid_to"], pair


def test_mail_domains_are_lower_case_and_in_one_list_only():
    free, disposable = (
        [row["domain"] for row in rows(f"{kind}_mail_domain.csv")]
        for kind in ("free", "disposable")
    )
    assert not set(free) & set(disposable)
    assert all(domain == domain.strip().lower() for domain in free + disposable)


def test_a_character_maps_to_one_character():
    pairs = {row["trad"]: row["simp"] for row in rows("traditional_simplified.csv")}
    assert all(len(trad) == len(simp) == 1 for trad, simp in pairs.items())


def test_suffixes_carry_no_mark_of_the_list():
    kinds = {(row["suffix"], row["kind"]) for row in rows("public_suffix.csv")}
    assert {("com.cn", "plain"), ("ck", "wildcard"), ("www.ck", "exception")} <= kinds
    assert {("公司.cn", "plain"), ("xn--55qx5d.cn", "plain")} <= kinds
    assert ("github.io", "plain") not in kinds, "the private section is not ours"
    assert not any(set("*!/ ") & set(suffix) or suffix != suffix.lower() for suffix, _ in kinds)


def test_family_names_are_simplified_and_ranked_once():
    names = [row["family_name"] for row in rows("family_name.csv")]
    traditional = {row["trad"] for row in rows("traditional_simplified.csv")}
    assert not [name for name in names if set(name) & traditional]
    ranks = [int(row["frequency_rank"]) for row in rows("family_name.csv") if row["frequency_rank"]]
    assert sorted(ranks) == list(range(1, 101))
