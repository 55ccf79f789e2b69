"""Cohort conversion (L01, L02, L08-L10, D10) against oracles that share nothing with the models:
worlds with a known rate, mass redistributed to the right in fractions, loops over stays.
"""

import math
from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.pipeline.model_bench import ModelBench
from tests.pipeline.warehouse import Warehouse

DAY = 86400
HORIZON = 60
START = datetime(2024, 1, 1)
NEVER = datetime(9999, 12, 31)
MODELS = (
    "int_funnel__members",
    "int_funnel__cells",
    "int_funnel__risk_sets",
    "int_funnel__incidence",
    "mart_funnel_conversion",
)
# What happened to one member: seconds from its entry to conversion, exit and the end of view.
Member = tuple[float | None, float | None, float]


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> ModelBench:
    return ModelBench(demonstration)


def run(
    bench: ModelBench,
    members: list[tuple[datetime, datetime | None, datetime | None, str]],
    as_of: datetime,
) -> None:
    """Builds the cohort marts of MQLs: (reached MQL, reached SQL, given up, cell) each."""
    bench.put_rules("funnel_step")
    bench.connection.execute("delete from warehouse.rules.funnel_step where to_stage <> 'sql'")
    bench.put("int_time__as_of", "as_of timestamp", [(as_of,)])
    bench.put("int_attribution__computable", "has_wins boolean", [(True,)])
    bench.put("int_lifecycle__stages", "stage varchar", [("mql",), ("sql",)])
    rows = [(f"e{number}", *member) for number, member in enumerate(members)]
    entries = [(key, "mql", mql) for key, mql, _, _, _ in rows]
    entries += [(key, "sql", sql) for key, _, sql, _, _ in rows if sql]
    columns = "enquiry_lead_key varchar, stage varchar, reached_at timestamp"
    bench.put("int_funnel__stage_entries", columns, entries)
    bench.put(
        "int_funnel__exits",
        "enquiry_lead_key varchar, exited_at timestamp, exit_stage varchar",
        [(key, exited, "lost") for key, _, _, exited, _ in rows if exited],
    )
    bench.put(
        "int_funnel__dimensions",
        "enquiry_lead_key varchar, stage varchar, dimension_kind varchar, dimension_value varchar,"
        " is_by_month boolean",
        [(key, "mql", "all", cell, True) for key, *_, cell in rows],
    )
    bench.put_rules("measure_policy")
    bench.run(*MODELS)


@pytest.mark.parametrize(
    ("growth", "calendar_ratio"), [(0.0, 0.302), (0.05, 0.282), (0.1, 0.272), (0.2, 0.257)]
)
def test_matured_cohorts_find_the_rate_that_calendar_ratios_miss(
    bench: ModelBench, growth: float, calendar_ratio: float
) -> None:
    """L01: definitions.md's world; SQL in 60 days with .267, lag lognormal, median 20 days."""
    rng = np.random.default_rng(3)
    members, n_months = [], 18
    as_of = START + timedelta(days=30 * n_months)
    for month in range(n_months):
        n = int(600 * (1 + growth) ** month)
        began = month * 30 + rng.uniform(0, 30, n)
        lag = np.where(rng.random(n) < 0.3, np.exp(rng.normal(np.log(20), 0.9, n)), np.inf)
        for day, wait in zip(began, lag, strict=True):
            mql = START + timedelta(days=float(day))
            sql = mql + timedelta(days=float(wait)) if math.isfinite(wait) else None
            members.append((mql, sql if sql and sql < as_of else None, None, "all"))
    run(bench, members, as_of)
    truth = 0.3 * 0.5 * (1 + math.erf((math.log(HORIZON) - math.log(20)) / 0.9 / math.sqrt(2)))
    rows = bench.rows(
        "mart_funnel_conversion",
        "period_kind, period_start, is_mature, conversion_rate, conversion_rate_low,"
        " conversion_rate_high, ratio_status, n_mature, n_converted",
    )
    assert abs(truth - 0.267) < 0.001
    ((pooled, low, high, status, n, k),) = [r[3:] for r in rows if r[0] == "all"]
    assert status == "immature"
    # Half the interval is two standard errors; by chance the truth is outside one time in 20.
    assert abs(pooled - truth) < 0.75 * (high - low)
    assert high - low < 0.03
    assert abs(k / n - truth) < 0.01
    months = sorted(r for r in rows if r[0] == "month")
    # The youngest months have nobody old enough: nothing is said.
    assert months[-1][3] is None
    assert months[-1][6] == "not_identified"
    matured = [r for r in months if r[2]]
    assert len(matured) >= n_months - 4
    assert sum(r[4] <= truth <= r[5] for r in matured) >= len(matured) - 3
    bench.run("mart_funnel_calendar")
    ratios = bench.rows("mart_funnel_calendar", "calendar_month, calendar_ratio_not_conversion")
    # The month of as_of is not over yet.
    assert abs(sorted(ratios)[-2][1] - calendar_ratio) < 0.03


def redistributed(members: list[Member]) -> tuple[Fraction, Fraction]:
    """Shares converted and exited at the horizon: B. Efron's redistribution to the right (1967).

    Everybody carries 1/n; who leaves our view hands their mass to all who stay longer.
    """
    ends = []
    for converted, exited, followed in members:
        if converted is not None and (exited is None or converted <= exited):
            ends.append((converted, 0))
        elif exited is not None:
            ends.append((exited, 1))
        else:
            ends.append((followed, 2))
    ends.sort()
    masses = [Fraction(1, len(ends))] * len(ends)
    shares = [Fraction(0), Fraction(0)]
    for place, (end, kind) in enumerate(ends):
        if kind < 2:
            if end <= HORIZON * DAY:
                shares[kind] += masses[place]
        elif place + 1 < len(ends):
            n_later = len(ends) - place - 1
            for later in range(place + 1, len(ends)):
                masses[later] += masses[place] / n_later
    return shares[0], shares[1]


def test_estimates_equal_mass_redistributed_in_fractions(bench: ModelBench) -> None:
    """L01, L02: ties of whole days, durations of 0, censoring at an event's instant, 150 cells."""
    rng = np.random.default_rng(11)
    as_of = START + timedelta(days=400)
    worlds: dict[str, list[Member]] = {}
    rows = []
    for number in range(150):
        cell = f"cell{number:03}"
        longest = int(rng.integers(40, 130))
        for _ in range(int(rng.integers(1, 40))):
            age = int(rng.integers(0, longest))
            began = as_of - timedelta(days=age)
            wait, given_up = (int(rng.geometric(0.04)) - 1 for _ in range(2))
            converted = wait if rng.random() < 0.5 and wait <= age else None
            exited = given_up if rng.random() < 0.6 and given_up <= age else None
            rows.append(
                (
                    began,
                    began + timedelta(days=converted) if converted is not None else None,
                    began + timedelta(days=exited) if exited is not None else None,
                    cell,
                )
            )
            scaled = [None if d is None else d * DAY for d in (converted, exited, age)]
            worlds.setdefault(cell, []).append(tuple(scaled))
    run(bench, rows, as_of)
    n_known = n_zero = 0
    found = {
        r[0]: r[1:]
        for r in bench.rows(
            "mart_funnel_conversion",
            "case when period_kind = 'all' then dimension_value end, conversion_rate, exit_rate,"
            " conversion_rate_low, conversion_rate_high, n_effective, rate_basis",
        )
    }
    for cell, members in worlds.items():
        rate, exit_rate, low, high, n_effective, basis = found[cell]
        if max(followed for *_, followed in members) < HORIZON * DAY:
            assert rate is None
            assert basis is None
            continue
        n_known += 1
        n_zero += any(converted == 0 for converted, _, _ in members)
        expected, expected_exit = redistributed(members)
        assert abs(rate - expected) < 2e-9, cell
        assert abs(exit_rate - expected_exit) < 2e-9, cell
        assert low <= rate <= high
        if basis == "matured":
            interval = binomtest(round(rate * len(members)), len(members)).proportion_ci(
                method="wilson"
            )
            assert n_effective == len(members)
            assert low == pytest.approx(interval.low, abs=2e-9)
            assert high == pytest.approx(interval.high, abs=2e-9)
    assert n_known > 60
    assert n_zero > 20


def test_variance_is_greenwoods_and_the_interval_covers(bench: ModelBench) -> None:
    """L01: without exits Greenwood's formula; with them 95 % of 600 cells of 80 hold the truth."""
    rng = np.random.default_rng(5)
    as_of = START + timedelta(days=500)
    rows, single = [], []
    for number in range(601):
        for _ in range(80):
            age = float(rng.uniform(5, 180))
            began = as_of - timedelta(days=age)
            wait, given_up = rng.exponential(80), rng.exponential(60)
            if number == 600:
                given_up = math.inf
                single.append((min(wait, age), wait < age))
            first = min(wait, given_up)
            sql = began + timedelta(days=wait) if first == wait and wait < age else None
            lost = began + timedelta(days=given_up) if first == given_up and first < age else None
            rows.append((began, sql, lost, f"c{number}"))
    run(bench, rows, as_of)
    cells = {
        r[0]: r[1:]
        for r in bench.rows(
            "mart_funnel_conversion",
            "case when period_kind = 'all' then dimension_value end, conversion_rate,"
            " conversion_rate_low, conversion_rate_high, n_effective",
        )
    }
    total = 1 / 80 + 1 / 60
    truth = (1 / 80) / total * (1 - math.exp(-total * HORIZON))
    covered = sum(cells[f"c{n}"][1] <= truth <= cells[f"c{n}"][2] for n in range(600))
    assert 0.93 <= covered / 600 <= 0.975
    rate, *_, n_effective = cells["c600"]
    survival, greenwood = 1.0, 0.0
    for time, is_event in sorted(single):
        n_at_risk = sum(other >= time for other, _ in single)
        if is_event and time <= HORIZON:
            survival *= 1 - 1 / n_at_risk
            greenwood += 1 / (n_at_risk * (n_at_risk - 1))
    assert rate == pytest.approx(1 - survival, abs=1e-6)
    assert rate * (1 - rate) / n_effective == pytest.approx(survival**2 * greenwood, rel=1e-5)


def test_won_given_up_and_open_are_counted_from_the_stays(demonstration: Warehouse) -> None:
    """L02: every month's counts by loops over the stays of an enquiry's leads; parts are all."""
    ((as_of,),) = demonstration.rows("select as_of from intermediate.int_time__as_of")
    reached: dict[str, dict[str, datetime]] = defaultdict(dict)
    for key, stage, at in demonstration.rows(
        "select enquiry_lead_key, stage, reached_at from intermediate.int_funnel__stage_entries"
    ):
        reached[key][stage] = at
    stays = defaultdict(list)
    for key, entered, exited in demonstration.rows(
        """
        select lead.survivor_lead_key, stay.entered_at, stay.exited_at
        from marts.fct_lead_stage_interval as stay join marts.dim_lead as lead using (lead_key)
        where lead.cleaning_outcome <> 'exclude' and stay.path_kind <> 'detour'
        """
    ):
        stays[key].append((entered, exited or NEVER))
    steps = demonstration.rows("select from_stage, to_stage, horizon_days from rules.funnel_step")
    counts: dict[tuple, list[int]] = defaultdict(lambda: [0] * 5)
    for key, entries in reached.items():
        for from_stage, to_stage, days in steps:
            if from_stage not in entries:
                continue
            began, converted = entries[from_stage], entries.get(to_stage)
            local = began + timedelta(hours=8)
            count = counts[date(local.year, local.month, 1), from_stage, to_stage]
            count[0] += 1
            if began + timedelta(days) > as_of:
                continue
            ends = (end for _, end in stays[key] if began <= end < NEVER)
            gone = [e for e in ends if not any(a <= e < b for a, b in stays[key])]
            exited = min(gone, default=None)
            count[1] += 1
            limit = began + timedelta(days)
            if converted and converted <= limit and not (exited and exited < converted):
                count[2] += 1
            elif exited and exited <= limit:
                count[3] += 1
                count[4] += bool(converted and converted <= limit)
    found = {
        row[:3]: list(row[3:])
        for row in demonstration.rows(
            """
            select period_start, from_stage, to_stage, n_entered, n_mature, n_converted, n_exited,
                n_converted_after_exit
            from marts.mart_funnel_conversion
            where dimension_kind = 'all' and period_kind = 'month'
            """
        )
    }
    assert found == dict(counts)
    assert sum(count[4] for count in counts.values()) > 5
    ((n_old, n_new),) = demonstration.rows(
        """
        select (select sum(n_converted) from marts.mart_funnel_cohort),
            (select sum(n_converted + n_converted_after_exit) from marts.mart_funnel_conversion
                where dimension_kind = 'channel' and period_kind = 'month')
        """
    )
    assert n_old == n_new


def test_steps_multiply_to_the_end_and_growth_adds_up(demonstration: Warehouse) -> None:
    """L08, L09, L10: products per cohort; the benchmark against an exact interval; no residual."""
    paths = defaultdict(list)
    for *cell, rate, end_to_end, benchmark, verdict, n, k in demonstration.rows(
        """
        select path, period_kind, period_start, dimension_kind, dimension_value, step_rate,
            end_to_end_rate, benchmark_rate, benchmark_verdict, n_mature, n_reached
        from marts.mart_funnel_path where n_mature > 0 order by step_number
        """
    ):
        paths[tuple(cell)].append(rate)
        product = math.prod(r for r in paths[tuple(cell)][1:] if r is not None)
        assert end_to_end == pytest.approx(product, abs=1e-12)
        if benchmark is not None:
            interval = binomtest(k, n).proportion_ci(method="wilson")
            is_clear = not interval.low <= benchmark <= interval.high
            assert is_clear == (verdict != "not_distinguishable")
    assert len(paths) > 100
    # Whoever was given up and came back is all that lies between the two rates of a followed month.
    both = demonstration.rows(
        """
        select path.n_reached - path.n_reached_after_exit, path.n_reached_after_exit,
            conversion.n_converted, conversion.n_converted_after_exit
        from marts.mart_funnel_path as path
        join marts.mart_funnel_conversion as conversion
            using (period_kind, period_start, dimension_kind, dimension_value)
        where path.path = 'lead_to_customer' and path.stage = 'account' and path.is_mature
            and conversion.from_stage = 'lead' and conversion.to_stage = 'account'
            and conversion.is_mature
        """
    )
    assert all(row[:2] == row[2:] for row in both)
    assert sum(row[1] for row in both) > 5
    # The young are not asked of all time, so its rate may be read.
    assert demonstration.rows(
        "select distinct ratio_status, n_mature < n_entered from marts.mart_funnel_path"
        " where period_kind = 'all' and dimension_kind = 'all'"
    ) == [("ok", True)]
    changes = demonstration.rows(
        """
        select n_entered_before, n_entered, n_converted_before, n_converted, volume_effect,
            rate_effect
        from marts.mart_funnel_growth
        """
    )
    assert len(changes) > 500
    for n0, n1, k0, k1, volume, rate in changes:
        by_volume = Fraction(n1 - n0) * (Fraction(k0, n0) + Fraction(k1, n1)) / 2
        assert volume == pytest.approx(float(by_volume), abs=1e-9)
        assert rate == pytest.approx(float(k1 - k0 - by_volume), abs=1e-9)
