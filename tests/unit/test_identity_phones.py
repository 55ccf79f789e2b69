"""Phones as people write them. The oracle builds a valid number first and spells it afterwards."""

import importlib.util
import random
from pathlib import Path
from types import SimpleNamespace

import duckdb
import phonenumbers
import pytest

from dagster_project.lib.identity import phones
from dagster_project.lib.identity.phones import Phone, parse

MODEL = (
    Path(__file__).resolve().parents[2]
    / "dbt/models/intermediate/identifiers/int_identifiers__phones_parsed.py"
)
FULL_WIDTH = str.maketrans("0123456789+-()", "０１２３４５６７８９＋－（）")
N_SPELLINGS = 6_000
REGIONS = [
    "US", "GB", "DE", "FR", "HK", "MO", "TW", "SG", "JP", "KR", "AU", "IN", "BR", "IT", "MY", "VN",
]  # fmt: skip

MOBILE = "+8613812345678"
BEIJING = "+861062345678"


@pytest.mark.parametrize(
    ("raw", "kind", "e164"),
    [
        ("13812345678", "mobile", MOBILE),
        ("013812345678", "mobile", MOBILE),
        ("12593 13812345678", "mobile", MOBILE),  # carrier prefix
        ("手机：138-1234-5678（微信同号）", "mobile", MOBILE),
        ("13812345678 wechat", "mobile", MOBILE),
        ("138-1234567-8", "mobile", MOBILE),
        ("13812345678转2", "mobile", MOBILE),
        ("13812345678/13912345678", "mobile", MOBILE),  # the first of two
        ("13812345678 13912345678", "mobile", MOBILE),
        ("无/13812345678", "mobile", MOBILE),
        ("010-62345678", "fixed_line", BEIJING),
        ("(010)62345678", "fixed_line", BEIJING),
        ("86 10 62345678", "fixed_line", BEIJING),
        ("+86 (0)10 6234 5678", "fixed_line", BEIJING),
        ("010—62345678", "fixed_line", BEIJING),
        ("010一62345678", "fixed_line", BEIJING),  # the character for one, typed for a dash
        ("010-62345678-801", "fixed_line", BEIJING),
        ("010-62345678转801", "fixed_line", BEIJING),
        ("010-62345678 分机：801", "fixed_line", BEIJING),
        ("010-62345678 ext. 801", "fixed_line", BEIJING),
        ("010 6234 5678 x801", "fixed_line", BEIJING),
        ("电话：０１０－６２３４５６７８", "fixed_line", BEIJING),
        ("62345678", "fixed_line", None),  # whose city?
        ("62345678-801", "fixed_line", None),
        ("400-820-8820", "service", "+864008208820"),
        ("800 810 8888", "service", "+868008108888"),
        ("95588", "service", "+8695588"),
        ("12306", "service", "+8612306"),
        ("+1 415 555 2671", "foreign", "+14155552671"),
        ("+852 6123 4567", "foreign", "+85261234567"),
        ("00852 61234567", "foreign", "+85261234567"),
        ("+44 20 7946 0958", "fixed_line", "+442079460958"),
        ("+1-800-FLOWERS", "service", "+18003569377"),
        ("12345678901", "invalid", None),
        ("138 1234 567", "invalid", None),
        ("11111111", "invalid", None),
        ("000", "invalid", None),
        ("1234", "invalid", None),
        ("无", "empty", None),
        ("", "empty", None),
        ("-", "empty", None),
    ],
)
def test_spelling_is_read(raw: str, kind: str, e164: str | None) -> None:
    phone = parse(raw)
    assert (phone.phone_type, phone.e164) == (kind, e164)
    assert phone.national_number.isdigit() or phone == Phone("", "empty", None)


@pytest.mark.parametrize(
    "raw",
    ["+1 415 555 9028", "+1 381 234 5678", "+1 (381) 234-5678", "1-800-FLOWERS", "+138123456789"],
)
def test_foreign_number_never_looks_like_a_chinese_mobile(raw: str) -> None:
    phone = parse(raw)
    assert phone.phone_type != "mobile"
    assert not (phone.e164 or "").startswith("+86")


def test_several_thousand_spellings_of_fixed_lines_and_foreign_numbers() -> None:
    dice = random.Random(7)
    chinese = {phonenumbers.PhoneNumberType.FIXED_LINE: "fixed_line"}
    wrong, kinds = [], set()
    for _ in range(N_SPELLINGS):
        abroad = dice.random() < 0.5
        number = _random_foreign(dice) if abroad else _random_fixed_line(dice)
        kind = phonenumbers.number_type(number)
        expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        raw = _spelled(number, dice, abroad)
        found = parse(raw)
        kinds.add((abroad, found.phone_type))
        if found.e164 != expected or not (abroad or found.phone_type == chinese[kind]):
            wrong.append((raw, found, expected))
    assert not wrong, f"{len(wrong)} of {N_SPELLINGS}: {wrong[:10]}"
    assert kinds >= {(False, "fixed_line"), (True, "foreign"), (True, "fixed_line")}


def test_each_spelling_is_parsed_once_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second build parses nothing, gives the same table, and forgets what is gone."""
    spec = importlib.util.spec_from_file_location("phones_parsed", MODEL)
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    calls = []
    library = phonenumbers.parse
    monkeypatch.setattr(
        phones.phonenumbers, "parse", lambda *given: calls.append(given) or library(*given)
    )
    connection = duckdb.connect()
    connection.execute(
        """
        create table spellings as select raw_phone, null as mobile_number
        from (values ('010-62345678'), ('+1 415 555 2671'), ('95588'), ('无')) as raws (raw_phone)
        """
    )

    def build() -> list[tuple]:
        calls.clear()
        built = model.model(_dbt(connection), connection)
        rows = list(zip(*built.to_pydict().values(), strict=True))
        connection.register("built", built)
        connection.execute("create or replace table parsed as from built")
        return rows

    first = build()
    assert [row[0] for row in first] == ["+1 415 555 2671", "010-62345678", "95588", "无"]
    assert len(calls) >= 3
    assert build() == first
    assert calls == []
    connection.execute("insert into spellings values ('021-58888888', null)")
    assert build() == sorted(
        [*first, ("021-58888888", "2158888888", "fixed_line", "+862158888888", first[0][-1])]
    )
    assert len(calls) == 1
    connection.execute("delete from spellings where raw_phone in ('021-58888888', '95588')")
    assert build() == [row for row in first if row[0] != "95588"]
    monkeypatch.setattr(phones, "parser_version", lambda *_: "another version")
    assert [row[:4] for row in build()] == [row[:4] for row in first if row[0] != "95588"]
    assert len(calls) >= 2


def test_no_rows_give_an_empty_table_of_text() -> None:
    table = phones.as_table(phones.parse_all([]))
    assert table.num_rows == 0
    assert {str(column.type) for column in table.schema} == {"string"}


def _dbt(connection: duckdb.DuckDBPyConnection) -> SimpleNamespace:
    class This:
        schema, identifier = "main", "parsed"

        def __str__(self) -> str:
            return "parsed"

    class Config:
        def __call__(self, **_: object) -> None:
            """Settings made in the model."""

        @staticmethod
        def meta_get(_: str) -> str:
            return "CN"

    return SimpleNamespace(
        config=Config(), ref=lambda _: connection.table("spellings"), this=This()
    )


def _random_fixed_line(dice: random.Random) -> phonenumbers.PhoneNumber:
    areas = [10, 20, 21, 22, 23, 24, 25, 27, 28, 29, 371, 512, 531, 571, 755, 769, 898]
    while True:
        area = str(dice.choice(areas))
        line = dice.choice("2345678") + "".join(dice.choice("0123456789") for _ in range(7))
        number = phonenumbers.PhoneNumber(country_code=86, national_number=int(area + line))
        if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE:
            return number


def _random_foreign(dice: random.Random) -> phonenumbers.PhoneNumber:
    kinds = [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE]
    while True:
        region = dice.choice(REGIONS)
        example = phonenumbers.example_number_for_type(region, dice.choice(kinds))
        digits = str(example.national_number)
        changed = digits[:-4] + "".join(dice.choice("0123456789") for _ in range(4))
        number = phonenumbers.PhoneNumber(
            country_code=example.country_code,
            national_number=int(changed),
            italian_leading_zero=example.italian_leading_zero,
        )
        if phonenumbers.is_valid_number(number):
            return number


def _spelled(number: phonenumbers.PhoneNumber, dice: random.Random, abroad: bool) -> str:
    formats = phonenumbers.PhoneNumberFormat
    international = phonenumbers.format_number(number, formats.INTERNATIONAL)
    e164 = phonenumbers.format_number(number, formats.E164)
    spellings = [
        international,
        e164,
        international.replace(" ", "-"),
        "00" + e164[1:],
        f"Tel: {international}",
    ]
    if not abroad:
        national = phonenumbers.format_number(number, formats.NATIONAL)
        digits = "0" + str(number.national_number)
        area = national.split(" ")[0].strip("()")
        rest = digits[len(area) :]
        spellings += [
            national, digits, f"{area}-{rest}", f"({area}){rest}", f"（{area}）{rest}",
            f"{area} {rest}",
            f"{area}-{rest[:4]}-{rest[4:]}", f"86-{area[1:]}-{rest}", f"+86(0){area[1:]} {rest}",
            f"电话{area}-{rest}", f"{area}-{rest}-{dice.randrange(1, 9999)}",
            f"{area}-{rest}转{dice.randrange(1, 9999)}", f"{digits} ext {dice.randrange(1, 999)}",
        ]  # fmt: skip
    raw = dice.choice(spellings)
    return raw.translate(FULL_WIDTH) if dice.random() < 0.15 else raw
