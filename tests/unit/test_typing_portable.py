"""The portable macros that models use: the DuckDB text of each does what its name says.

The Spark texts are rendered too: they can not be run here, but must not be missing or fall over.
"""

import hashlib
import re
from datetime import date, datetime

import pytest

from tests.unit.typing_harness import MACROS, Harness


@pytest.fixture(scope="module")
def macros() -> Harness:
    """One rendering of all portable macros for DuckDB."""
    return Harness()


def key(macros: Harness, *expressions: str) -> str:
    """The surrogate key of SQL expressions."""
    return macros.value(macros.sql("surrogate_key", list(expressions)))


def test_surrogate_key_is_the_md5_of_counted_parts(macros: Harness) -> None:
    expected = hashlib.md5(b"3:crm2:L1", usedforsecurity=False).hexdigest()
    assert key(macros, "'crm'", "'L1'") == expected


def test_surrogate_key_tells_null_from_empty_and_parts_from_each_other(macros: Harness) -> None:
    lists = [
        ("'ab'", "'c'"),
        ("'a'", "'bc'"),
        ("'abc'", "''"),
        ("'abc'", "null"),
        ("''", "'abc'"),
        ("null", "'abc'"),
        ("'abc'",),
        ("'a|b'", "'c'"),
        ("'a'", "'b|c'"),
        ("'1:a1:b'", "''"),
        ("'-'", "null"),
        ("null", "'-'"),
        ("null", "null"),
    ]
    assert len({key(macros, *parts) for parts in lists}) == len(lists)


def test_surrogate_key_counts_characters_not_bytes(macros: Harness) -> None:
    expected = hashlib.md5("2:星河".encode(), usedforsecurity=False).hexdigest()
    assert key(macros, "'星河'") == expected


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0", 0),
        ("12.34", 1234),
        ("0.005", 1),
        ("-0.005", -1),
        ("0.0049", 0),
        ("1.0050", 101),
        ("-1.0050", -101),
        ("2.675", 268),
        ("99999999999999.9999", 10_000_000_000_000_000),
    ],
)
def test_money_is_rounded_half_away_from_zero(macros: Harness, amount: str, cents: int) -> None:
    expression = f"cast('{amount}' as decimal(18, 4))"
    assert macros.value(macros.sql("money_minor", expression)) == cents


def test_seconds_between_counts_forward_and_keeps_fractions(macros: Harness) -> None:
    early, late = "timestamp '2025-01-05 23:59:59.5'", "timestamp '2025-01-06 00:00:01'"
    assert macros.value(macros.sql("seconds_between", early, late)) == 1.5
    assert macros.value(macros.sql("seconds_between", late, early)) == -1.5


def test_instant_moves_to_a_zone_and_back(macros: Harness) -> None:
    instant = "timestamp '2025-07-01 20:00:00'"
    assert macros.value(macros.sql("to_local", instant, "Asia/Shanghai")) == datetime(2025, 7, 2, 4)
    assert macros.value(macros.sql("to_local_date", instant, "Asia/Shanghai")) == date(2025, 7, 2)
    assert macros.value(macros.sql("to_local", instant, "UTC")) == datetime(2025, 7, 1, 20)
    local = "timestamp '2025-07-01 20:00:00'"
    new_york = macros.sql("to_utc", local, "America/New_York")
    assert macros.value(new_york) == datetime(2025, 7, 2)


def test_zone_may_be_a_column(macros: Harness) -> None:
    query = macros.sql("to_local_date", "spend.instant", "spend.account_timezone")
    rows = macros.rows(
        f"select {query} from (values "
        "(timestamp '2025-07-01 20:00:00', 'Asia/Shanghai'), "
        "(timestamp '2025-07-01 03:00:00', 'America/New_York')"
        ") as spend (instant, account_timezone)"
    )
    assert rows == [(date(2025, 7, 2),), (date(2025, 6, 30),)]


@pytest.mark.parametrize(
    ("first", "last", "expected"), [(1, 3, [1, 2, 3]), (2, 2, [2]), (3, 1, []), (-1, 0, [-1, 0])]
)
def test_series_includes_both_ends(
    macros: Harness, first: int, last: int, expected: list[int]
) -> None:
    query = macros.sql("series", first, last, "n")
    assert [row[0] for row in macros.rows(query)] == expected


def test_series_takes_subqueries(macros: Harness) -> None:
    query = macros.sql("series", "(select min(x) from (values (2), (4)) as v (x))", "3", "n")
    assert macros.rows(query) == [(2,), (3,)]


def test_day_series_crosses_a_leap_day(macros: Harness) -> None:
    query = macros.sql("day_series", "date '2024-02-28'", "date '2024-03-01'", "day")
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert [row[0] for row in macros.rows(query)] == days
    backwards = macros.sql("day_series", "date '2024-02-02'", "date '2024-02-01'", "day")
    assert macros.rows(backwards) == []


def test_regex_is_found_anywhere_and_replaced_everywhere(macros: Harness) -> None:
    assert macros.value(macros.sql("regex_like", "raw", "b[0-9]"), "ab1") is True
    assert macros.value(macros.sql("regex_like", "raw", "^b[0-9]"), "ab1") is False
    assert macros.value(macros.sql("regex_replace_all", "raw", "[ -]", ""), "1-2 3-4") == "1234"
    assert macros.value(macros.sql("regex_extract", "raw", "[0-9]+"), "ab12c3") == "12"


def test_pattern_may_hold_quotes_or_be_a_column(macros: Harness) -> None:
    assert macros.value(macros.sql("regex_replace_all", "raw", "[\"']", "_"), "a'b\"c") == "a_b_c"
    query = macros.sql("regex_like", "rules.name", "rules.name_regex")
    rows = macros.rows(
        f"select {query} from (values ('abc', '^a'), ('abc', '^b')) as rules (name, name_regex)"
    )
    assert rows == [(True,), (False,)]


def test_text_of_a_group_is_ordered(macros: Harness) -> None:
    values = "(values ('b', 1), ('a', 3), (null, 2), ('b', 4)) as v (x, n)"
    distinct = macros.sql("distinct_sorted_text", "x", "; ")
    assert macros.rows(f"select {distinct} from {values}") == [("a; b",)]
    assert macros.rows(f"select {distinct} from {values} where x is null") == [(None,)]
    ordered = macros.sql("ordered_text_agg", "x", "", "n desc nulls last")
    assert macros.rows(f"select {ordered} from {values}") == [("bab",)]


def test_half_width_maps_every_full_width_form_and_nothing_else(macros: Harness) -> None:
    full = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F)) + "\u3000\uffe5"
    plain = "".join(chr(code) for code in range(0x21, 0x7F)) + " ¥"
    half_width = macros.sql("half_width", "raw")
    assert macros.value(half_width, full) == plain
    assert macros.value(half_width, plain) == plain
    assert macros.value(half_width, "星河（北京）a１") == "星河(北京)a1"
    assert macros.value(half_width, "①「星」㎡") == "①「星」㎡"
    assert macros.value(half_width, None) is None


def test_every_dispatched_macro_has_both_engines() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in MACROS.glob("*.sql"))
    dispatched = set(re.findall(r"adapter\.dispatch\(['\"](\w+)['\"]\)", text))
    defined = set(re.findall(r"{% macro (\w+)\(", text))
    assert dispatched
    for name in dispatched:
        assert {f"default__{name}", f"spark__{name}"} <= defined, name
    assert {f"{engine}__{name}" for engine in ("default", "spark") for name in dispatched} == {
        name for name in defined if name.startswith(("default__", "spark__"))
    }


def test_spark_texts_render() -> None:
    spark = Harness("spark")
    assert "timestamp_micros" in spark.sql("parse_timestamp", "cell", "Asia/Shanghai")
    assert "to_utc_timestamp" in spark.sql("parse_timestamp", "cell", "Asia/Shanghai")
    assert "regexp_like" in spark.sql("parse_decimal", "cell")
    assert "from_utc_timestamp" in spark.sql("parse_date", "cell", "Asia/Shanghai")
    assert "btrim" in spark.sql("clean_text", "cell")
    assert spark.sql("text_literal", "it's a \\ sign") == r"'it\'s a \\ sign'"
