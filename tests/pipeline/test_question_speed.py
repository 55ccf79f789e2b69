"""Question 3, speed of contact, in SQL: the planted effect, Kaplan-Meier and oracles (M03, L03)."""

import json
from collections import defaultdict
from datetime import datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dagster_project.lib.questions import tables
from tests.pipeline.model_bench import ModelBench
from tests.pipeline.warehouse import ROOT, Warehouse

WAITING_COLUMNS = (
    "policy_id varchar, has_contacts boolean, waited_seconds double, started_at timestamp,"
    " stopped_at timestamp"
)


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> ModelBench:
    return ModelBench(demonstration)


def test_the_planted_effect_is_found(demonstration: Warehouse) -> None:
    """M03: halving is worth what the simulator planted; the split a dashboard shows is far off."""
    truth = json.loads((ROOT / "tests/truth/effects.json").read_text("utf-8"))
    planted = truth["halving_response_time_pp"]
    ((verdict, effect, low, high, naive, placebo_low, placebo_high),) = demonstration.rows(
        """
        select verdict, effect_pp, effect_pp_low, effect_pp_high, naive_pp_low, placebo_pp_low,
            placebo_pp_high
        from marts.mart_q3_speed_effect where policy_id = 'assigned_attempt_clock'
        """
    )
    assert verdict == "estimated"
    assert 0 < low < planted < high < 8
    assert effect == pytest.approx(planted, abs=1.0)
    assert naive > high
    assert placebo_low < 0 < placebo_high


def test_the_order_of_rows_changes_nothing(demonstration: Warehouse) -> None:
    """D6, D7: estimates, errors and expectations of shuffled rows are the same."""
    with duckdb.connect(str(demonstration.file), read_only=True) as connection:

        def relation(name: str, seed: int) -> duckdb.DuckDBPyRelation:
            rows = connection.sql(f"select * from intermediate.{name}").to_arrow_table()
            order = np.random.default_rng(seed).permutation(len(rows))
            return connection.from_arrow(rows.take(pa.array(order)))

        policy = connection.table("intermediate.int_questions__policy")
        numbers, diagnosis = (
            tables.policy(policy, "speed_effect"),
            tables.policy(policy, "diagnosis"),
        )
        bands = connection.table("intermediate.int_questions__speed_bands")
        responses = "int_questions__responses"
        comparisons, mqls = "int_questions__comparisons", "int_questions__judged_mqls"
        for one, other in (
            [tables.speed_estimates(relation(responses, seed), numbers) for seed in (1, 2)],
            [
                tables.diagnosis_errors(
                    relation(comparisons, seed), bands, {**diagnosis, "bootstrap_samples": 20}
                )
                for seed in (1, 2)
            ],
            [tables.expected_conversions(relation(mqls, seed), diagnosis) for seed in (1, 2)],
        ):
            assert one.num_rows > 0
            assert one.equals(other)


def test_a_clock_that_waits_for_the_lead_gives_no_number(demonstration: Warehouse) -> None:
    """M03: from creation most of the time is the lead's own: association only."""
    rows = demonstration.rows(
        """
        select verdict, verdict_reason, effect_pp, is_effect_shown, association_pp, ripened_share,
            verdict_en || verdict_zh
        from marts.mart_q3_speed_effect where clock_start = 'created'
        """
    )
    assert len(rows) == 2
    for verdict, reason, effect, is_shown, association, ripened, text in rows:
        assert (verdict, reason, effect, is_shown) == ("association_only", "ripened", None, False)
        assert association is not None
        assert ripened > 0.2
        assert "{" not in text


def test_responses_are_the_clocks_of_the_enquiries(demonstration: Warehouse) -> None:
    """D6: hours, never, before, ripened and left out, retold from fct_sla and the funnel."""
    clocks = defaultdict(list)
    for policy, lead, *clock in demonstration.rows(
        """
        select policy_id, lead_key, started_at, stopped_at, elapsed_clock_seconds,
            elapsed_business_seconds, clock
        from marts.fct_sla where stop_level = 'attempt'
        """
    ):
        clocks[policy, lead].append(clock)
    reached = {
        lead: stages
        for lead, *stages in demonstration.rows(
            "select enquiry_lead_key, reached_mql_at, reached_sql_at"
            " from intermediate.int_funnel__enquiries"
        )
    }
    rows = demonstration.rows(
        """
        select policy_id, lead_key, response_hours, has_converted, is_sql_already,
            is_self_converted, is_ripened
        from intermediate.int_questions__responses
        """
    )
    assert {(policy, lead) for policy, lead, *_ in rows} == {
        key for key in clocks if key[1] in reached
    }
    horizon = 60 * 86400
    for policy, lead, hours, *flags in rows:
        started, stopped, seconds, business, clock = min(clocks[policy, lead])
        mql, sql = reached[lead]
        late = stopped is not None and (stopped - started).total_seconds() > horizon
        if stopped is None or late:
            assert hours is None
        elif stopped <= started:
            assert hours == 0
        else:
            assert hours == pytest.approx((seconds if clock == "clock" else business) / 3600)
        converted = sql is not None and (sql - started).total_seconds() <= horizon
        assert flags == [
            converted,
            sql is not None and sql <= started,
            converted and (stopped is None or stopped > sql),
            mql is not None and stopped is not None and started < mql <= stopped,
        ]


def test_median_and_p90_are_those_of_lifelines(demonstration: Warehouse) -> None:
    """L03: quantiles, curve and interval on every clock and month, never contacted until now."""
    lifelines = pytest.importorskip("lifelines")
    waits = defaultdict(list)
    for policy, month, seconds, contacted in _waits_of_net_leads(demonstration):
        waits[policy, None].append((seconds, contacted))
        waits[policy, month].append((seconds, contacted))
    stated = demonstration.rows(
        """
        select policy_id, period_start, median_hours, median_hours_low, median_hours_high,
            p90_hours, n_leads, n_contacted
        from marts.mart_q3_response_time
        where verdict <> 'not_enough_data' and clock = 'clock'
        """
    )
    assert len(stated) > 80
    for policy, month, *figures in stated:
        seconds, contacted = (
            np.array(column) for column in zip(*waits[policy, month], strict=True)
        )
        fitter = lifelines.KaplanMeierFitter().fit(seconds / 3600, contacted)
        curve = fitter.survival_function_.iloc[:, 0]
        lower, upper = (fitter.confidence_interval_.iloc[:, column] for column in (0, 1))
        oracle = [
            _first_below(curve, 0.5), _first_below(lower, 0.5), _first_below(upper, 0.5),
            _first_below(curve, 0.1),
        ]  # fmt: skip
        assert figures[:4] == [None if t is None else pytest.approx(t, abs=1e-9) for t in oracle]
        assert figures[4:] == [len(seconds), contacted.sum()]


def _waits_of_net_leads(demonstration: Warehouse) -> list[tuple]:
    """Clock, month, seconds and whether it ended in a contact, of every clock of clock hours.

    Those from creation are retold from the leads, the contacts and the closings themselves; those
    from assignment take start and contact from fct_sla. Who was not contacted waits until now.
    """
    ((now,),) = demonstration.rows("select as_of from intermediate.int_time__as_of")
    net = "join intermediate.int_leads__outcomes using (lead_key) where cleaning_outcome = 'net'"
    created = dict(
        demonstration.rows(
            f"select lead_key, created_at from intermediate.int_crm__leads {net}"
            f" and created_at <= '{now}'"
        )
    )
    events = defaultdict(list)
    for lead, at, kind in demonstration.rows(
        """
        select lead_key, occurred_at, 'contact'
        from intermediate.int_sla__contacts where is_attempt
        union all select lead_key, closed_at, 'closed' from intermediate.int_handoffs__closings
        """
    ):
        events[lead].append((at, kind == "closed"))
    found = []
    for lead, start in created.items():
        first = next(
            (
                (at, is_closing)
                for at, is_closing in sorted(events[lead])
                if not is_closing or at > start
            ),
            (now, True),
        )
        end, is_contacted = (now, False) if first[1] else (max(first[0], start), True)
        found.append(("created_attempt_clock", start, end, is_contacted))
    found += [
        (policy, start, now if stop is None else max(start, stop), stop is not None)
        for policy, start, stop in demonstration.rows(
            f"""
            select policy_id, started_at, stopped_at from marts.fct_sla {net}
            and clock = 'clock' and policy_id <> 'created_attempt_clock'
            and clock_start in ('created', 'assigned')
            """
        )
    ]
    return [
        (
            policy,
            (start + timedelta(hours=8)).date().replace(day=1),
            (end - start).total_seconds(),
            has,
        )
        for policy, start, end, has in found
    ]


def test_the_curve_is_the_product_limit_with_ties(bench: ModelBench) -> None:
    """L03: 40 random groups with many ties and contacts at 0, against the definition."""
    dice = np.random.default_rng(9)
    began, rows, groups = datetime(2026, 3, 10), [], {}
    for number in range(40):
        n = int(dice.integers(1, 60))
        seconds = dice.integers(0, 12, n) * 600.0
        contacted = dice.random(n) < dice.choice([0.0, 0.5, 0.9, 1.0])
        groups[f"group {number}"] = seconds, contacted
        rows += [
            (f"group {number}", True, float(t), began, began if has else None)
            for t, has in zip(seconds, contacted, strict=True)
        ]
    bench.put("int_questions__waiting", WAITING_COLUMNS, rows)
    bench.run("int_questions__waits")
    found = defaultdict(dict)
    for policy, kind, at, waiting, low, high in bench.rows(
        "int_questions__waits",
        "policy_id, period_kind, elapsed_seconds, waiting, waiting_low, waiting_high",
    ):
        assert low <= waiting <= high
        found[policy, kind][at] = waiting
    for policy, (seconds, contacted) in groups.items():
        waiting, expected = 1.0, {}
        for at in sorted(set(seconds)):
            waiting *= 1 - (contacted & (seconds == at)).sum() / (seconds >= at).sum()
            expected[at] = waiting
        assert found[policy, "all"] == pytest.approx(expected, abs=1e-12)
        assert found[policy, "month"] == found[policy, "all"]


def _first_below(curve: pd.Series, share: float) -> float | None:
    """The first time at which no more than a share is waiting; exactly that share counts."""
    below = curve.index[curve.to_numpy() <= share + 1e-12]
    return below[0] if len(below) else None
