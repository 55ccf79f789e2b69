"""Visits, forms and calls: what they are, what became of them, and that none of them is a lead."""

import json
from collections import defaultdict
from datetime import timedelta

import pytest

from tests.pipeline.warehouse import ROOT, Warehouse

PLANTED = json.loads((ROOT / "tests/truth/planted.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def forms(demonstration: Warehouse) -> dict[str, tuple]:
    """submission id -> (kind, submitted_at, is_repeat, capture, lead_key)."""
    return {
        submission: facts
        for submission, *facts in demonstration.rows(
            "select submission_id, form_kind, submitted_at, is_repeat, capture, lead_key"
            " from marts.fct_form_submission"
        )
    }


def test_the_dropped_captures_are_the_planted_ones(forms: dict[str, tuple]) -> None:
    """A18: every lost form is listed, and no other."""
    planted = {note["form"] for note in PLANTED["lost_form"]}
    assert len(planted) >= 3
    dropped = {submission for submission, facts in forms.items() if facts[3] == "dropped"}
    assert dropped == planted
    assert all(forms[submission][4] is None for submission in planted)


def test_a_double_click_is_two_rows_and_one_submission(forms: dict[str, tuple]) -> None:
    """A04: the planted twin is marked, its original is not, and both rows are kept."""
    assert len(PLANTED["double_submission"]) > 10
    for note in PLANTED["double_submission"]:
        assert forms[note["twin"]][2], note
        assert not forms[note["form"]][2], note
        assert forms[note["twin"]][0] == forms[note["form"]][0]
    assert {kind for kind, *_ in forms.values()} == {
        "contact_sales", "whitepaper", "webinar", "offline_event",
    }  # fmt: skip


def test_a_form_is_no_lead(demonstration: Warehouse, forms: dict[str, tuple]) -> None:
    """A12: visits, forms, leads, persons and accounts are counted apart, none from another."""
    ((n_leads, n_persons, n_accounts),) = demonstration.rows(
        "select count(*), count(distinct person_key), count(distinct account_key)"
        " from marts.dim_lead"
    )
    ((n_visits,),) = demonstration.rows("select count(*) from marts.fct_web_session")
    assert len({n_visits, len(forms), n_leads, n_persons, n_accounts}) == 5
    for table, column in (("mart_channel_roi", "n_leads"), ("mart_keyword_cash", "n_leads")):
        ((counted,),) = demonstration.rows(f"select max({column}) from marts.{table}")
        assert counted <= n_leads
    ((n_counted, n_all),) = demonstration.rows(
        "select sum(n_leads), (select count(*) from marts.dim_lead) from marts.mart_keyword_cash"
    )
    assert n_counted == n_all


def test_visits_sum_to_events_and_robots_are_counted(demonstration: Warehouse) -> None:
    """A08: human events are those of the visits, the others are the robots'."""
    ((n_events, n_robots),) = demonstration.rows(
        "select count(distinct event_id), count(distinct case when is_bot then event_id end)"
        " from staging.stg_web__events"
    )
    ((n_received, n_robot_events, n_sessions),) = demonstration.rows(
        "select sum(n_events_received), sum(n_robot_events), sum(n_sessions)"
        " from marts.mart_traffic_quality_daily"
    )
    ((n_visit_events, n_visits, n_captured),) = demonstration.rows(
        "select sum(n_events), count(*), sum(is_captured::int) from marts.fct_web_session"
    )
    assert (n_received, n_robot_events) == (n_events, n_robots)
    assert n_robots > 100
    assert n_visit_events == n_events - n_robots
    assert n_sessions == n_visits
    ((n_daily, n_daily_captured),) = demonstration.rows(
        "select sum(n_sessions), sum(n_captured_sessions) from marts.mart_traffic_daily"
    )
    assert (n_daily, n_daily_captured) == (n_visits, n_captured)


def test_calls_of_one_number_are_one_case(demonstration: Warehouse) -> None:
    """A03: within 30 minutes of each other; worth a lead when somebody was spoken to."""
    calls = defaultdict(list)
    for call, number, start, answer, end in demonstration.rows(
        """
        select call_id, coalesce(e164, ani, call_id), started_at, answered_at, ended_at
        from staging.stg_engagement__call_center_calls
        left join intermediate.int_identifiers__phones on ani = raw_phone
        where direction = 'inbound'
        qualify row_number() over (partition by call_id order by _extracted_at desc) = 1
        """
    ):
        calls[number].append((start, call, (end - answer).total_seconds() if answer else 0))
    expected = {}
    for group in calls.values():
        case: list[tuple] = []
        for one in sorted(group):
            if case and one[0] - case[-1][0] > timedelta(minutes=30):
                case = []
            case.append(one)
            for _, call, _ in case:
                expected[call] = (case[0][1], max(talk for *_, talk in case) >= 10)
    rows = demonstration.rows(
        """
        select calls.call_id, cases.call_id, calls.is_worth_a_lead, calls.lead_key
        from marts.fct_inbound_call as calls
        inner join marts.fct_inbound_call as cases
            on calls.case_touchpoint_key = cases.call_touchpoint_key
        """
    )
    assert {call: (case, worth) for call, case, worth, _ in rows} == expected
    assert sum(call != case for call, case, *_ in rows) > 5
    assert all(worth or lead is None for _, _, worth, lead in rows)


def test_every_asset_is_listed_with_its_use(demonstration: Warehouse) -> None:
    """A13: interactions per asset, and MQLs that had met a tag before, counted in Python."""
    assets = demonstration.rows(
        "select asset_id, tags, n_interactions from marts.dim_content_asset"
    )
    met = defaultdict(list)
    for asset, person, at in demonstration.rows(
        "select asset_id, person_key, occurred_at from marts.fct_content_interaction"
    ):
        met[asset].append((person, at))
    assert len(assets) >= 10
    assert {asset: n for asset, _, n in assets} == {asset: len(met[asset]) for asset, *_ in assets}
    first = {}
    for asset, tags, _ in assets:
        for tag in tags.split(", "):
            for person, at in met[asset]:
                first[tag, person] = min(at, first.get((tag, person), at))
    mqls = demonstration.rows(
        "select person_key, reached_mql_at from intermediate.int_funnel__enquiries"
        " where reached_mql_at is not null"
    )
    for tag, n_assisted, n_mqls, low, share, high in demonstration.rows(
        "select tag, n_assisted_mqls, n_mqls, assisted_mql_share_low, assisted_mql_share,"
        " assisted_mql_share_high from marts.mart_content_tag"
    ):
        assert n_mqls == len(mqls)
        assert n_assisted == sum(
            (tag, person) in first and first[tag, person] <= at for person, at in mqls
        )
        assert 0 <= low < share < high <= 1


def test_personalisation_without_exposures_is_not_computable(demonstration: Warehouse) -> None:
    """A14: no log of what was shown, no lift; said, not 0."""
    assert demonstration.rows(
        "select is_computable, missing_extracts from marts.mart_coverage where measure_id = 'A14'"
    ) == [(False, "content_exposures")]
