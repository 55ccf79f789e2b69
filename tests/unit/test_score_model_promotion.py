"""O04, E08: what may be written to seeds/rules about a trained model, and what is refused."""

import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from dagster_project.lib.score_model import promotion, store
from dagster_project.lib.score_model.dataset import ScoreModelError
from dagster_project.lib.score_model.training import Candidate, train
from dagster_project.lib.settings import PROJECT_ROOT, Settings
from tests.unit.score_world import world

DAY = date(2026, 7, 6)
SEEDS = ("score_model", "score_model_coefficient", "score_model_metric")


@pytest.fixture(scope="module")
def candidate() -> Candidate:
    data = world(0, 1200)
    design = replace(data.design, design="mql_to_sql", coefficient_samples=5, metric_samples=20)
    return train(replace(data, design=design))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with our designs and no model yet."""
    rules = tmp_path / "seeds" / "rules"
    rules.mkdir(parents=True)
    shutil.copy(PROJECT_ROOT / "seeds" / "rules" / "score_model_design.csv", rules)
    for name in SEEDS:
        (rules / f"{name}.csv").write_text(store.as_csv(name, []), encoding="utf-8")
    return Settings.from_env({"LEADHOUSE_HOME": str(tmp_path / "home")}, project_root=tmp_path)


def judged(candidate: Candidate, low: float, version: str) -> Candidate:
    """The candidate under another name, with another lower bound of the deciding difference."""
    metrics = [
        replace(m, low=low) if (m.name, m.scorer) == ("auc", "difference") else m
        for m in candidate.metrics
    ]
    return replace(candidate, version=version, metrics=tuple(metrics))


def entered(settings: Settings, candidate: Candidate) -> None:
    store.write(settings, candidate, "Asia/Shanghai")
    promotion.enter(settings, candidate.version)


def statuses(settings: Settings) -> list[tuple[str, ...]]:
    rows = store.read_rows(settings.project_root / "seeds" / "rules" / "score_model.csv")
    kept = ("model_version", "status", "approved_by", "valid_from", "valid_to")
    return [tuple(row[column] for column in kept) for row in rows]


def test_the_committed_seeds_have_the_columns_that_are_written():
    for name in SEEDS:
        header = (
            (PROJECT_ROOT / "seeds" / "rules" / f"{name}.csv").read_text("utf-8").split("\n")[0]
        )
        assert header == store.as_csv(name, []).strip()


def test_a_model_that_chance_explains_is_refused(settings, candidate):
    entered(settings, judged(candidate, 0.0, "m1"))
    before = statuses(settings)
    with pytest.raises(ScoreModelError, match="not better than the rule score"):
        promotion.promote(settings, "m1", "OPS", DAY)
    assert statuses(settings) == before == [("m1", "candidate", "", "2026-07-01", "")]


def test_a_better_model_is_promoted_by_somebody_and_replaces_the_last(settings, candidate):
    entered(settings, judged(candidate, 0.01, "m1"))
    with pytest.raises(ScoreModelError, match="who approves"):
        promotion.promote(settings, "m1", " ", DAY)
    promotion.promote(settings, "m1", "OPS", DAY)
    entered(settings, judged(candidate, 0.02, "m2"))
    promotion.promote(settings, "m2", "CMO", date(2026, 8, 3))
    assert statuses(settings) == [
        ("m1", "candidate", "", "2026-07-01", "2026-07-06"),
        ("m1", "promoted", "OPS", "2026-07-06", "2026-08-03"),
        ("m2", "candidate", "", "2026-07-01", "2026-08-03"),
        ("m1", "retired", "OPS", "2026-08-03", ""),
        ("m2", "promoted", "CMO", "2026-08-03", ""),
    ]
    with pytest.raises(ScoreModelError, match="m2 is promoted"):
        promotion.promote(settings, "m2", "CMO", date(2026, 9, 1))


def test_who_approves_is_no_address(settings, candidate):
    """It is published in a mart: no personal data."""
    entered(settings, judged(candidate, 0.01, "m1"))
    with pytest.raises(ScoreModelError, match="not an address"):
        promotion.promote(settings, "m1", "cmo@example.com", DAY)


def test_a_second_candidate_of_the_same_data_takes_the_place_of_the_first(settings, candidate):
    """One design tried out twice on one day of data: the first was never a candidate for a day."""
    entered(settings, judged(candidate, 0.0, "m1"))
    entered(settings, judged(candidate, 0.01, "m2"))
    assert statuses(settings) == [
        ("m1", "retired", "", "2026-07-01", ""),
        ("m2", "candidate", "", "2026-07-01", ""),
    ]
    promotion.promote(settings, "m2", "CMO", DAY)
    later = replace(candidate.dataset, as_of=datetime(2026, 8, 1))
    entered(settings, replace(judged(candidate, 0.0, "m3"), dataset=later))
    with pytest.raises(ScoreModelError, match="m3 was trained on newer data"):
        entered(settings, judged(candidate, 0.0, "m4"))
    newest = replace(candidate.dataset, as_of=datetime(2026, 9, 1))
    entered(settings, replace(judged(candidate, 0.0, "m5"), dataset=newest))
    assert [row[:2] for row in statuses(settings)[3:]] == [
        ("m3", "candidate"),
        ("m3", "retired"),
        ("m5", "candidate"),
    ]


def test_a_design_out_of_force_promotes_nothing(settings, candidate):
    entered(settings, judged(candidate, 0.01, "m1"))
    file = settings.project_root / "seeds" / "rules" / "score_model_design.csv"
    file.write_text(file.read_text("utf-8").replace("2000-01-01,", "2000-01-01,2026-07-02"))
    with pytest.raises(ScoreModelError, match="no longer in force"):
        promotion.promote(settings, "m1", "CMO", DAY)


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 6, 1)])
def test_no_status_begins_before_the_one_it_follows(settings, candidate, day):
    entered(settings, judged(candidate, 0.01, "m1"))
    with pytest.raises(ScoreModelError, match="name a later day"):
        promotion.retire(settings, "m1", day)


def test_a_retired_model_is_scored_no_more_and_stays(settings, candidate):
    entered(settings, judged(candidate, -0.1, "m1"))
    promotion.retire(settings, "m1", DAY)
    assert [row[1] for row in statuses(settings)] == ["candidate", "retired"]
    with pytest.raises(ScoreModelError, match="in seeds/rules already"):
        promotion.enter(settings, "m1")


def test_unknown_names_are_told(settings):
    with pytest.raises(ScoreModelError, match="No candidate 'm9'"):
        promotion.enter(settings, "m9")
    with pytest.raises(ScoreModelError, match="enter it first"):
        promotion.promote(settings, "m9", "OPS", DAY)


def test_the_folder_holds_the_rows_and_no_lead(settings, candidate):
    folder = store.write(settings, candidate, "Asia/Shanghai")
    assert {path.name for path in folder.iterdir()} == {
        "report.md",
        *(f"{name}.csv" for name in SEEDS),
    }
    assert store.read(settings, candidate.version) == store.rows_of(candidate, "Asia/Shanghai")
    assert store.write(settings, candidate, "Asia/Shanghai") == folder
    assert "promoted" in (folder / "report.md").read_text("utf-8")
