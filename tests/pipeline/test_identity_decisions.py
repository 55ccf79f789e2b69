"""Decisions of humans and CRMs on a small company: each case was a defect once (C08, D3)."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pipeline.identity_project import copied_project, set_rows
from tests.pipeline.warehouse import Warehouse

DAYS = ("2026-03-31", "2026-04-30", "2026-05-31")
Row = Mapping[str, str]


def lead(lead_id: str, **more: str) -> Row:
    return {"lead_id": lead_id, "created_at": "2026-01-05 10:00:00", "status": "New", **more}


def form(submission_id: str, **more: str) -> Row:
    at = "2026-01-06 10:00:00"
    words = {"form_id": "demo", "form_kind": "demo", "submitted_at": at, "received_at": at}
    return {"submission_id": submission_id, **words, **more}


def merge(winner: str, loser: str) -> Row:
    return {"object_type": "lead", "winner_id": winner, "loser_id": loser}


DELIVERIES: dict[tuple[str, str], list[Row]] = {
    ("crm_leads", DAYS[0]): [
        lead("blocked", email="one@acme.cn"),
        lead("stays", email="two@lanhai.cn", company_name="上海明日科技有限公司"),
        lead("leaves", email="two@lanhai.cn", company_name="上海明日科技有限公司"),
        lead("first", mobile_phone="13911110001"),
        lead("third", mobile_phone="13911110003"),
        lead("ghost", email="ghost@qq.com", _is_deleted="true"),
        lead("left", email="left@qq.com"),
        lead("right", email="right@qq.com"),
    ],
    ("crm_leads", DAYS[1]): [lead("blocked", email="one@acme.cn", full_name="王伟")],
    ("crm_leads", DAYS[2]): [lead("ghost", email="ghost@qq.com")],
    ("web_form_submissions", DAYS[0]): [
        form("f_blocked", email="one@acme.cn", name="王伟"),
        form("f_cookie", email="three@qq.com", anonymous_id="cookie-one"),
        form("f_left", email="left@qq.com"),
        form("f_right", email="right@qq.com"),
    ],
    ("web_form_submissions", DAYS[1]): [
        form("f_cookie", email="three@qq.com", anonymous_id="cookie-two",
             received_at="2026-04-20 10:00:00"),
        form("f_ghost", email="ghost@qq.com"),
    ],
    ("crm_merge_log", DAYS[0]): [merge("second", "first"), merge("third", "second")],
}  # fmt: skip
OVERRIDES = [
    {"override_id": "o1", "entity": "person", "kind": "block_identifier",
     "identifier_type": "email", "identifier_value": "one@acme.cn",
     "decided_at": "2026-04-05 00:00:00",
     "withdrawn_at": "2026-04-10 00:00:00"},
    {"override_id": "o2", "entity": "person", "kind": "detach", "record_type": "crm_lead",
     "source_system": "crm", "record_id": "leaves", "decided_at": "2026-04-05 00:00:00"},
    {"override_id": "o3", "entity": "person", "kind": "block_identifier",
     "identifier_type": "mobile", "identifier_value": "13911110001",
     "decided_at": "2026-04-05 00:00:00"},
    {"override_id": "o4", "entity": "person", "kind": "must_link", "record_type": "crm_lead",
     "source_system": "crm", "record_id": "left", "other_record_type": "crm_lead",
     "other_source_system": "crm", "other_record_id": "right",
     "decided_at": "2026-04-05 00:00:00", "withdrawn_at": "2026-04-10 00:00:00"},
]  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    folder = tmp_path_factory.mktemp("decisions")
    for (table, day), rows in DELIVERIES.items():
        file = folder / "extracts" / table / f"extract_date={day}" / "crm.csv"
        _write(file, rows)
    project = copied_project(folder)
    words = {"reason": "test", "decided_by": "tester"}
    set_rows(project, "identity_override", "override_id", [row | words for row in OVERRIDES])
    warehouse = Warehouse(folder / "home", folder / "extracts", project=project)
    return warehouse.build_only("+bridge_identity +mart_identity_review +fct_identity_event")


def _write(file: Path, rows: list[Row]) -> None:
    file.parent.mkdir(parents=True)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def known(company: Warehouse, record_id: str, column: str, day: str) -> str | None:
    """Person or account of a record as known on a day."""
    found = company.rows(
        f"select {column} from marts.bridge_identity where record_id = '{record_id}'"
        f" and valid_from <= timestamp '{day} 23:00:00'"
        f" and (valid_to is null or valid_to > timestamp '{day} 23:00:00')"
    )
    return found[0][0] if found else None


def together(company: Warehouse, one: str, other: str, day: str, entity: str = "person") -> bool:
    key = known(company, one, f"{entity}_key", day)
    return key is not None and key == known(company, other, f"{entity}_key", day)


def test_a_withdrawn_block_restores_whatever_the_name_became(company: Warehouse) -> None:
    states = [
        together(company, "blocked", "f_blocked", day)
        for day in ("2026-04-01", "2026-04-07", "2026-04-20", "2026-05-15")
    ]
    assert states == [True, False, True, True]


def test_an_undone_merge_gives_everybody_the_former_id(company: Warehouse) -> None:
    records = ("left", "right", "f_left", "f_right")
    before, during, after = (
        [known(company, record, "person_key", day) for record in records]
        for day in ("2026-04-01", "2026-04-07", "2026-04-20")
    )
    assert before == after
    assert len(set(before)) == 2
    assert len(set(during)) == 1
    assert company.rows(
        "select event_kind, cause, cause_key, n_records from marts.fct_identity_event"
        " where cause_key = 'o4' order by known_at"
    ) == [("merged", "override", "o4", 2), ("undone", "override_withdrawn", "o4", 2)]


def test_a_person_is_detached_and_stays_with_the_account(company: Warehouse) -> None:
    assert together(company, "stays", "leaves", "2026-04-01")
    assert not together(company, "stays", "leaves", "2026-04-20")
    assert together(company, "stays", "leaves", "2026-04-20", "account")


def test_merges_hang_together_through_a_lead_nobody_delivered(company: Warehouse) -> None:
    assert together(company, "first", "third", "2026-04-20")


def test_what_was_known_of_a_tombstone_is_not_forgotten(company: Warehouse) -> None:
    """The lead came as deleted first; when it speaks later, its id is the one it had."""
    early = known(company, "ghost", "person_key", "2026-04-15")
    assert early is not None
    assert early == known(company, "f_ghost", "person_key", "2026-05-31")


def test_a_corrected_form_did_mention_its_first_cookie(company: Warehouse) -> None:
    assert together(company, "cookie-one", "f_cookie", "2026-04-01")
    assert known(company, "cookie-one", "person_key", "2026-05-15") is None
    assert together(company, "cookie-two", "f_cookie", "2026-05-15")


def test_a_decision_without_effect_is_an_alarm(company: Warehouse) -> None:
    """The value is not written as it is normalised: +8613911110001."""
    assert company.rows(
        "select review_kind, case_key from marts.mart_identity_review where severity = 'alarm'"
    ) == [("override_without_effect", "o3")]
