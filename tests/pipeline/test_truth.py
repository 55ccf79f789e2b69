"""The warehouse finds what the simulator planted: stages, scores, funnel, people, verdicts, money.

The simulator shares no code with the product; its truth is in tests/truth (see tests/simulator).
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from tests.pipeline.warehouse import ROOT, Warehouse

TRUTH = ROOT / "tests" / "truth"
# Record types of bridge_identity as the truth names their extracts.
RECORD_TYPES = {
    "crm_leads": "crm_lead",
    "crm_contacts": "crm_contact",
    "web_form_submissions": "form_submission",
    "call_center_calls": "call",
    "wecom_external_contacts": "wecom_contact",
    "event_attendance": "event_attendance",
}


def truth(name: str) -> Iterator[dict[str, str]]:
    """Rows of one truth file."""
    with gzip.open(TRUTH / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def instant(text: str) -> datetime | None:
    """Naive UTC instant of an ISO text with Z; None for ''."""
    if not text:
        return None
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC).replace(tzinfo=None)


def test_every_stage_interval_is_the_planned_one(demonstration: Warehouse) -> None:
    """F01, F02, D1: stages, instants, passages, visits and moves, for every lead."""
    expected = Counter(
        (
            row["lead_id"],
            int(row["passage_no"]),
            int(row["visit_no"]),
            row["stage"],
            instant(row["entered_at"]),
            instant(row["exited_at"]),
            row["move"],
        )
        for row in truth("stage_intervals")
    )
    actual = Counter(
        demonstration.rows(
            """
            select lead_id, passage_number, visit_number, stage, entered_at, exited_at, move
            from marts.fct_lead_stage_interval inner join marts.dim_lead using (lead_key)
            """
        )
    )
    assert len(expected) > 8_000
    assert actual == expected


def test_the_score_at_random_instants_is_the_brute_force_score(demonstration: Warehouse) -> None:
    """E01, E02, E03: both groups and the total, at more than 1,000 instants."""
    intervals: dict[str, list[tuple]] = {}
    for lead_id, *interval in demonstration.rows(
        """
        select lead_id, valid_from, valid_to, behaviour_points, attribute_points, total_points
        from marts.fct_lead_score inner join marts.dim_lead using (lead_key)
        """
    ):
        intervals.setdefault(lead_id, []).append(tuple(interval))
    wrong, n_probes = [], 0
    for probe in truth("score_probes"):
        n_probes += 1
        at = instant(probe["at"])
        found = [
            points
            for valid_from, valid_to, *points in intervals[probe["lead_id"]]
            if valid_from <= at and (valid_to is None or at < valid_to)
        ]
        planned = [int(probe["behaviour"]), int(probe["attribute"]), int(probe["total"])]
        if found != [planned]:
            wrong.append((probe["lead_id"], probe["at"], found, planned))
    assert n_probes >= 1_000
    assert wrong == []


def test_every_crossing_of_sixty_is_found(demonstration: Warehouse) -> None:
    """E04: strictly above 60, the first time and each time."""
    expected = {
        (row["lead_id"], int(row["crossing_no"]), instant(row["crossed_at"]), int(row["total"]))
        for row in truth("score_crossings")
    }
    actual = set(
        demonstration.rows(
            """
            select lead_id, crossing_number, crossed_at, total_points
            from marts.fct_lead_score_crossing inner join marts.dim_lead using (lead_key)
            """
        )
    )
    assert len(expected) > 100
    assert actual == expected


def test_the_funnel_counts_the_planned_enquiries(demonstration: Warehouse) -> None:
    """A09, L08: per month and channel, how many enquiries and how far they ever came."""
    expected = Counter()
    for row in truth("funnel"):
        cell = (row["cohort_month"], row["channel"])
        expected[*cell, "lead"] = int(row["leads"])
        for stage in ("mql", "sal", "sql", "opportunity", "account"):
            expected[*cell, stage] = int(row[f"reached_{stage}"])
    actual = Counter()
    for month, channel, stage, n_enquiries in demonstration.rows(
        """
        select strftime(cohort_month, '%Y-%m'), channel, stage, count(*)
        from intermediate.int_funnel__stage_entries group by all
        """
    ):
        actual[month, channel, stage] = n_enquiries
    assert expected.total() > 5_000
    assert +actual == +expected


def test_the_published_funnel_and_roi_agree_with_the_planned_enquiries(
    demonstration: Warehouse,
) -> None:
    """The marts themselves, not only the model below them."""
    planned = Counter()
    for row in truth("funnel"):
        planned[row["channel"], "leads"] += int(row["leads"])
        planned[row["channel"], "mqls"] += int(row["reached_mql"])
        planned[row["channel"], "wins"] += int(row["reached_account"])
    roi = Counter()
    for channel, n_leads, n_mqls, n_wins in demonstration.rows(
        """
        select channel, sum(n_leads), sum(n_mqls), sum(n_wins)
        from marts.mart_channel_roi
        where attribution_model = 'linear' and revenue_basis = 'cash' group by channel
        """
    ):
        roi.update(
            {(channel, "leads"): n_leads, (channel, "mqls"): n_mqls, (channel, "wins"): n_wins}
        )
    cohort = Counter(
        {
            (channel, "leads"): n_entered
            for channel, n_entered in demonstration.rows(
                """
                select channel, sum(n_entered) from marts.mart_funnel_cohort
                where from_stage = 'lead' and to_stage = 'mql' group by channel
                """
            )
        }
    )
    assert +roi == +planned
    assert +cohort == Counter({key: n for key, n in planned.items() if key[1] == "leads" and n})


def test_every_cleaning_verdict_is_the_planned_one(demonstration: Warehouse) -> None:
    """B01 to B08: all reasons of each lead, its outcome and the lead that stands for it."""
    expected = {}
    for row in truth("lead_verdicts"):
        outcome = (
            "exclude"
            if row["excluded"] == "true"
            else "duplicate"
            if row["duplicate"] == "true"
            else "net"
        )
        expected[row["lead_id"]] = (
            sorted(row["rule_ids"].split()),
            outcome,
            row["survivor_lead_id"],
        )
    rules: dict[str, list[str]] = {}
    for lead_id, rule_id in demonstration.rows(
        """
        select lead_id, rule_id
        from marts.fct_cleaning_verdict inner join marts.dim_lead using (lead_key)
        order by rule_id
        """
    ):
        rules.setdefault(lead_id, []).append(rule_id)
    actual = {
        lead_id: (rules.get(lead_id, []), outcome, survivor)
        for lead_id, outcome, survivor in demonstration.rows(
            """
            select leads.lead_id, leads.cleaning_outcome, survivors.lead_id
            from marts.dim_lead as leads
            inner join marts.dim_lead as survivors on leads.survivor_lead_key = survivors.lead_key
            """
        )
    }
    assert actual == expected


def test_every_lead_has_the_planned_channel(demonstration: Warehouse) -> None:
    """A01."""
    expected = {row["lead_id"]: row["channel"] for row in truth("lead_channels")}
    assert dict(demonstration.rows("select lead_id, channel from marts.dim_lead")) == expected


def test_people_are_exactly_what_exact_keys_can_recover(demonstration: Warehouse) -> None:
    """C01, C04: the partition of all records into people is the planted one."""
    person_of = {
        (record_type, record_id): person_key
        for record_type, record_id, person_key in demonstration.rows(
            """
            select record_type, record_id, person_key from marts.bridge_identity
            where valid_to is null
            """
        )
    }
    pairs = set()
    n_records = 0
    for row in truth("persons"):
        record_id = row["record_id"]
        if row["table"] == "wecom_external_contacts":
            *contact, event_at = record_id.split("|")
            record_id = "|".join([*contact, str(instant(event_at))])
        n_records += 1
        pairs.add((row["exact_group"], person_of[RECORD_TYPES[row["table"]], record_id]))
    assert n_records > 9_000
    assert len(pairs) == len({group for group, _ in pairs}) == len({key for _, key in pairs})


def test_cash_is_conserved_to_the_cent(demonstration: Warehouse) -> None:
    """F13, law 5: receipts and refunds per contract and currency, and their attribution."""
    expected = Counter()
    for row in truth("cash"):
        expected[row["contract_id"], row["currency"]] += int(row["minor_units"])
    actual = Counter()
    for contract_id, currency, amount in demonstration.rows(
        "select contract_id, original_currency, sum(amount) from marts.fct_cash group by all"
    ):
        actual[contract_id, currency] = int(amount * 100)
    assert actual == expected
    received = demonstration.rows("select sum(amount_minor) from marts.fct_cash")[0][0]
    for model, attributed in demonstration.rows(
        "select attribution_model, sum(revenue_minor) from marts.mart_channel_roi"
        " where revenue_basis = 'cash' group by all"
    ):
        assert attributed == received, model


def test_cost_is_conserved_to_the_cent(demonstration: Warehouse) -> None:
    """A10, law 5: per channel and month in the original currency, and in total after conversion."""
    expected = Counter()
    for row in truth("costs"):
        if row["source"] == "ads":
            expected[row["channel"], row["month"], row["currency"]] += int(row["minor_units"])
    actual = Counter()
    for channel, month, currency, amount in demonstration.rows(
        """
        select channel, strftime(service_from, '%Y-%m'), currency, sum(amount)
        from intermediate.int_cost__lines
        where cost_type = 'media' and platform is not null group by all
        """
    ):
        actual[channel, month, currency] = int(amount * 100)
    assert +actual == +expected
    planned_lines = {
        row["cost_id"]: (row["channel"], row["currency"], int(row["minor_units"]))
        for row in truth("costs")
        if row["source"] == "other"
    }
    actual_lines = {
        cost_id: (channel, currency, int(amount * 100))
        for cost_id, channel, currency, amount in demonstration.rows(
            """
            select other.cost_id, lines.channel, lines.currency, lines.amount
            from intermediate.int_cost__lines as lines
            inner join intermediate.int_cost__other_costs as other using (cost_key)
            """
        )
    }
    assert actual_lines == planned_lines


def test_each_cost_line_is_converted_at_the_rate_of_its_day(demonstration: Warehouse) -> None:
    """Recomputed here from the seed with Python decimals, line by line."""
    with Path(ROOT / "seeds/reference/fx_rate.csv").open(encoding="utf-8", newline="") as file:
        rates = [row for row in csv.DictReader(file) if row["to_currency"] == "CNY"]
    lines = demonstration.rows(
        "select currency, service_from, amount, amount_minor from intermediate.int_cost__lines"
    )
    assert {line[0] for line in lines} == {"CNY", "USD"}
    for currency, day, amount, amount_minor in lines:
        (rate,) = (
            Decimal(row["rate"])
            for row in rates
            if row["from_currency"] == currency
            and row["valid_from"] <= day.isoformat()
            and (not row["valid_to"] or day.isoformat() < row["valid_to"])
        )
        exact = amount * rate * 100
        assert amount_minor == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
