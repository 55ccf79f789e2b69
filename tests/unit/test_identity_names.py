"""Personal names, read by the words of the seeds as they are shipped."""

import csv
import itertools
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.lib.identity import names
from dagster_project.lib.identity.names import Name, NameRules, compatible

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


def _rows(path: str) -> list[dict[str, str]]:
    with (SEEDS / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RULES = NameRules.from_rows(
    patterns=[(row["name_regex"], row["name_kind"]) for row in _rows("rules/honorific_name.csv")],
    families=[
        (
            row["family_name"],
            row["reading"] or None,
            int(row["frequency_rank"]) if row["frequency_rank"] else None,
        )
        for row in _rows("reference/family_name.csv")
    ],
    simplified=[
        (row["trad"], row["simp"]) for row in _rows("reference/traditional_simplified.csv")
    ],
)


def parse(raw: str) -> Name:
    return names.parse(raw, RULES)


@pytest.mark.parametrize(
    ("raw", "key", "family"),
    [
        ("王伟", "王伟", "王"),
        (" 王　伟 ", "王伟", "王"),
        ("王偉", "王伟", "王"),
        ("張三丰", "张三丰", "张"),
        ("欧阳晓明", "欧阳晓明", "欧阳"),
        ("歐陽 曉明", "欧阳晓明", "欧阳"),
        ("司马光", "司马光", "司马"),
        ("王建工", "王建工", "王"),  # 工 is a form of address behind a family name only
        ("王伟经理", "王伟", "王"),
        ("王伟 总监", "王伟", "王"),
        ("王伟总", "王伟", "王"),
        ("张三丰老师", "张三丰", "张"),
        ("王伟（华为）", "王伟", "王"),
        ("王伟-华为", "王伟", "王"),
        ("王伟 华为", "王伟", "王"),
        ("王伟/Vivian", "王伟", "王"),
        ("Vivian 王伟", "王伟", "王"),
        ("A王伟", "王伟", "王"),
        ("王伟13812345678", "王伟", "王"),
        ("王伟😀", "王伟", "王"),
        ("阿卜杜拉·买买提", "阿卜杜拉买买提", None),
        ("Wang Wei", "wang wei", "wang"),
        ("WANG, Wei", "wei wang", "wang"),
        ("ＷＡＮＧ　Ｗｅｉ", "wang wei", "wang"),
        ("wang.wei", "wang wei", "wang"),
        ("wang_wei88", "wang wei", "wang"),
        ("Xiao-Ming Wang", "xiaoming wang", "wang"),
        ("Mr. Wang Wei", "wang wei", "wang"),
        ("Dr John Smith", "john smith", "smith"),
        ("Smith, John", "john smith", "smith"),
        ("John A. Smith", "john a smith", "smith"),
        ("John Smith PhD", "john smith", "smith"),
        ("José García", "jose garcia", "garcia"),
        ("Иван Петров", "иван петров", "петров"),
        ("김철수", "김철수", "김"),
    ],
)
def test_full_names(raw: str, key: str, family: str | None) -> None:
    name = parse(raw)
    assert (name.kind, name.name_key, name.family_name) == ("full", key, family)


@pytest.mark.parametrize(
    ("raw", "family", "reading"),
    [
        ("王总", "王", "wang"),
        ("王總", "王", "wang"),
        ("王工", "王", "wang"),
        ("李经理", "李", "li"),
        ("李副总经理", "李", "li"),
        ("张老师", "张", "zhang"),
        ("赵先生", "赵", "zhao"),
        ("孙小姐", "孙", "sun"),
        ("欧阳总", "欧阳", "ouyang"),
        ("老王", "王", "wang"),
        ("单总", "单", "shan"),
        ("Mr Wang", "wang", "wang"),
        ("Ms. Lyu", "lyu", "lu"),
        ("wang zong", "wang", "wang"),
    ],
)
def test_forms_of_address(raw: str, family: str, reading: str) -> None:
    assert parse(raw) == Name(None, "address", family, reading)


@pytest.mark.parametrize(
    "raw",
    [
        "王",
        "小雨",
        "小王",
        "阳光",
        "Vivian",
        "J Smith",
        "王Vivian",
        "阿不都热依木",
        "田中さん",
        "测某",
    ],
)
def test_parts_of_names_and_nicknames(raw: str) -> None:
    name = parse(raw)
    assert (name.kind, name.name_key) == ("partial", None)


@pytest.mark.parametrize(
    "raw",
    [
        "", " ", "匿名", "匿名用户", "微信用户", "微信用户123", "客户", "新客户", "无", "暂无",
        "未知", "先生", "老师", "销售经理", "技术总监", "测试", "测试 01", "n/a", "N/A", "null",
        "test", "asdf", "Test User", "Unknown", "guest", "first name", "13812345678", "???",
        "😀", "aaa", "XX", "a@b.cn", "www.acme.cn",
    ],
)  # fmt: skip
def test_no_names(raw: str) -> None:
    assert parse(raw) == Name(None, "none")


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("wangwei", ["王伟", "Wang Wei", "Wei Wang", "WANG Wei", "wangwei", "WeiWang", "王薇"]),
        (
            "wangxiaoming",
            [
                "王晓明", "Wang Xiaoming", "Xiaoming Wang", "Wang Xiao Ming", "Xiao Ming Wang",
                "Xiao-Ming Wang", "wangxiaoming", "xiaomingwang",
            ],
        ),
        ("ouyangxiaoming", ["欧阳晓明", "Ouyang Xiaoming", "Xiaoming Ouyang", "ouyangxiaoming"]),
        ("bulu", ["吕布", "Lü Bu", "Lv Bu", "Lyu Bu", "Bu Lu"]),
        ("shanxiaoli", ["单小丽", "Shan Xiaoli"]),
        ("zengzhiwei", ["曾志伟", "Zeng Zhiwei"]),
        ("johnsmith", ["John Smith", "Smith John", "SMITH, John"]),
    ],
)  # fmt: skip
def test_all_spellings_of_a_name_share_its_latin_key(key: str, spellings: list[str]) -> None:
    assert {spelling: parse(spelling).latin_key for spelling in spellings} == dict.fromkeys(
        spellings, key
    )


ONE_PERSON = [
    ("王伟", "王偉"),
    ("王伟", "Wang Wei"),
    ("王伟", "wei wang"),
    ("王伟", "wangwei"),
    ("王伟", "王总"),
    ("王伟", "Mr Wang"),
    ("Wang Wei", "王总"),
    ("Wei Wang", "Mr Wang"),
    ("吕布", "Ms Lyu"),
    ("王总", "Mr Wang"),
    ("王伟", "小雨"),
    ("王伟", "Vivian"),
    ("王伟", "微信用户"),
    ("John Smith", "Jon Smith"),
    ("John Smith", "Smith, John A."),
    ("Katharina Meyer", "Katarina Meier"),
    ("Meyer Katharina", "Katarina Meier"),
    ("Vivian Wang", "Vivian W. Wang"),
    ("Jonathan Smith", "Johnathan Smyth"),
    ("阿卜杜拉·买买提", "阿卜杜拉买买提"),
]
TWO_PEOPLE = [
    ("王伟", "王芳"),
    ("王伟", "李伟"),
    ("王伟", "Li Wei"),
    ("王伟", "Wang Fang"),
    ("王总", "李总"),
    ("王总", "李强"),
    ("王总", "Mr Li"),
    ("Mr Wang", "李强"),
    ("Mr Smith", "John Miller"),
    ("John Smith", "Peter Miller"),
    ("Emma White", "Olivia Brown"),
    ("An Li", "Bo Wu"),
    ("王建国", "王建军"),
]


@pytest.mark.parametrize(("a", "b"), ONE_PERSON)
def test_names_that_may_be_one_person(a: str, b: str) -> None:
    assert compatible(parse(a), parse(b))
    assert compatible(parse(b), parse(a))


@pytest.mark.parametrize(("a", "b"), TWO_PEOPLE)
def test_names_of_two_people(a: str, b: str) -> None:
    assert not compatible(parse(a), parse(b))
    assert not compatible(parse(b), parse(a))


ALPHABET = "王李欧阳司马伟芳晓明总老师小·･ -_,.（）()aeiwglnsmvü'’ÀéЖ김さ１9😀@/"
WRITTEN = st.one_of(
    st.text(ALPHABET, max_size=14),
    st.sampled_from([*itertools.chain(*ONE_PERSON, *TWO_PEOPLE)]),
    st.text(max_size=10),
)


@settings(deadline=None)
@given(WRITTEN)
def test_any_text_is_read_and_agrees_with_itself(raw: str) -> None:
    name = parse(raw)
    assert name.kind in {"full", "address", "partial", "none"}
    assert (name.name_key is not None) == (name.kind == "full")
    assert name.name_key != ""
    assert name.latin_key is None or re.fullmatch("[a-z]+", name.latin_key)
    assert compatible(name, name)


@settings(deadline=None)
@given(WRITTEN, WRITTEN)
def test_comparing_is_symmetric(a: str, b: str) -> None:
    assert compatible(parse(a), parse(b)) == compatible(parse(b), parse(a))


@settings(max_examples=30, deadline=None)
@given(st.lists(WRITTEN, max_size=6))
def test_the_order_of_names_and_rules_changes_nothing(raws: list[str]) -> None:
    patterns = [(p.pattern, kind) for p, kind in RULES.patterns]
    families = [(family, reading, None) for family, reading in RULES.families.items()]
    forward = NameRules.from_rows(patterns, families, [("偉", "伟")])
    backward = NameRules.from_rows(patterns[::-1], families[::-1], [("偉", "伟")])
    assert names.as_table(names.parse_all(raws, forward)).equals(
        names.as_table(names.parse_all(raws[::-1], backward))
    )


@given(st.text("abc", max_size=7), st.text("abc", max_size=7), st.integers(0, 3))
def test_distance_is_levenshteins(a: str, b: str, allowed: int) -> None:
    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        return min(
            distance(i - 1, j) + 1,
            distance(i, j - 1) + 1,
            distance(i - 1, j - 1) + (a[i - 1] != b[j - 1]),
        )

    assert names._within(a, b, allowed) == (distance(len(a), len(b)) <= allowed)


def test_no_rows_give_an_empty_table_of_text() -> None:
    table = names.as_table(names.parse_all([], RULES))
    assert table.column_names == ["raw_name", "name_key", "name_kind", "family_name", "latin_key"]
    assert table.num_rows == 0
    assert {str(column.type) for column in table.schema} == {"string"}


def test_every_reading_in_the_seed_differs_from_the_usual_one() -> None:
    usual = {
        row["family_name"]: names._reading(row["family_name"])
        for row in _rows("reference/family_name.csv")
    }
    same = [
        row["family_name"]
        for row in _rows("reference/family_name.csv")
        if row["reading"] == usual[row["family_name"]]
    ]
    assert not same
