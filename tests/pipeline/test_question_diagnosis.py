"""Question 1, lead quality or skill, in SQL: planted worlds, the demonstration (M01, L05, D7)."""

from collections import defaultdict
from datetime import datetime, timedelta

import numpy as np
import pytest

from dagster_project.lib.questions import tables
from tests.pipeline.model_bench import ModelBench
from tests.pipeline.warehouse import Warehouse

CELLS = [("HOT", "search", "target"), ("WARM", "search", "other"), ("COLD", "social", "unknown")]
RATES = np.array([0.7, 0.4, 0.1])
BANDS = ["within_4h", "within_24h", "within_72h", "later", "never"]
COST = np.array([0.0, -0.02, -0.05, -0.07, -0.09])
MARCH, APRIL = datetime(2026, 3, 1), datetime(2026, 4, 1)
WORLDS = {
    "mix": {"mix": [0.15, 0.25, 0.6]},
    "skill": {"rates": RATES * 0.6},
    "speed": {"speed": [0.02, 0.03, 0.05, 0.1, 0.8]},
    "no_change": {},
}


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> ModelBench:
    """Compiled models of the questions, with the rules in place and the end of June as now."""
    bench = ModelBench(demonstration)
    bench.put("int_time__as_of", "as_of timestamp", [(datetime(2026, 6, 30),)])
    bench.put_rules(
        "measure_policy", "question_measure", "question_verdict", "question_segment",
        "question_speed_band",
    )  # fmt: skip
    bench.run("int_questions__policy", "int_questions__speed_bands")
    return bench


@pytest.mark.parametrize("planted", WORLDS)
def test_a_planted_cause_is_named(bench: ModelBench, planted: str) -> None:
    """M01, L05: one cause planted from March to April gets ≥ 90 % of the drop, and is named."""
    dice = np.random.default_rng(7)
    mqls = [
        *_month(dice, MARCH, 20_000, [0.4, 0.4, 0.2], RATES, [0.5, 0.3, 0.1, 0.05, 0.05]),
        *_month(
            dice, APRIL, 20_000,
            WORLDS[planted].get("mix", [0.4, 0.4, 0.2]),
            WORLDS[planted].get("rates", RATES),
            WORLDS[planted].get("speed", [0.5, 0.3, 0.1, 0.05, 0.05]),
        ),
    ]  # fmt: skip
    _diagnose(bench, mqls)
    rows = bench.rows(
        "mart_q1_mql_sql_diagnosis",
        "measure, effect_pp, effect_pp_low, effect_pp_high, verdict, verdict_en, verdict_zh",
    )
    effects = {measure: effect for measure, effect, *_ in rows}
    assert {row[4] for row in rows} == {planted}
    assert effects["change"] == pytest.approx(
        effects["mix"] + effects["speed"] + effects["skill"], abs=1e-9
    )
    assert all(low < effect < high for _, effect, low, high, *_ in rows)
    if planted == "no_change":
        assert abs(effects["change"]) < 2
    else:
        assert effects["change"] < -3
        assert 0.9 < effects[planted] / effects["change"] < 1.1
        assert f"{effects[planted]:+.1f}" in rows[0][5]
        assert f"{effects[planted]:+.1f}" in rows[0][6]
    cells = bench.rows("mart_q1_quality_cell", "mix_pp, within_pp")
    assert sum(mix for mix, _ in cells) == pytest.approx(effects["mix"], abs=1e-9)
    assert sum(within for _, within in cells) == pytest.approx(effects["within"], abs=1e-9)


def test_what_cannot_be_said_is_not_said(bench: ModelBench) -> None:
    """M01: too few, too young, and contacts not delivered: no number, and a sentence why."""
    dice = np.random.default_rng(8)
    even = [0.4, 0.4, 0.2], RATES, [0.5, 0.3, 0.1, 0.05, 0.05]
    few = [*_month(dice, MARCH, 500, *even), *_month(dice, APRIL, 29, *even)]
    _diagnose(bench, few)
    assert _verdicts(bench) == {("not_enough_data", True)}
    young = [*_month(dice, MARCH, 500, *even), *_month(dice, APRIL, 500, *even)]
    young[-1] = (*young[-1][:6], False, *young[-1][7:])
    _diagnose(bench, young)
    assert _verdicts(bench) == {("immature", True)}
    worse = [
        *_month(dice, MARCH, 5000, *even),
        *_month(dice, APRIL, 5000, even[0], RATES / 2, even[2]),
    ]
    _diagnose(bench, [(*mql[:-1], None) for mql in worse])
    found = dict(bench.rows("mart_q1_mql_sql_diagnosis", "measure, effect_pp"))
    assert found["speed"] is found["skill"] is None
    assert found["within"] < -10
    assert {verdict for verdict, _ in _verdicts(bench)} == {"within_no_contacts"}


def _month(
    dice: np.random.Generator, month: datetime, n: int, mix: list, rates: np.ndarray, speed: list
) -> list[tuple]:
    cells, bands = dice.choice(3, n, p=mix), dice.choice(5, n, p=speed)
    converted = dice.random(n) < rates[cells] + COST[bands]
    return [
        (f"{month:%m}-{number}", "u", month + timedelta(days=number % 28), month.date(), 60,
         bool(has), True, *CELLS[cell], f"cell {cell}", BANDS[band])
        for number, (cell, band, has) in enumerate(zip(cells, bands, converted, strict=True))
    ]  # fmt: skip


def _diagnose(bench: ModelBench, mqls: list[tuple]) -> None:
    """Runs question 1 on MQLs as `_month` makes them."""
    bench.put(
        "int_questions__mqls",
        "enquiry_lead_key varchar, user_id varchar, mql_at timestamp, mql_month date,"
        " horizon_days integer, has_converted boolean, is_mature boolean, score_band varchar,"
        " channel_family varchar, fit varchar, cell_key varchar",
        [mql[:-1] for mql in mqls],
    )
    bench.put(
        "int_questions__mql_speed",
        "enquiry_lead_key varchar, speed_band varchar",
        [(mql[0], mql[-1]) for mql in mqls],
    )
    bench.run("int_questions__comparisons")
    # One month beside another; the quarter has no neighbour that is not empty.
    bench.connection.execute(
        "delete from warehouse.intermediate.int_questions__comparisons where period_kind <> 'month'"
    )
    errors = tables.diagnosis_errors(
        bench.connection.table("warehouse.intermediate.int_questions__comparisons"),
        bench.connection.table("warehouse.intermediate.int_questions__speed_bands"),
        {"bootstrap_samples": 200},
    )
    bench.put(
        "int_questions__diagnosis_errors",
        "comparison_key varchar, measure varchar, standard_error double",
        [tuple(row.values()) for row in errors.to_pylist()],
    )
    bench.run(
        "int_questions__cell_effects", "int_questions__speed_parts", "int_questions__changes",
        "int_questions__parts", "mart_q1_mql_sql_diagnosis", "mart_q1_quality_cell",
    )  # fmt: skip


def _verdicts(bench: ModelBench) -> set[tuple[str, bool]]:
    rows = bench.rows("mart_q1_mql_sql_diagnosis", "verdict, effect_pp, verdict_en, verdict_zh")
    assert not any("{" in en + zh for _, _, en, zh in rows)
    return {(verdict, effect is None) for verdict, effect, *_ in rows}


def test_diagnosis_counts_the_leads_of_the_funnel(demonstration: Warehouse) -> None:
    """M01, L01: MQLs and SQLs of question 1 are those of the cohort funnel, month by month."""
    funnel = demonstration.rows(
        """
        select cohort_month, cast(sum(n_mature) as bigint), cast(sum(n_converted) as bigint)
        from marts.mart_funnel_cohort
        where from_stage = 'mql' and to_stage = 'sql'
        group by 1 having sum(n_mature) > 0 order by 1
        """
    )
    own = demonstration.rows(
        """
        select mql_month, count(*), cast(sum(cast(has_converted as integer)) as bigint)
        from intermediate.int_questions__mqls where is_mature group by 1 order by 1
        """
    )
    assert own == funnel
    diagnosed = dict(
        demonstration.rows(
            """
            select period_start, n_now from marts.mart_q1_mql_sql_diagnosis
            where period_kind = 'month' and measure = 'change'
            """
        )
    )
    assert len(diagnosed) >= 20
    assert all(diagnosed.get(month, n) == n for month, n, _ in funnel)


def test_sql_and_bootstrap_speak_of_the_same_effects(demonstration: Warehouse) -> None:
    """D7: the parts the SQL states are those the resampling centres on."""
    relation = "intermediate.int_questions__comparisons"
    fields = "comparison_key, cell_key, speed_band, n_before, k_before, n_now, k_now"
    stated = {
        key: parts
        for key, *parts in demonstration.rows(
            "select comparison_key, change, mix, within, speed, skill"
            " from intermediate.int_questions__changes"
        )
    }
    order = dict(
        demonstration.rows(
            "select speed_band, band_order from intermediate.int_questions__speed_bands"
        )
    )
    groups = defaultdict(list)
    for row in demonstration.rows(f"select {fields} from {relation}"):
        groups[row[0]].append(row)
    assert groups.keys() == stated.keys()
    n_with_speed = 0
    for key, rows in groups.items():
        counts, _ = tables.comparison_counts(rows, order)
        for found, expected in zip(
            tables.mix_skill.decompose(counts).values(), stated[key], strict=True
        ):
            if expected is None:
                assert np.isnan(found)
            else:
                assert found == pytest.approx(expected, abs=1e-9)
        n_with_speed += stated[key][3] is not None
    assert n_with_speed > 10


def test_sdrs_share_out_what_was_expected(demonstration: Warehouse) -> None:
    """M01: over all MQLs expected = observed; no sentence has a hole."""
    ((expected, observed),) = demonstration.rows(
        """
        select sum(expected_by_quality), count(*) filter (where has_converted)
        from intermediate.int_questions__expected
        inner join intermediate.int_questions__mqls using (enquiry_lead_key)
        """
    )
    assert expected == pytest.approx(observed, abs=1e-3)
    rows = demonstration.rows("select verdict_en, verdict_zh, n_mqls from marts.mart_q1_sdr")
    assert len(rows) >= 5
    assert not any("{" in en + zh for en, zh, _ in rows)
    ((n_window,),) = demonstration.rows(
        """
        select count(*) from intermediate.int_questions__mqls, intermediate.int_time__as_of
        where is_mature and user_id is not null and mql_at > as_of - interval '425' day
        """
    )
    assert sum(n for *_, n in rows) == n_window
