"""The learned score on the demonstration company (E08, D8): SQL, trainer, asset, leak canary."""

import json
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dagster_project.lib.score_model import dataset, store
from dagster_project.lib.score_model.retraining import retrain
from dagster_project.lib.score_model.training import train
from dagster_project.lib.settings import PROJECT_ROOT, Settings
from tests.pipeline.warehouse import ROOT, Warehouse

SEEDS = ROOT / "seeds" / "rules"


@pytest.fixture(scope="module")
def settings(demonstration: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home whose warehouse is the demonstration's, and whose candidates are ours to write."""
    home = tmp_path_factory.mktemp("score_model")
    (home / "warehouse.duckdb").symlink_to(demonstration.file)
    return Settings.from_env(demonstration.environment | {"LEADHOUSE_HOME": str(home)})


@pytest.fixture(scope="module")
def retrained(settings: Settings):
    return retrain(settings)


def test_sql_scores_as_scikit_learn(demonstration: Warehouse) -> None:
    """E08: every probability equals predict_proba of the same coefficients, to 1e-9."""
    models = scored_models()
    assert models
    terms = store.read_rows(SEEDS / "score_model_coefficient.csv")
    n_compared = 0
    for version in models:
        own = [row for row in terms if row["model_version"] == version]
        number = {row["term_kind"]: float(row["coefficient"]) for row in own}
        names = [row["feature"] for row in own if row["term_kind"] == "feature"]
        weights = {row["feature"]: float(row["coefficient"]) for row in own}
        keys, values = wide_features(demonstration, names)
        logistic = as_fitted([weights[name] for name in names], number["intercept"])
        platt = as_fitted([number["platt_slope"]], number["platt_intercept"])
        log_odds = logistic.decision_function(values)
        expected = platt.predict_proba(log_odds[:, None])[:, 1]
        found = {
            (lead, kind): probability
            for lead, kind, probability in demonstration.rows(
                f"""
                select lead_key, snapshot_kind, probability from marts.fct_lead_score_learned
                where model_version = '{version}'
                """
            )
        }
        assert found.keys() == set(keys)
        assert [found[key] for key in keys] == pytest.approx(expected, abs=1e-9, rel=0)
        n_compared += len(keys)
    assert n_compared > 4_000


def scored_models() -> set[str]:
    """Versions of the committed seeds that are a candidate or promoted."""
    rows = store.read_rows(SEEDS / "score_model.csv")
    return {r["model_version"] for r in rows if not r["valid_to"] and r["status"] != "retired"}


def as_fitted(weights: list[float], intercept: float) -> LogisticRegression:
    """scikit-learn's model with these coefficients."""
    model = LogisticRegression()
    model.classes_ = np.array([0, 1])
    model.coef_, model.intercept_ = np.array([weights]), np.array([intercept])
    return model


def wide_features(warehouse: Warehouse, names: list[str]) -> tuple[list[tuple], np.ndarray]:
    """Keys (lead, kind of snapshot) and a float row of features each."""
    rows = defaultdict(dict)
    for lead, kind, feature, value in warehouse.rows(
        "select lead_key, snapshot_kind, feature, feature_value"
        " from intermediate.int_scoring__features"
    ):
        rows[lead, kind][feature] = value
    return list(rows), np.array([[row[name] for name in names] for row in rows.values()], float)


def test_retraining_gives_the_committed_candidate(retrained) -> None:
    """E08: the model of the demonstration is what the trainer makes of it, honestly named.

    When the demonstration's data changed on purpose: train, then enter the new candidate.
    """
    ours = {(term.kind, term.feature): term.value for term in retrained.candidate.terms}
    committed = {
        (row["term_kind"], row["feature"]): float(row["coefficient"])
        for row in store.read_rows(SEEDS / "score_model_coefficient.csv")
        if row["model_version"] in scored_models()
    }
    assert ours == pytest.approx(committed, abs=1e-5)
    statuses = {row["status"] for row in store.read_rows(SEEDS / "score_model.csv")}
    assert "promoted" not in statuses or retrained.candidate.may_be_promoted


def test_planted_effects_lie_in_the_intervals(retrained) -> None:
    """E08: what the simulator planted on the score items (tests/truth/effects.json)."""
    planted = json.loads((ROOT / "tests" / "truth" / "effects.json").read_text("utf-8"))
    terms = {term.feature: term for term in retrained.candidate.terms if term.kind == "feature"}
    missed = {
        item: (terms[item].low, weight, terms[item].high)
        for item, weight in planted["score_logit"].items()
        if not terms[item].low <= weight <= terms[item].high
    }
    assert len(planted["score_logit"]) == 6
    assert len(missed) <= 1, missed


def test_the_report_knows_its_limits(retrained) -> None:
    """D8: matured labels only, blocks in order, shuffled labels rank like chance."""
    candidate = retrained.candidate
    data, blocks = candidate.dataset, candidate.blocks
    assert data.due_at.max() <= np.datetime64(data.as_of)
    assert data.due_at[blocks.train].max() <= data.snapshot_at[blocks.calibration].min()
    assert data.due_at[blocks.calibration].max() <= data.snapshot_at[blocks.test].min()
    (null,) = (m for m in candidate.metrics if m.name == "null_auc")
    assert null.low <= 0.5 <= null.high
    text = (retrained.folder / "report.md").read_text("utf-8")
    assert ("may be promoted" in text) == candidate.may_be_promoted
    assert "nobody called" in text


def test_a_planted_leak_is_refused(demonstration: Warehouse, tmp_path: Path) -> None:
    """E08 leak canary, through the trainer: one value known a second too late, told by name."""
    leaky = tmp_path / "warehouse.duckdb"
    shutil.copy(demonstration.file, leaky)
    with duckdb.connect(str(leaky)) as connection:
        connection.execute(
            """
            update intermediate.int_scoring__features
            set known_at = snapshot_known_at + interval 1 second
            where feature = 'case_download' and snapshot_kind = 'entry' and lead_key = (
                select min(lead_key) from intermediate.int_scoring__training_set
                where is_label_matured
            )
            """
        )
    home = Settings.from_env(demonstration.environment | {"LEADHOUSE_HOME": str(tmp_path)})
    with pytest.raises(dataset.FeatureLeakError, match="case_download was known only after") as no:
        retrain(home)
    assert "in 1 rows" in str(no.value)
    assert not store.folder(home).exists()
    with duckdb.connect(str(leaky)) as connection:
        connection.execute("delete from intermediate.int_scoring__training_set")
    with pytest.raises(dataset.NotEnoughDataError, match="0 leads have a final label"):
        retrain(home)


def test_retraining_is_an_asset_without_personal_data(
    settings: Settings, retrained, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E08: the asset trains the same candidate; metadata are counts, names, metrics."""
    from dagster_project.defs.score_model import score_model_candidate

    for name, value in settings.env_for_subprocess().items():
        monkeypatch.setenv(name, value)
    result = dg.materialize([score_model_candidate])
    (materialization,) = result.asset_materializations_for_node("score_model_candidate")
    told = {name: value.value for name, value in materialization.metadata.items()}
    assert told["trained"]
    assert told["version"] == retrained.candidate.version
    assert told["may_be_promoted"] == retrained.candidate.may_be_promoted
    assert told["leads_to_judge"] == len(retrained.candidate.blocks.test)
    texts = {name for name, value in told.items() if isinstance(value, str)}
    assert texts == {"version", "folder", "deciding_metric"}


def test_nothing_is_trained_on_too_few_leads(settings: Settings) -> None:
    """E08: a company that has just begun gets no model, and a reason."""
    rows = dataset.read(settings)
    demanding = replace(rows, design=replace(rows.design, min_class_rows=10_000))
    with pytest.raises(dataset.NotEnoughDataError, match="min_class_rows"):
        train(demanding)


def test_the_designs_seed_is_what_the_trainer_reads(settings: Settings) -> None:
    (row,) = store.read_rows(PROJECT_ROOT / "seeds" / "rules" / "score_model_design.csv")
    design = dataset.read(settings, "mql_to_sql").design
    for name in ("horizon_days", "train_percent", "calibration_percent", "dice_seed"):
        assert getattr(design, name) == int(row[name])
    with pytest.raises(dataset.ScoreModelError, match="name one of"):
        dataset.read(settings, "no such design")
