"""Scorecards (L11, L12, L13, L15, L17) against loops, planted cases and closed target rows."""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from tests.pipeline.model_bench import ModelBench
from tests.pipeline.test_truth import TRUTH
from tests.pipeline.warehouse import Warehouse

NOW = datetime(2026, 7, 1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> ModelBench:
    return ModelBench(demonstration)


def month_of(instant: datetime) -> date:
    """Business month (Shanghai) of a UTC instant."""
    return (instant + timedelta(hours=8)).date().replace(day=1)


def test_figures_of_teams_are_counted_as_of_the_event(demonstration: Warehouse) -> None:
    """L11, X15: marketing teams by channel, SDR teams by the owner's team of that time; loops."""
    teams = dict(demonstration.rows("select channel, team from rules.team_channel"))
    expected: Counter[tuple] = Counter()
    for channel, at in demonstration.rows(
        "select channel, created_at from marts.dim_lead where cleaning_outcome = 'net'"
    ):
        for team in ("all", teams.get(channel)):
            expected["net_leads", team, month_of(at)] += 1
    owners = defaultdict(list)
    for lead, at, team in demonstration.rows(
        """
        select lead_key, valid_from, owner_team_id from intermediate.int_routing__owner_periods
        where owner_side = 'sdr' order by lead_key, valid_from, period_number
        """
    ):
        owners[lead].append((at, team))
    for lead, channel, at in demonstration.rows(
        "select enquiry_lead_key, channel, reached_sql_at from intermediate.int_funnel__enquiries"
        " where reached_sql_at is not null"
    ):
        counted = ["all", teams.get(channel)]
        if owners[lead]:
            place = bisect_right(owners[lead], at, key=lambda period: period[0])
            counted.append(owners[lead][max(place - 1, 0)][1])
        for team in counted:
            expected["sqls", team, month_of(at)] += 1
    found = {
        row[:3]: row[3]
        for row in demonstration.rows(
            "select kpi, team, month_start, actual from marts.mart_kpi_scorecard"
            " where kpi in ('net_leads', 'sqls') and actual > 0"
        )
    }
    assert found == {key: n for key, n in expected.items() if key[1]}
    ((n_teams,),) = demonstration.rows(
        "select count(distinct team) from marts.mart_kpi_scorecard where kpi = 'sqls'"
    )
    assert n_teams >= 6


def test_wins_are_the_deals_won_with_or_without_a_lead(demonstration: Warehouse) -> None:
    """L11: every opportunity won, in the month it was won, those nobody had a lead for too."""
    won = demonstration.rows(
        """
        select closed_at, lead_key from intermediate.int_crm__opportunities
        where is_won and not is_deleted
        """
    )
    expected = Counter(month_of(at) for at, _ in won)
    found = dict(
        demonstration.rows(
            "select month_start, actual from marts.mart_kpi_scorecard"
            " where kpi = 'wins' and team = 'all' and actual > 0"
        )
    )
    assert found == expected
    assert any(lead is None for _, lead in won)
    ((n_in_teams,),) = demonstration.rows(
        "select sum(actual) from marts.mart_kpi_scorecard where kpi = 'wins' and team <> 'all'"
    )
    assert n_in_teams <= sum(lead is not None for _, lead in won)


def test_every_kind_of_win_is_one_win(bench: ModelBench) -> None:
    """L11: two deals of one enquiry, a deal without one, and a customer by status alone."""
    days = [NOW - number * DAY for number in range(6)]
    bench.put(
        "int_attribution__conversions",
        "conversion_key varchar, survivor_lead_key varchar, is_won boolean, converted_at timestamp",
        [
            ("first", "e1", True, days[5]),
            ("second", "e1", True, days[4]),
            ("no lead", None, True, days[3]),
            # Paid without an opportunity: a renewal, not a deal won.
            ("renewal", "e2", False, days[2]),
        ],
    )
    bench.put(
        "int_funnel__stage_entries",
        "enquiry_lead_key varchar, channel varchar, stage varchar, reached_at timestamp",
        [
            *((enquiry, "phone", "lead", NOW - 90 * DAY) for enquiry in ("e1", "e2", "e3")),
            ("e1", "phone", "account", days[5]),
            ("e3", "phone", "account", days[1]),
        ],
    )
    bench.run("int_funnel__wins")
    columns = "win_key, enquiry_lead_key, channel, won_at"
    assert set(bench.rows("int_funnel__wins", columns)) == {
        ("first", "e1", "phone", days[5]), ("second", "e1", "phone", days[4]),
        ("no lead", None, None, days[3]), ("e3", "e3", "phone", days[1]),
    }  # fmt: skip


def test_targets_hold_for_the_months_they_were_made_for(demonstration: Warehouse) -> None:
    """L13, L12: the plan of the second quarter leaves the first alone; attainment; verdicts."""
    rows = {
        month: figures
        for month, *figures in demonstration.rows(
            """
            select month_start, target_value, target_version, actual, attainment, kpi_verdict
            from marts.mart_kpi_scorecard where kpi = 'sqls' and team = 'all'
            """
        )
    }
    assert rows[date(2026, 3, 1)][:2] == [28, "2026"]
    assert rows[date(2026, 4, 1)][:2] == [30, "2026-q2"]
    assert rows[date(2024, 12, 1)][0] is None
    assert rows[date(2024, 12, 1)][4] == "no_target"
    for month, (target, _, actual, attainment, verdict) in rows.items():
        if month == date(2026, 7, 1):
            assert verdict == "running"
            assert attainment is None
        elif target:
            assert attainment == pytest.approx(actual / target)
            assert verdict == ("met" if actual >= target else "missed")
    verdicts = demonstration.rows(
        """
        select distinct kpi_verdict, actual >= target_value, actual_high >= target_value
        from marts.mart_kpi_scorecard
        where kpi_kind = 'rate' and target_value is not null and is_complete and actual is not null
        """
    )
    for verdict, is_reached, is_within_chance in verdicts:
        chance = "not_distinguishable" if is_within_chance else "missed"
        assert verdict == ("met" if is_reached else chance)
    assert {v for v, *_ in verdicts} == {"met", "missed", "not_distinguishable"}


def test_a_target_changed_later_does_not_rewrite_the_past(bench: ModelBench) -> None:
    """L13: a closed target row and its successor, both for the whole year."""
    months = [date(2026, month, 1) for month in (3, 4)]
    bench.put_rules("kpi", "team_label", "kpi_verdict")
    bench.put(
        "int_scorecards__kpi_months",
        "kpi varchar, kpi_kind varchar, team varchar, month_start date, n_events bigint,"
        " n_good bigint",
        [("sqls", "count", "all", month, 10, 10) for month in months],
    )
    bench.put("int_scorecards__computable", "kpi varchar, is_computable boolean", [("sqls", True)])
    year = (date(2026, 1, 1), date(2026, 12, 1))
    bench.put(
        "kpi_target",
        "kpi varchar, team varchar, first_month date, last_month date, target_value double,"
        " target_version varchar, approved_by varchar, valid_from date, valid_to date",
        [
            ("sqls", "all", *year, 10.0, "plan", "x", date(2025, 12, 1), date(2026, 3, 20)),
            ("sqls", "all", *year, 12.0, "raised", "x", date(2026, 3, 20), None),
        ],
    )
    bench.put(
        "dim_date",
        "date_day date, month_start date, is_workday boolean",
        [(month + number * DAY, month, True) for month in months for number in range(30)],
    )
    bench.put("int_time__as_of", "as_of timestamp", [(NOW,)])
    bench.run("mart_kpi_scorecard")
    assert sorted(
        bench.rows("mart_kpi_scorecard", "month_start, target_value, kpi_verdict, verdict_zh")
    ) == [(months[0], 10, "met", "已达成"), (months[1], 12, "missed", "未达成")]


def test_planted_gaming_is_found_and_honest_work_is_not(bench: ModelBench) -> None:
    """L12, X15: one SDR's SQLs come back within a day; the team is that of the entry."""
    intervals, owners = [], []
    for sdr in ("honest", "keen", "gamer"):
        for number in range(40):
            lead = f"{sdr}-{number}"
            start = NOW - 200 * DAY + number * DAY
            is_game = sdr == "gamer" and number % 2 == 0
            # Given up after weeks is work; given up after hours is not.
            end = start + (DAY / 2 if is_game else 20 * DAY)
            to = "recycled" if number % 3 or is_game else "opportunity"
            intervals.append((lead, 1, "sql", 40, start, end, to))
            team = "old team" if number < 20 else "new team"
            owners.append((lead, start - DAY, sdr, team, "sdr", 1))
            owners.append((lead, start + DAY, sdr, "later team", "sdr", 2))
    # Too young to tell: entered an hour ago, and gone already.
    intervals.append(("young", 1, "sql", 40, NOW - DAY / 24, NOW - DAY / 48, "recycled"))
    owners.append(("young", NOW - DAY, "gamer", "new team", "sdr", 1))
    # The same lead an SQL twice in a month, with a detour that lasted.
    intervals.append(("twice", 1, "sql", 40, NOW - 60 * DAY, NOW - 50 * DAY, "recycled"))
    intervals.append(("twice", 2, "sql", 40, NOW - 40 * DAY, NOW - 30 * DAY, "opportunity"))
    bench.put(
        "int_lifecycle__intervals",
        "lead_key varchar, stay_number bigint, stage varchar, stage_rank integer,"
        " entered_at timestamp, exited_at timestamp, next_stage varchar",
        intervals,
    )
    bench.put(
        "int_routing__owner_periods",
        "lead_key varchar, valid_from timestamp, owner_user_id varchar, owner_team_id varchar,"
        " owner_side varchar, period_number bigint",
        owners,
    )
    bench.put(
        "int_leads__outcomes",
        "lead_key varchar, cleaning_outcome varchar",
        [(lead, "net") for lead in {row[0] for row in intervals}],
    )
    stages = [("mql", 20), ("sql", 40), ("opportunity", 50), ("recycled", None)]
    bench.put("int_lifecycle__stages", "stage varchar, stage_rank integer", stages)
    bench.put("int_time__as_of", "as_of timestamp", [(NOW,)])
    bench.put_rules("gaming_check", "measure_policy")
    bench.run(
        "int_scorecards__stage_stays",
        "int_scorecards__gaming",
        "mart_gaming_case",
        "mart_gaming_check",
    )
    cases = bench.rows("mart_gaming_case", "gaming_check, lead_key, user_id, team_id")
    undone = {row[1]: row[2:] for row in cases if row[0] == "undone_at_once"}
    assert undone == {
        f"gamer-{number}": ("gamer", "old team" if number < 20 else "new team")
        for number in range(0, 40, 2)
    }
    assert {row[1] for row in cases if row[0] == "counted_again"} == {"twice"}
    patterns = bench.rows("mart_gaming_check", "gaming_check, user_id, is_pattern")
    assert [row[:2] for row in patterns if row[2]] == [("undone_at_once", "gamer")]


def test_hardly_anybody_stands_out_by_chance(bench: ModelBench) -> None:
    """L12: eight honest SDRs, three checks, 60 refreshes; with 95 % somebody stood out in 59 %."""
    rng = np.random.default_rng(1)
    checks = ("undone_at_once", "counted_again", "passed_through")
    bench.put_rules("gaming_check", "measure_policy")
    n_flagged = n_caught = 0
    for _ in range(60):
        rows = [
            (check, 3.090232, f"u{user}", "team", bool(is_suspicious))
            for check in checks
            for user in range(8)
            # One of one check games every third.
            for is_suspicious in rng.random(70)
            < (1 / 3 if (check, user) == (checks[0], 0) else 0.05)
        ]
        bench.put(
            "int_scorecards__gaming",
            "gaming_check varchar, interval_z double, owner_user_id varchar, owner_team_id varchar,"
            " is_suspicious boolean",
            rows,
        )
        bench.run("mart_gaming_check")
        found = bench.rows("mart_gaming_check", "gaming_check, user_id, is_pattern")
        flagged = {row[:2] for row in found if row[2]}
        n_caught += (checks[0], "u0") in flagged
        n_flagged += bool(flagged - {(checks[0], "u0")})
    assert n_flagged <= 0.12 * 60
    assert n_caught >= 0.95 * 60


def test_the_demonstration_has_the_gaming_that_was_planted(demonstration: Warehouse) -> None:
    """L12: SQLs that were no SQL any more at the same second."""
    planted = json.loads((TRUTH / "planted.json").read_text("utf-8"))["same_second_regression"]
    found = demonstration.rows(
        """
        select lead.lead_id from marts.mart_gaming_case as gaming
        join marts.dim_lead as lead using (lead_key) where gaming.gaming_check = 'passed_through'
        """
    )
    assert {row[0] for row in found} == {note["lead"] for note in planted}


def test_a_stale_extract_makes_its_marts_stale(bench: ModelBench) -> None:
    """L15: a mart is as old as the oldest extract it needs, of alternatives the newest counts."""
    bench.put_rules("freshness_sla", "measure_requirement")
    bench.put("int_time__as_of", "as_of timestamp", [(NOW,)])
    dates = {"crm_leads": 1, "payments": 9, "crm_lead_history": 20, "ad_spend_daily": 4}
    bench.put(
        "int_quality__extract_presence",
        "extract_table varchar, is_present boolean, newest_extract_date date",
        [(name, True, NOW.date() - age * DAY) for name, age in dates.items()],
    )
    bench.run("mart_freshness")
    found = {
        row[0]: row[1:]
        for row in bench.rows("mart_freshness", "mart, age_days, oldest_extract, is_stale")
    }
    # Business day of the as-of instant.
    assert found["mart_lead_volume"] == (1, "crm_leads", False)
    assert found["fct_forecast"] == (9, "payments", True)
    # The history is old, but the leads' own statuses replace it.
    assert found["mart_funnel_conversion"] == (1, "crm_leads", False)


def test_marketing_and_customer_success_share_one_page(demonstration: Warehouse) -> None:
    """L17: leads, wins, customers and terms add up to the company's over channels."""
    (sums,) = demonstration.rows(
        """
        select sum(n_net_leads), sum(n_wins), sum(n_customers), sum(n_terms_due),
            sum(n_renewed), sum(n_renewed_silently), sum(n_ended)
        from marts.mart_shared_scorecard
        """
    )
    (company,) = demonstration.rows(
        """
        select
            (select count(*) from marts.dim_lead where cleaning_outcome = 'net'),
            (select n_reached from marts.mart_funnel_path
                where path = 'lead_to_customer' and stage = 'account' and period_kind = 'all'
                    and dimension_kind = 'all'),
            (select count(distinct account_key) from intermediate.int_customer__terms),
            (select sum(n_terms_due) from marts.mart_renewal_due),
            (select sum(n_renewed - n_renewed_silently) from marts.mart_renewal_due),
            (select sum(n_renewed_silently) from marts.mart_renewal_due),
            (select sum(n_ended) from marts.mart_renewal_due)
        """
    )
    assert sums == company
    statuses = demonstration.rows(
        "select n_mature_leads, n_net_leads, win_status, n_terms_due, n_renewed + n_ended,"
        " n_renewed_silently, renewal_status, win_verdict_zh, renewal_verdict_zh"
        " from marts.mart_shared_scorecard"
    )
    for n, n_net, win_status, n_due, n_decided, n_silent, renewal_status, *words in statuses:
        assert (win_status == "small_n") == (0 < n < 20)
        assert (win_status == "nothing_yet") == (n_net == 0)
        assert (renewal_status == "renewed_silently") == (n_silent > 0 and n_decided == 0)
        assert n_due > 0 or renewal_status in ("nothing_yet", "immature")
        assert all(words)
    assert {row[2] for row in statuses} >= {"ok", "small_n", "nothing_yet"}
