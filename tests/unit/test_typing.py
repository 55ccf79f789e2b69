"""The reading of raw cells: text in, typed value or NULL out.

Every expected value is written by hand. "Refused" is NULL here; staging turns it into a rejected
row or a cell issue.
"""

from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.unit.typing_harness import Harness

SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"


@pytest.fixture(scope="module")
def macros() -> Harness:
    """One rendering of all portable macros."""
    return Harness()


ACCEPTED_INSTANTS = [
    # text as delivered, zone of a text without offset, UTC instant
    ("2025-01-05 08:03:00", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05T08:03:00", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05 08:03", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05T08:03", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05 8:03", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025-1-5 8:03:09", SHANGHAI, datetime(2025, 1, 5, 0, 3, 9)),
    ("2025-01-05 08:03:00.5", SHANGHAI, datetime(2025, 1, 5, 0, 3, 0, 500000)),
    ("2025-01-05 08:03:00.123456", SHANGHAI, datetime(2025, 1, 5, 0, 3, 0, 123456)),
    ("2025-01-05 08:03:00.123456789", SHANGHAI, datetime(2025, 1, 5, 0, 3, 0, 123456)),
    ("2025/1/5 8:03", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025/01/05 08:03:21", SHANGHAI, datetime(2025, 1, 5, 0, 3, 21)),
    ("2025年1月5日 8:03", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025年1月5日8:03", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("2025年12月31日 23:59:59", SHANGHAI, datetime(2025, 12, 31, 15, 59, 59)),
    ("2025-01-05  08:03:00", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    # the date alone is its local midnight
    ("2025-01-05", SHANGHAI, datetime(2025, 1, 4, 16, 0)),
    ("2025/1/5", SHANGHAI, datetime(2025, 1, 4, 16, 0)),
    ("2025年1月5日", SHANGHAI, datetime(2025, 1, 4, 16, 0)),
    ("2024-02-29", SHANGHAI, datetime(2024, 2, 28, 16, 0)),
    # an offset in the text beats the zone
    ("2025-01-05T08:03:00Z", SHANGHAI, datetime(2025, 1, 5, 8, 3)),
    ("2025-01-05 08:03:00 UTC", SHANGHAI, datetime(2025, 1, 5, 8, 3)),
    ("2025-01-05T08:03:00+08:00", NEW_YORK, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05T08:03:00+0800", NEW_YORK, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05 08:03:00+08", NEW_YORK, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05 08:03 +08:00", NEW_YORK, datetime(2025, 1, 5, 0, 3)),
    ("2025-01-05T08:03:00.000+0000", SHANGHAI, datetime(2025, 1, 5, 8, 3)),
    ("2025-01-05T23:30:00-05:00", SHANGHAI, datetime(2025, 1, 6, 4, 30)),
    ("2025-01-05T08:03:00-03:30", SHANGHAI, datetime(2025, 1, 5, 11, 33)),
    ("2025-01-05T08:03:00+05:45", SHANGHAI, datetime(2025, 1, 5, 2, 18)),
    ("2025/1/5 8:03:00.25Z", SHANGHAI, datetime(2025, 1, 5, 8, 3, 0, 250000)),
    # winter and summer time of a zone that has both
    ("2025-01-15 12:00:00", NEW_YORK, datetime(2025, 1, 15, 17, 0)),
    ("2025-07-15 12:00:00", NEW_YORK, datetime(2025, 7, 15, 16, 0)),
    ("2025-01-15 12:00:00", "UTC", datetime(2025, 1, 15, 12, 0)),
    # numbers of seconds and milliseconds since 1970
    ("1736035380", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("1736035380123", SHANGHAI, datetime(2025, 1, 5, 0, 3, 0, 123000)),
    ("1736035380.5", SHANGHAI, datetime(2025, 1, 5, 0, 3, 0, 500000)),
    ("1736035380.0", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    # full-width forms and invisible margins
    ("２０２５－０１－０５　０８：０３：００", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("２０２５年１月５日　８：０３", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    (" \t2025-01-05 08:03:00\r\n", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("　2025-01-05 08:03:00　", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
    ("\ufeff2025-01-05 08:03:00\u200b", SHANGHAI, datetime(2025, 1, 5, 0, 3)),
]

REFUSED_INSTANTS = [
    None,
    "",
    "  ",
    "　",
    "N/A",
    "-",
    "null",
    # day and month can not be told apart
    "03/04/2025",
    "03/04/2025 08:00",
    "3-4-2025",
    "25/12/2025",
    "12/25/2025",
    "03.04.2025",
    "5-Jan-25",
    # two-digit years
    "25-01-05",
    "25/1/5",
    # no such day or hour
    "2025-02-29",
    "2025-02-30 08:00:00",
    "2025-13-01",
    "2025-00-10",
    "0000-00-00 00:00:00",
    "2025-01-05 24:00:00",
    "2025-01-05 08:60",
    "2025-01-05 08:03:60",
    "2025-01-05 8",
    # what engines accept and people do not mean
    "infinity",
    "epoch",
    "today",
    "2025-01-05 (BC)",
    "2025-01",
    "2025",
    "45662",
    "2025-01-0508:03",
    "2025-1-108:03",
    "2025-01/05",
    "2025-01-05T08:03:00 Asia/Shanghai",
    "2025-01-05T08:03:00+15:00",
    "2025-01-05 08:03:00 and more",
    "x2025-01-05 08:03:00",
    # numbers that are not instants: a phone, too short, too long, negative
    "13800138000",
    "173603538",
    "17360353801234",
    "-1736035380",
    "0736035380",
]


@pytest.mark.parametrize(("raw", "zone", "expected"), ACCEPTED_INSTANTS)
def test_instant_is_read_as_utc(macros: Harness, raw: str, zone: str, expected: datetime) -> None:
    assert macros.read("parse_timestamp", raw, zone) == expected


@pytest.mark.parametrize("raw", REFUSED_INSTANTS)
def test_instant_is_refused_and_not_guessed(macros: Harness, raw: str | None) -> None:
    assert macros.read("parse_timestamp", raw, SHANGHAI) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2025-01-05", date(2025, 1, 5)),
        ("2025-1-5", date(2025, 1, 5)),
        ("2025/1/5", date(2025, 1, 5)),
        ("2025/01/05", date(2025, 1, 5)),
        ("2025年1月5日", date(2025, 1, 5)),
        ("２０２５年０１月０５日", date(2025, 1, 5)),
        ("20250105", date(2025, 1, 5)),
        ("2024-02-29", date(2024, 2, 29)),
        ("20240229", date(2024, 2, 29)),
        # the day as written: neither the time nor the offset moves it
        ("2025-01-05 23:59:59", date(2025, 1, 5)),
        ("2025-01-05T00:30:00+08:00", date(2025, 1, 5)),
        ("2025-01-05T23:30:00Z", date(2025, 1, 5)),
        ("2025/1/5 0:00", date(2025, 1, 5)),
        ("2025年1月5日 8:03", date(2025, 1, 5)),
        # an epoch number is an instant: its day is the one in the source's zone (00:30 in Shanghai)
        ("1736008200", date(2025, 1, 5)),
        ("1736008200000", date(2025, 1, 5)),
        # the sentinel of systems without NULL is still a date
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_day_is_read_as_written(macros: Harness, raw: str, expected: date) -> None:
    assert macros.read("parse_date", raw, SHANGHAI) == expected


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "N/A",
        "03/04/2025",
        "31/12/2025",
        "12/31/2025",
        "2025-02-29",
        "20250229",
        "2025-01-05 25:00",
        "2025-01",
        "2025.01.05",
        "250105",
        "45662",
        "31122025",
        "20122025",
        "0000-00-00",
    ],
)
def test_day_is_refused_and_not_guessed(macros: Harness, raw: str | None) -> None:
    assert macros.read("parse_date", raw, SHANGHAI) is None


def test_eight_digits_with_the_day_or_month_first_are_never_a_date(macros: Harness) -> None:
    """The claim in parse_date: DDMMYYYY and MMDDYYYY can not be taken for YYYYMMDD."""
    texts = [
        f"{first:02}{second:02}{year}"
        for first in range(1, 32)
        for second in range(1, 32)
        for year in range(1900, 2100)
    ]
    assert macros.read_all("parse_date", texts, SHANGHAI) == [None] * len(texts)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0", "0"),
        ("1234", "1234"),
        ("1234.5", "1234.5"),
        ("1234.", "1234"),
        (".5", "0.5"),
        ("-0.01", "-0.01"),
        ("+12", "12"),
        ("1,234.50", "1234.50"),
        ("12,345,678", "12345678"),
        ("-1,234.50", "-1234.50"),
        ("¥12", "12"),
        ("￥1,234.50", "1234.50"),
        ("-¥12", "-12"),
        ("¥-12", "-12"),
        ("$ 99.90", "99.90"),
        ("€7", "7"),
        ("CNY 12.5", "12.5"),
        ("usd12.5", "12.5"),
        ("12.5 RMB", "12.5"),
        ("12元", "12"),
        ("(1,234.50)", "-1234.50"),
        ("(¥12)", "-12"),
        ("１，２３４．５０", "1234.50"),
        ("￥１２", "12"),
        ("－１２", "-12"),
        ("　12.5　", "12.5"),
        ("1.2e5", "120000"),
        ("1E+3", "1000"),
        # four places are kept, the fifth rounds half up
        ("0.12344", "0.1234"),
        ("0.12345", "0.1235"),
        ("-0.12345", "-0.1235"),
        ("99999999999999.9999", "99999999999999.9999"),
    ],
)
def test_decimal_is_read_exactly(macros: Harness, raw: str, expected: str) -> None:
    assert macros.read("parse_decimal", raw) == Decimal(expected)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "N/A",
        "-",
        "无",
        "nan",
        "inf",
        "1.234,50",
        "12,34",
        "1,2345",
        ",123",
        "1,23,456",
        "1 234",
        "12%",
        "12万",
        "1.2.3",
        "--1",
        "-¥-1",
        "1-2",
        "1¥2",
        "¥",
        "12 CNY CNY",
        "0x10",
        "1_000",
        "100000000000000",
        "1e99",
        "12/5",
    ],
)
def test_decimal_is_refused_and_not_guessed(macros: Harness, raw: str | None) -> None:
    assert macros.read("parse_decimal", raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("0", 0),
        ("007", 7),
        ("-3", -3),
        ("+3", 3),
        ("1,234", 1234),
        ("1,234,567", 1234567),
        ("200.0", 200),
        ("200.", 200),
        ("1,200.00", 1200),
        ("１２３", 123),
        ("　１，２３４　", 1234),
        ("9223372036854775807", 9223372036854775807),
    ],
)
def test_integer_is_read(macros: Harness, raw: str, expected: int) -> None:
    assert macros.read("parse_integer", raw) == expected


@pytest.mark.parametrize(
    "raw",
    [None, "", "N/A", "200.5", "100-499", "200人", "12,34", "1e3", "9223372036854775808", "-", "~"],
)
def test_integer_is_refused(macros: Harness, raw: str | None) -> None:
    assert macros.read("parse_integer", raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (raw, True)
        for raw in ("true", "TRUE", "True", "t", "T", "yes", "Y", "y", "1", "是", "１", " 是　")
    ]
    + [(raw, False) for raw in ("false", "FALSE", "f", "no", "N", "n", "0", "否", "０", "Ｎ")]
    + [(raw, None) for raw in (None, "", "N/A", "2", "-1", "on", "对", "truee", "是否")],
)
def test_boolean_is_read(macros: Harness, raw: str | None, expected: bool | None) -> None:
    assert macros.read("parse_boolean", raw) is expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("星河软件", "星河软件"),
        ("  星河软件 ", "星河软件"),
        ("　星河　软件　", "星河　软件"),
        ("\ufeff星河\r\n", "星河"),
        ("\u00a0星河\u200b", "星河"),
        (" \t　星河 \n软件　\r\n", "星河 \n软件"),
        ("\u2003星河\u2003", "星河"),
        ("ＡＢＣ", "ＡＢＣ"),
        ("", None),
        (" 　\t", None),
        (None, None),
        ("NULL", "NULL"),
    ],
)
def test_text_is_trimmed_and_otherwise_kept(
    macros: Harness, raw: str | None, expected: str | None
) -> None:
    assert macros.value(macros.sql("clean_text", "raw"), raw) == expected
