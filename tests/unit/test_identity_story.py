"""Every kind of event, cause, refusal and neighbour is told, in both languages."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dagster_project.lib.identity.facts import Account, Event, Facts, Neighbour, Review
from dagster_project.lib.identity.lookup import Record
from dagster_project.lib.identity.phrases import Words
from dagster_project.lib.identity.story import Story
from dagster_project.lib.identity.ties import Edge, Tie

DAY = datetime(2025, 3, 3, 4, 0)
WORDS = {language: Words(language, ZoneInfo("Asia/Shanghai")) for language in ("en", "zh")}


def record(key: str, kind: str, person: str | None = "p" * 32) -> Record:
    return Record(key, kind, "crm", f"id of {key}", DAY, DAY, person, None, True)


def event(kind: str, cause: str, cause_kind: str | None = "mobile") -> Event:
    return Event(kind, "p" * 32, "q" * 32, 2, cause, "r2", cause_kind, "OV-7", DAY)


FACTS = Facts(
    person_key="p" * 32,
    records=[record("r1", "crm_lead"), record("r2", "call"), record("r3", "message_recipient")],
    anchor_key="r1",
    ties={"r2": Tie("r2", "r1", "n", "mobile", "k", 78, True)},
    shared={"r2": {"mobile": 1, "email": 2}},
    events=[],
    channels=[],
    record_channels={},
    n_outbound=0,
    accounts=[],
    refused=[],
    neighbours=[],
    reviews=[],
    n_attribute_conflicts=0,
    has_permission_conflict=False,
)


def test_evidence_is_told_with_the_other_record_and_its_strength() -> None:
    text = Story(FACTS, WORDS["en"], {"k": "138****8765"}).told()
    assert (
        "same mobile number as the CRM lead of 3 March 2025 (no. 1) [138****8765], in the hands of"
        " the same name (strength 78); also e-mail address of 2 more"
    ) in text
    assert "the first we loaded" in text
    assert "stands alone" in text
    assert "id of r3" not in text
    assert "No inbound touch." in text
    assert "No evidence of a company." in text
    chinese = Story(FACTS, WORDS["zh"], {}).told()
    assert (
        "与2025年3月3日的CRM线索（第1条）的手机号相同，且姓名一致（强度78）；另有邮箱（2条）"
        in chinese
    )


@pytest.mark.parametrize(
    ("happened", "english", "chinese"),
    [
        (event("merged", "new_evidence"), "qqqqqqqq (2 records) was merged into pppppppp: new"
         " evidence on the phone call of 3 March 2025 (no. 2): mobile number", "并入pppppppp"),
        (event("undone", "override_withdrawn"), "merge undone: pppppppp (2 records) came apart from"
         " qqqqqqqq again: decision OV-7 was withdrawn", "人工决定OV-7已撤回"),
        (event("split", "override"), "pppppppp (2 records) left qqqqqqqq: decision OV-7", "拆出"),
        (event("split", "refused_other_name", None), "left qqqqqqqq: the names differ",
         "姓名不同"),
        (event("moved", "evidence_ended"), "the mobile number is no longer on the",
         "移至"),
        (event("renamed", "evidence_ended"), "qqqqqqqq (2 records) is now pppppppp",
         "改为pppppppp"),
        (event("emptied", "record_withdrawn"), "pppppppp lost its last records: its source",
         "已无记录"),
        (event("created", "first_record"), "pppppppp begins with 2 records: first record", "建立"),
    ],
)  # fmt: skip
def test_every_event_is_told_with_its_cause(happened: Event, english: str, chinese: str) -> None:
    facts = replace(FACTS, events=[happened])
    assert english in Story(facts, WORDS["en"], {}).told()
    assert chinese in Story(facts, WORDS["zh"], {}).told()


def test_what_was_refused_or_is_near_is_told() -> None:
    facts = replace(
        FACTS,
        refused=[Edge("r2", "n", "unionid", "k", 95, False, "too_many")],
        neighbours=[Neighbour("visitor", 2, 3)],
        reviews=[Review("bridge", "warning", 1)],
        accounts=[Account("a" * 32, "A1", "buyer", DAY, True, 4, {"domain": 2})],
        n_attribute_conflicts=2,
        has_permission_conflict=True,
    )
    english, chinese = (Story(facts, WORDS[language], {}).told() for language in ("en", "zh"))
    for words in (
        "The WeChat unionid of the phone call of 3 March 2025 (no. 2) is refused: it would have",
        "The same browser (cookie) is on 3 records of 2 other persons: kept apart.",
        "To review: single identifier that holds two parts together (1 case, warning).",
        "The sources disagree on 2 attributes.",
        "Permissions disagree; the strictest holds.",
        "aaaaaaaa (CRM A1) · main · buyer since 3 March 2025; found by company domain on 2 rec",
    ):
        assert words in english
    for words in (
        "不予关联：同类编号过多",
        "另有2人的3条记录",
        "许可不一致",
        "采购，始于2025年3月3日",
    ):
        assert words in chinese
