"""Volumes, net-new and captures (A09, A17, A18) against loops and what the simulator planted."""

import json
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from tests.pipeline.model_bench import ModelBench
from tests.pipeline.test_truth import TRUTH
from tests.pipeline.warehouse import Warehouse

DAY = timedelta(days=1)
AS_OF = datetime(2026, 7, 1)


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> ModelBench:
    return ModelBench(demonstration)


def test_forms_that_never_became_a_lead_are_those_planted(demonstration: Warehouse) -> None:
    """A18: all planted losses are found, and nothing else; shared mailboxes are no excuse."""
    planted = json.loads((TRUTH / "planted.json").read_text("utf-8"))["lost_form"]
    found = demonstration.rows(
        "select submission_id from marts.fct_form_submission where capture = 'dropped'"
    )
    assert {row[0] for row in found} == {note["form"] for note in planted}
    ((n_dropped, n_forms),) = demonstration.rows(
        "select sum(n_dropped), sum(n_forms + n_repeats) from marts.mart_capture_loss"
    )
    assert n_dropped == len(planted)
    assert [(n_forms,)] == demonstration.rows("select count(*) from marts.fct_form_submission")


def test_every_fate_of_a_form(bench: ModelBench) -> None:
    """A18: in time, late, dropped, too young, known before, naming nobody; by hand."""
    hour = timedelta(hours=1)
    now = AS_OF - 10 * DAY
    forms = {
        "in_time": (now, "p1", True), "just_in_time": (now, "p2", True),
        "late": (now, "p3", True), "dropped": (now, "p4", True),
        "young": (AS_OF - hour / 2, "p5", True), "known": (now, "p6", True),
        "nobody": (now, None, False), "switchboard": (now, "p7", True),
        "dropped_again": (now + hour / 12, "p4", True),
    }  # fmt: skip
    leads = {
        "l1": (now, "p1", None), "l2": (now + hour, "p2", None),
        "l3": (now + hour + timedelta(seconds=1), "p3", None), "l6": (now - DAY, "p6", None),
        # Another person as far as identity knows, but the same switchboard a minute later …
        "l7": (now + hour / 60, "p8", "switch"),
        # … while the same number a day later is somebody else's.
        "l4": (now + DAY, "p9", "other"),
    }  # fmt: skip
    bench.put(
        "int_web__form_submissions",
        "submission_key varchar, source_system varchar, submission_id varchar, form_kind varchar,"
        " submitted_at timestamp, email varchar, phone varchar, full_name varchar,"
        " anonymous_id varchar, asset_id varchar",
        [
            (
                key,
                "web",
                key,
                "demo",
                at,
                None,
                {"switchboard": "+1", "dropped": "+2"}.get(key),
                "N",
                None,
                None,
            )
            for key, (at, _, _) in forms.items()
        ],
    )
    bench.put(
        "int_identity__person_records",
        "source_system varchar, record_id varchar, record_type varchar, person_key varchar,"
        " is_identified boolean",
        [("web", key, "form_submission", who, known) for key, (_, who, known) in forms.items()],
    )
    bench.put(
        "int_leads__leads",
        "lead_key varchar, created_at timestamp, first_known_at timestamp, person_key varchar,"
        " email varchar, phone_national_number varchar, full_name varchar",
        [(k, at, at + DAY, who, None, phone, "M") for k, (at, who, phone) in leads.items()],
    )
    bench.put("int_identifiers__emails", "raw_email varchar, email varchar", [])
    bench.put(
        "int_identifiers__phones",
        "raw_phone varchar, national_number varchar",
        [("+1", "switch"), ("+2", "other")],
    )
    bench.put("int_time__as_of", "as_of timestamp", [(AS_OF,)])
    bench.put_rules("measure_policy")
    bench.put(
        "fct_touchpoint",
        "touchpoint_key varchar, touch_kind varchar, channel varchar, platform varchar",
        [],
    )
    bench.put(
        "int_quality__extract_presence",
        "extract_table varchar, is_present boolean",
        [("crm_leads", True)],
    )
    bench.run("int_leads__captures", "fct_form_submission", "mart_capture_loss")
    fates = dict(bench.rows("fct_form_submission", "submission_id, capture"))
    assert fates == {
        "in_time": "captured", "just_in_time": "captured", "late": "late", "dropped": "dropped",
        "young": "pending", "known": "existing_lead", "nobody": "unidentified",
        "switchboard": "captured", "dropped_again": "dropped",
    }  # fmt: skip
    # Sent twice within minutes is one form that was lost.
    columns = "sum(n_forms), sum(n_repeats), sum(n_expected), sum(n_dropped), max(ratio_status)"
    assert bench.rows("mart_capture_loss", columns) == [(8, 1, 5, 1, "small_n")]
    # Without leads nothing can be said to have been dropped.
    bench.put(
        "int_quality__extract_presence",
        "extract_table varchar, is_present boolean",
        [("crm_leads", False)],
    )
    bench.run("fct_form_submission", "mart_capture_loss")
    assert bench.rows("mart_capture_loss", "max(n_dropped), max(ratio_status)") == [
        (None, "not_computable")
    ]


def test_volumes_and_net_new_by_loops(demonstration: Warehouse) -> None:
    """A09: gross - rejected - merged = net; A17: the first lead ever, customers apart."""
    leads = demonstration.rows(
        """
        select lead_key, created_date, created_at, channel, cleaning_outcome, person_key,
            account_key
        from marts.dim_lead order by created_at, lead_key
        """
    )
    customers = dict(
        demonstration.rows(
            "select account_key, min(starts_at) from intermediate.int_customer__terms group by 1"
        )
    )
    volumes = defaultdict(lambda: [0, 0, 0, 0, set(), set()])
    news = defaultdict(lambda: [set() for _ in range(6)])
    met: set[str] = set()
    for _, day, at, channel, outcome, person, account in leads:
        week = day - day.weekday() * DAY
        is_customer = account in customers and customers[account] <= at
        is_first_of_person = person is not None and person not in met
        is_first_of_account = account is not None and account not in met
        for period in (("week", week), ("month", day.replace(day=1))):
            for value in ("all", channel):
                counts = volumes[*period, value]
                counts[0] += 1
                counts[{"exclude": 1, "duplicate": 2, "net": 3}[outcome]] += 1
                if outcome == "net":
                    counts[4].add(person)
                    counts[5].add(account)
                if outcome == "exclude":
                    continue
                new = news[*period, value]
                new[0].add(person)
                new[3].add(account)
                if is_first_of_person:
                    new[1 + is_customer].add(person)
                if is_first_of_account:
                    new[4 + is_customer].add(account)
        if outcome != "exclude":
            met |= {person, account}
    keys = (
        "period_kind, period_start, dimension_value from marts.{} where dimension_kind in"
        " ('all', 'channel')"
    )
    found = demonstration.rows(
        "select n_gross, n_rejected, n_merged, n_net, n_persons, n_accounts, "
        + keys.format("mart_lead_volume")
    )
    assert {row[6:]: row[:6] for row in found} == {
        key: (*counts[:4], *(len(s - {None}) for s in counts[4:]))
        for key, counts in volumes.items()
    }
    found = demonstration.rows(
        "select n_persons, n_net_new_persons, n_new_persons_of_customers, n_accounts,"
        " n_net_new_accounts, n_customer_accounts_first_seen, " + keys.format("mart_net_new")
    )
    assert {row[6:]: row[:6] for row in found} == {
        key: tuple(len(s - {None}) for s in sets) for key, sets in news.items()
    }
    assert any(row[2] for row in found)
