"""What real systems deliver and a demonstration does not: one small hostile company.

Every case was a defect once. Tables are written as they would be exported: one dict per delivery.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pipeline.warehouse import Warehouse

Rows = list[Mapping[str, str]]
DAYS = ("2026-05-31", "2026-06-30")


def lead(lead_id: str, created_at: str = "2026-01-05 10:00:00", **more: str) -> dict[str, str]:
    return {"lead_id": lead_id, "created_at": created_at, "status": "New", **more}


def deal(opportunity_id: str, lead_id: str, created_at: str, **more: str) -> dict[str, str]:
    return {
        "opportunity_id": opportunity_id,
        "lead_id": lead_id,
        "stage": "x",
        "created_at": created_at,
        **more,
    }


WON = {"is_closed": "true", "is_won": "true"}
LOST = {"is_closed": "true", "is_won": "false"}

# (table, source system, day of the extract) -> rows
DELIVERIES: dict[tuple[str, str, str], Rows] = {
    ("crm_leads", "crm", DAYS[0]): [
        lead("versions"),
        lead("deleted", updated_at="2026-02-01 10:00:00"),
        lead("placeholder", mobile_phone="无", phone="13800138000"),
        lead("old", "2009-06-01 10:00:00", lead_source="SEM"),
        lead("initial"),
        lead("corrected"),
        lead("dateonly", "2026-01-01 10:00:00"),
        lead("overlap"),
        lead("undated"),
        lead("merged_back", email="merge1@acme.cn"),
        lead("merged_into", email="merge2@acme.cn"),
        lead("late_clock", "2026-07-02 10:00:00"),
    ],
    ("crm_leads", "crm", DAYS[1]): [
        lead("versions") | {"status": "MarketingQualifiedLead"},
        {**lead("deleted"), "_is_deleted": "true"},
    ],
    ("crm_leads", "crm_b", DAYS[0]): [lead("versions", lead_source="SEO")],
    ("crm_lead_history", "crm", DAYS[0]): [
        {"lead_id": "initial", "field": "Status", "old_value": "MQL", "new_value": "SQL",
         "changed_at": "2026-03-01 10:00:00", "seq": "1"},
        {"lead_id": "corrected", "field": "status", "old_value": "", "new_value": "MQL",
         "changed_at": "2026-03-01 10:00:00", "seq": "7"},
        {"lead_id": "old", "field": "title", "old_value": "", "new_value": "总监",
         "changed_at": "2026-03-01 10:00:00"},
        {"lead_id": "old", "field": "title", "old_value": "经理", "new_value": "总监",
         "changed_at": "2026-03-01 10:00:00"},
    ],
    ("crm_lead_history", "crm", DAYS[1]): [
        {"lead_id": "corrected", "field": "status", "old_value": "", "new_value": "无效",
         "changed_at": "2026-03-01 10:00:00", "seq": "7"},
    ],
    ("crm_merge_log", "crm", DAYS[0]): [
        {"object_type": "lead", "winner_id": "merged_into", "loser_id": "merged_back",
         "merged_at": "2026-02-01 10:00:00"},
    ],
    ("crm_merge_log", "crm", DAYS[1]): [
        {"object_type": "lead", "winner_id": "merged_into", "loser_id": "merged_back",
         "merged_at": "2026-02-01 10:00:00", "_is_deleted": "true"},
    ],
    ("crm_opportunities", "crm", DAYS[0]): [
        deal("o_date", "dateonly", "2026-02-01 15:00:00", closed_at="2026-02-01", **WON),
        deal("o_lost", "overlap", "2026-02-01", closed_at="2026-03-01", **LOST),
        deal("o_open", "overlap", "2026-02-15"),
        deal("o_undated", "undated", "2026-02-01", **WON),
        deal("o_ghost", "no_such_lead", "2026-02-01", closed_at="2026-03-01", **WON),
        deal("o_same", "versions", "2026-02-01", closed_at="2026-03-01", **WON),
    ],
    ("crm_opportunities", "crm_b", DAYS[0]): [deal("o_same", "versions", "2026-02-01")],
    ("contracts", "crm", DAYS[0]): [
        {"contract_id": f"c_{n}", "opportunity_id": n, "signed_at": "2026-03-02"}
        for n in ("o_ghost", "o_same")
    ],
    ("payments", "crm", DAYS[0]): [
        {"payment_id": "p1", "contract_id": "c_o_ghost", "received_at": "2026-04-01",
         "amount": "100.00", "currency": "CNY"},
        {"payment_id": "p2", "contract_id": "c_o_same", "received_at": "2026-04-01",
         "amount": "12,345,678.90", "currency": "CNY"},
        {"payment_id": "p3", "received_at": "2026-04-01", "amount": "-5", "currency": "USD"},
    ],
    ("marketing_costs_other", "ads", DAYS[0]): [
        {"cost_id": "reversed", "period_start": "2026-03-10", "period_end": "2026-03-01",
         "channel": "SEM", "amount": "70", "currency": "CNY"},
        {"cost_id": "undated", "paid_at": "2026-02-03", "channel": "SEM", "amount": "30",
         "currency": "CNY"},
        {"cost_id": "beyond", "period_start": "2026-12-01", "period_end": "2027-11-30",
         "channel": "SEM", "amount": "1200.00", "currency": "CNY"},
    ],
    ("ad_spend_daily", "ads", DAYS[0]): [
        {"platform": "baidu", "account_id": "a", "date": "2026-03-01", "campaign_id": "c",
         "cost": "10", "currency": "CNY"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Built with every blocking test of dbt passing."""
    folder = tmp_path_factory.mktemp("hostile")
    for (table, system, day), rows in DELIVERIES.items():
        target = folder / "extracts" / table / f"source_system={system}" / f"extract_date={day}"
        target.mkdir(parents=True)
        _write(target / "part.csv", rows)
    return Warehouse(folder / "home", folder / "extracts").build(with_tests=True)


def _write(file: Path, rows: Rows) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names, restval="")
        writer.writeheader()
        writer.writerows(rows)


def stages(hostile: Warehouse, lead_id: str, source_system: str = "crm") -> list[str]:
    """Stages of a lead in order."""
    return [
        stage
        for (stage,) in hostile.rows(
            f"""
            select stage from marts.fct_lead_stage_interval
            inner join marts.dim_lead using (lead_key)
            where lead_id = '{lead_id}' and source_system = '{source_system}' order by stay_number
            """
        )
    ]


@pytest.mark.parametrize(
    ("lead_id", "expected"),
    [
        # No change date: the first version holds since creation, a later one since we saw it.
        ("versions", ["lead", "opportunity", "account", "mql"]),
        # The first change says what was before it.
        ("initial", ["lead", "mql", "sql"]),
        # Same sequence number, later extract: corrected, not two changes.
        ("corrected", ["lead", "disqualified"]),
        # A close on the day of creation without a time is not before the creation.
        ("dateonly", ["lead", "opportunity", "account"]),
        # Another deal still runs.
        ("overlap", ["lead", "opportunity"]),
        # Won, and nobody wrote down when.
        ("undated", ["lead", "opportunity", "account"]),
        # The clock of the CRM runs ahead of the extract.
        ("late_clock", ["lead"]),
    ],
)
def test_stages(hostile: Warehouse, lead_id: str, expected: list[str]) -> None:
    assert stages(hostile, lead_id) == expected


def test_the_same_ids_in_two_systems_are_two_things(hostile: Warehouse) -> None:
    """And the money of one stays with its own deal."""
    assert stages(hostile, "versions", "crm_b") == ["lead", "opportunity"]
    assert hostile.rows(
        """
        select distinct source_system, amount_minor
        from marts.fct_cash
        inner join marts.bridge_opportunity_lead using (opportunity_key, source_system)
        where opportunity_id = 'o_same'
        """
    ) == [("crm", 1_234_567_890)]


def test_cleaning(hostile: Warehouse) -> None:
    """Deleted without an updated_at, an example number behind a placeholder, a merge taken back."""
    outcomes = dict(
        hostile.rows(
            "select lead_id, primary_rule_id from marts.dim_lead where source_system = 'crm'"
        )
    )
    assert outcomes["deleted"] == "deleted_lead"
    assert outcomes["placeholder"] == "blocked_phone"
    assert outcomes["merged_back"] is None
    ((n_persons,),) = hostile.rows(
        "select count(distinct person_key) from marts.dim_lead where lead_id like 'merged_%'"
    )
    assert n_persons == 2


def test_no_cent_is_lost(hostile: Warehouse) -> None:
    """Ghost leads, millions, refunds without a contract; periods reversed, undated, years ahead."""
    ((cash,),) = hostile.rows("select sum(amount_minor) from marts.fct_cash where currency = 'CNY'")
    ((dollars,),) = hostile.rows(
        "select amount_minor from marts.fct_cash where original_currency = 'USD'"
    )
    assert cash - dollars == 10_000 + 1_234_567_890
    assert dollars < -3_000
    months = dict(
        hostile.rows(
            """
            select strftime(service_month, '%Y-%m'), sum(amount_minor)
            from marts.fct_cost where cost_group <> 'people' group by all
            """
        )
    )
    assert months["2026-03"] == 7_000 + 1_000
    assert months["2026-02"] == 3_000
    assert months["2026-12"] == round(120_000 * 31 / 365)
    assert sum(months.values()) == 7_000 + 1_000 + 3_000 + 120_000
    assert len([month for month in months if month >= "2026-12"]) == 12


def test_a_lead_older_than_the_calendar_keeps_the_balance(hostile: Warehouse) -> None:
    """F15."""
    assert hostile.rows(
        """
        select min(opening), max(closing), min(date_day)::varchar from marts.mart_funnel_daily
        where channel = 'paid_search' and stage = 'lead'
        """
    ) == [(0, 1, "2009-06-01")]
