"""Views of the lifecycle on the demonstration, against what the simulator planted."""

import json
import re
from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

from tests.pipeline.recomputed import Recomputed
from tests.pipeline.test_truth import TRUTH, instant, truth
from tests.pipeline.warehouse import ROOT, Warehouse

# Success path of the simulator; detours have no rank.
RANKS = {"lead": 10, "mql": 20, "sal": 30, "sql": 40, "opportunity": 50, "account": 60}


@cache
def planned_stays() -> dict[str, list[tuple[str, datetime, datetime | None]]]:
    """Lead -> its planned stays in order (stage, entered, exited)."""
    stays: dict[str, list[tuple[str, datetime, datetime | None]]] = {}
    for row in truth("stage_intervals"):
        stay = (row["stage"], instant(row["entered_at"]), instant(row["exited_at"]))
        stays.setdefault(row["lead_id"], []).append(stay)
    return stays


def planned_reach(stage: str) -> dict[str, datetime]:
    """Lead -> the first planned entry into the stage or one beyond it."""
    return {
        lead: min(entered)
        for lead, stays in planned_stays().items()
        if (entered := [at for s, at, _ in stays if RANKS.get(s, 0) >= RANKS[stage]])
    }


COHORTS = """
    select * from marts.mart_funnel_cohort where 'sal' not in (from_stage, to_stage) order by all
"""
# SAL and MQL told as one; what moves from one to the other moves nothing.
STANDING = """
    select date_day, channel, case when stage = 'sal' then 'mql' else stage end as told,
        sum(closing), sum(inflow - outflow)
    from marts.mart_funnel_daily group by all having sum(closing) <> 0 order by all
"""


def test_rates_and_stocks_without_sal_are_those_with_it(
    demonstration: Warehouse, tmp_path: Path
) -> None:
    """F06, X8, F15: off, its own steps go and its leads stand at MQL; nothing else moves."""
    paths = [
        "intermediate/lifecycle/",
        "intermediate/funnel/",
        "marts/core/fct_lead_stage_interval",
    ]
    copy = Recomputed(demonstration, tmp_path, [*paths, "marts/funnel/"])
    rates, stocks = copy.rows(COHORTS), copy.rows(STANDING)
    copy.connection.execute("update rules.stage set is_enabled = false where stage = 'sal'")
    copy.run()
    assert copy.rows(COHORTS) == rates
    assert copy.rows(STANDING) == stocks
    steps = copy.rows("select from_stage, to_stage from marts.mart_funnel_cohort group by all")
    assert len(steps) == 6
    assert "sal" not in {stage for step in steps for stage in step}
    assert copy.rows("from marts.mart_funnel_daily where stage = 'sal'") == []


def test_stock_flow_and_time_of_each_day_are_counted(demonstration: Warehouse) -> None:
    """F15: every day, stage and channel, stay by stay; what a day leaves is what the next finds."""
    stays = demonstration.rows(
        """
        select channel, stage, entered_at, exited_at from marts.fct_lead_stage_interval
        inner join marts.dim_lead using (lead_key) where cleaning_outcome = 'net'
        """
    )
    ((as_of,),) = demonstration.rows("select as_of from intermediate.int_time__as_of")
    day, beijing = timedelta(days=1), timedelta(hours=8)
    # opening, inflow, outflow, closing, seconds of who is there at the end, seconds of who left
    expected: dict[tuple, list[int]] = defaultdict(lambda: [0] * 6)
    for channel, stage, entered_at, exited_at in stays:
        first = (entered_at + beijing).date()
        last = ((exited_at or as_of) + beijing).date()
        expected[first, stage, channel][1] += 1
        if exited_at:
            expected[last, stage, channel][2] += 1
            expected[last, stage, channel][5] += int((exited_at - entered_at).total_seconds())
        n_ends = (last - first).days + (exited_at is None)
        for date in (first + number * day for number in range(n_ends)):
            midnight = datetime.combine(date + day, time()) - beijing
            expected[date, stage, channel][3] += 1
            expected[date, stage, channel][4] += int((midnight - entered_at).total_seconds())
            if date + day <= (as_of + beijing).date():
                expected[date + day, stage, channel][0] += 1
    published = demonstration.rows(
        """
        select date_day, stage, channel, opening, inflow, outflow, closing,
            open_seconds_in_stage, closed_seconds_in_stage
        from marts.mart_funnel_daily
        """
    )
    assert {tuple(row[:3]): row[3:] for row in published} == {
        cell: tuple(counts) for cell, counts in expected.items()
    }
    assert len(published) > 10_000


def test_the_question_of_the_page_has_its_answer(demonstration: Warehouse) -> None:
    """F14, D1: "as known on day K", as docs/lifecycle.md asks it."""
    page = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    ((query,),) = [re.findall(r"```sql\n(.*?)```", page, flags=re.DOTALL)]
    then, now = (
        {stage: n for stage, *counts in demonstration.rows(query) if (n := counts[column])}
        for column in (0, 1)
    )
    instant = "timestamp '2025-12-31 16:00:00'"
    created = f"select count(distinct lead_key) from {{}} where entered_at <= {instant}"
    assert [(sum(now.values()),)] == demonstration.rows(
        created.format("marts.fct_lead_stage_interval")
    )
    assert 0 < sum(then.values()) < sum(now.values())
    assert then != now


def excluded() -> set[str]:
    return {row["lead_id"] for row in truth("lead_verdicts") if row["excluded"] == "true"}


def test_cash_of_each_contract_is_the_planted_cash(demonstration: Warehouse) -> None:
    """F13, X11: to the cent, refunds apart; cash <= billed <= contract, as the simulator bills."""
    expected = Counter()
    refunds = 0
    for row in truth("cash"):
        expected[row["contract_id"]] += int(row["minor_units"])
        refunds += int(row["refunds"])
    rows = demonstration.rows(
        """
        select contract_id, cash_original_minor, invoiced_original_minor, contract_original_minor,
            refund_minor, cash_status
        from marts.fct_contract_cash
        """
    )
    assert Counter({contract: cash for contract, cash, *_ in rows if cash}) == +expected
    assert len(rows) > 200
    assert refunds == len(json.loads((TRUTH / "planted.json").read_text("utf-8"))["refund"])
    assert all(cash <= billed <= value for _, cash, billed, value, *_ in rows)
    assert {status for *_, status in rows} == {"ok"}
    assert sum(refund < 0 for *_, refund, _ in rows) > 0


def test_every_win_is_there_once_with_its_primary_lead(demonstration: Warehouse) -> None:
    """F13, F17: wins without a lead are the planted ones; no join multiplies a cent."""
    planted = json.loads((TRUTH / "planted.json").read_text("utf-8"))["win_without_lead"]
    without = demonstration.rows(
        """
        select opportunity_id from marts.fct_lead_to_cash
        inner join marts.bridge_opportunity_lead using (opportunity_key)
        where fct_lead_to_cash.lead_key is null
        """
    )
    assert {row[0] for row in without} == {entry["opportunity"] for entry in planted}
    ((of_deals, n_deals, n_keys),) = demonstration.rows(
        "select sum(cash_minor), count(*), count(distinct opportunity_key)"
        " from marts.fct_lead_to_cash"
    )
    ((of_receipts,),) = demonstration.rows(
        "select sum(amount_minor) from marts.fct_cash inner join marts.bridge_opportunity_lead"
        " using (opportunity_key) where is_won"
    )
    assert of_deals == of_receipts
    assert n_deals == n_keys > 150


def test_a_lead_is_a_customer_from_its_first_win(demonstration: Warehouse) -> None:
    """X9: the stage log and the deals agree on the instant, which is not that of the cash."""
    rows = demonstration.rows(
        """
        select min(deals.won_at), max(reached.reached_account_at), min(deals.first_cash_at)
        from marts.fct_lead_to_cash as deals
        inner join intermediate.int_funnel__reached as reached using (lead_key)
        group by lead_key
        """
    )
    assert len(rows) > 150
    assert [row for row in rows if row[0] != row[1]] == []
    assert all(cash is None or won < cash for won, _, cash in rows)


def test_market_to_lead_ends_where_lead_to_cash_begins(demonstration: Warehouse) -> None:
    """F21: the planned first entry into SQL or beyond, for every lead; open where there is none."""
    expected = planned_reach("sql")
    rows = demonstration.rows(
        """
        select lead_id, mtl_ended_at, ltc_started_at, ltc_ended_at, won_at
        from marts.mart_mtl_ltc inner join marts.dim_lead using (lead_key)
        """
    )
    assert {lead for lead, *_ in rows} == planned_stays().keys() - excluded()
    for lead, ended, started, *_ in rows:
        assert ended == started == expected.get(lead), lead
    # LTC ends with cash: a win alone does not end it.
    assert any(won and not cash for *_, cash, won in rows)
    assert all(won for *_, cash, won in rows if cash)


def test_units_count_leads_as_planned_and_persons_below_them(demonstration: Warehouse) -> None:
    """F01, D1: reached and standing per stage; standings add up; three units never fan out."""
    counted = {
        (unit, stage): (reached, standing)
        for unit, stage, reached, standing in demonstration.rows(
            "select unit, stage, n_reached, n_open from marts.mart_funnel_units"
        )
    }
    counting = planned_stays().keys() - excluded()
    standing = Counter()
    for lead in counting:
        ((stage, *_),) = [stay for stay in planned_stays()[lead] if stay[2] is None]
        standing[stage if stage in RANKS and stage != "account" else "none"] += 1
    for stage in RANKS:
        reached = len(planned_reach(stage).keys() & counting)
        assert counted["lead", stage] == (reached, standing[stage]), stage
        assert counted["person", stage][0] <= counted["enquiry", stage][0] <= reached
        assert counted["account", stage][0] <= counted["person", stage][0]
    assert counted["lead", "none"] == (None, standing["none"])
    totals = demonstration.rows(
        """
        select unit, max(n_units) from marts.mart_funnel_units
        group by unit having sum(n_open) = max(n_units)
        """
    )
    assert len(totals) == 4


def test_phases_of_aida_are_the_planned_funnel(demonstration: Warehouse) -> None:
    """F19, X10: awareness = leads, interest = MQL or beyond, action = SQL or beyond, per cell."""
    columns = {"认知": "leads", "影响": "reached_mql", "行动": "reached_sql"}
    expected = Counter()
    for row in truth("funnel"):
        for phase, column in columns.items():
            expected[row["cohort_month"], row["channel"], phase] = int(row[column])
    rows = demonstration.rows(
        """
        select strftime(cohort_month, '%Y-%m'), channel, aida_phase, n_enquiries, n_sessions
        from marts.mart_funnel_aida
        """
    )
    assert +Counter({tuple(cell): n for *cell, n, _ in rows}) == +expected
    ((n_sessions,),) = demonstration.rows("select count(*) from intermediate.int_web__sessions")
    assert sum(n or 0 for *_, n in rows) == n_sessions
    assert {phase for _, _, phase, _, n in rows if n} == {"认知"}


def test_both_sides_of_the_bowtie_have_the_same_customers(demonstration: Warehouse) -> None:
    """F20, X10: the knot are the accounts with a won deal or a contract, from the records."""
    accounts = dict(
        demonstration.rows(
            "select record_id, account_key from marts.bridge_identity"
            " where record_type = 'crm_account' and valid_to is null"
        )
    )
    won = demonstration.rows(
        """
        select account_id from staging.stg_crm__opportunities
        qualify row_number() over (partition by opportunity_id order by _extracted_at desc) = 1
            and is_won
        union select account_id from staging.stg_finance__contracts
        """
    )
    customers = {accounts[record] for (record,) in won}
    bowtie = {
        (side, phase): (n_reached, n_from, rate, status)
        for side, phase, n_reached, n_from, rate, status in demonstration.rows(
            "select side, bowtie_phase, n_reached, n_from, conversion_rate, ratio_status"
            " from marts.mart_bowtie"
        )
    }
    assert bowtie["left", "commit"][0] == bowtie["right", "commit"][0] == len(customers)
    assert bowtie["right", "onboard"][0] == len(customers)
    # No extract shows use: not computable, and not "nobody".
    assert bowtie["right", "impact"][::2] == (None, None)
    assert bowtie["right", "impact"][3] == "not_computable"
    listed = demonstration.rows("select distinct account_key from marts.fct_account_stage_interval")
    assert {account for (account,) in listed} == customers


def test_the_share_without_a_lead_adds_up_by_month_and_owner(demonstration: Warehouse) -> None:
    """F17: recounted from the delivered rows; later leads come later; intervals hold the share."""
    expected = Counter()
    for month, owner, named, n_rows in demonstration.rows(
        """
        select strftime(created_at + interval 8 hour, '%Y-%m'), owner_id, lead_id is not null,
            count(*)
        from (
            from staging.stg_crm__opportunities
            qualify row_number() over (partition by opportunity_id order by _extracted_at desc) = 1
        )
        where not _is_deleted group by all
        """
    ):
        expected[month, owner, "all"] += n_rows
        expected[month, owner, "without"] += 0 if named else n_rows
    actual = Counter()
    for month, owner, n_all, n_without, share, low, high in demonstration.rows(
        """
        select strftime(month_start, '%Y-%m'), owner_id, n_all, n_without_lead,
            without_lead_share, without_lead_share_low, without_lead_share_high
        from marts.mart_opportunity_without_lead where unit = 'opportunity'
        """
    ):
        actual[month, owner, "all"], actual[month, owner, "without"] = n_all, n_without
        assert share == n_without / n_all
        assert 0 <= low <= share <= high <= 1
    assert +actual == +expected
    origins = Counter(
        demonstration.rows("select origin, lead_key is null from marts.fct_opportunity_origin")
    )
    assert origins["lead", False] > 400
    assert origins["later_lead", True] > 0
    assert origins["unnamed_prior_lead", True] > 0


def test_opportunities_are_asked_what_their_leads_said(demonstration: Warehouse) -> None:
    """F11: the tender flag and every answer about the budget stand in a delivered row."""
    rows = demonstration.rows(
        """
        with opportunities as (
            from staging.stg_crm__opportunities
            qualify row_number() over (partition by opportunity_id order by _extracted_at desc) = 1
        ),
        said as (
            select lead_id, list(distinct budget_status) as budgets
            from staging.stg_crm__leads group by lead_id
        )
        select entry_status, checks.is_tender, opportunities.is_tender, n_items,
            checks.lead_key is null, clear_items, denied_items, coalesce(said.budgets, [])
        from marts.mart_opportunity_entry_check as checks
        inner join marts.bridge_opportunity_lead as bridge using (opportunity_key)
        inner join opportunities using (opportunity_id)
        left join said using (lead_id)
        """
    )
    assert len(rows) > 500
    for status, told, flagged, n_items, without_lead, clear, denied, budgets in rows:
        assert (told, n_items) == (bool(flagged), 3)
        assert (status == "no_lead_to_ask") == without_lead
        assert clear is None or "yes" in budgets
        assert denied is None or "no" in budgets
    assert {status for status, *_ in rows} == {"denied", "unknown", "no_lead_to_ask"}
    assert any(flagged for _, _, flagged, *_ in rows)


def test_every_stage_has_a_business_stage_and_a_team(demonstration: Warehouse) -> None:
    """F18: no gap in the mapping, five business stages, and all net leads stand in one of them."""
    rows = demonstration.rows(
        "select stage, business_stage, team, n_leads_now from marts.mart_funnel_business_stage"
    )
    assert all(business and team for _, business, team, _ in rows)
    assert {row[1] for row in rows} == {"获取", "识别", "孕育", "跟进", "交付&成功"}
    assert {row[0] for row in rows} >= {*RANKS, "traffic", "churn", "win_back", "advocacy"}
    ((n_net,),) = demonstration.rows(
        "select count(*) from marts.dim_lead where cleaning_outcome = 'net'"
    )
    assert sum(n or 0 for *_, n in rows) == n_net


def test_what_no_extract_shows_is_reported_as_not_computable(demonstration: Warehouse) -> None:
    """F12, F20, F22: the coverage names the missing extracts; no mart fills them in."""
    missing = {
        (measure, mart): extracts
        for measure, mart, extracts in demonstration.rows(
            "select measure_id, mart, missing_extracts from marts.mart_coverage"
            " where not is_computable"
        )
    }
    use = "onboarding_milestones or product_usage_daily"
    assert missing["F12", "fct_lead_to_cash"] == use
    assert missing["F20", "mart_bowtie"] == use
    assert set(missing["F20", "fct_account_stage_interval"].split(", ")) == {use, "renewals"}
    assert missing["F20", "mart_renewal_due"] == "renewals"
    assert missing["F22", "fct_support_ticket"] == "support_tickets"
    told = "select distinct stage_status from marts.fct_account_stage_interval where stage = '{}'"
    assert demonstration.rows(told.format("onboarding")) == [("adoption_not_computable",)]
    assert demonstration.rows(told.format("adoption")) == []
    assert demonstration.rows("select distinct activation_status from marts.fct_lead_to_cash") == [
        ("not_computable",)
    ]
    assert demonstration.rows("select count(*) from marts.mart_activation_overdue") == [(0,)]
    assert demonstration.rows("select distinct ratio_status from marts.mart_renewal_due") == [
        ("not_computable",)
    ]
