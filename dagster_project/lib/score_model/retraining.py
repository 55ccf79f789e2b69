"""Retraining in one step: read the warehouse, train, write the candidate's folder."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from dagster_project.lib.score_model import dataset, store, training
from dagster_project.lib.settings import Settings


@dataclass(frozen=True)
class Retrained:
    """A candidate and where it was written."""

    candidate: training.Candidate
    folder: Path


def retrain(settings: Settings, design: str | None = None) -> Retrained:
    """Train a candidate of `design` (default: the only one) and write it below `<home>`.

    Raises what dataset.read and training.train raise.
    """
    project = yaml.safe_load((settings.dbt_dir / "dbt_project.yml").read_text("utf-8"))
    candidate = training.train(dataset.read(settings, design))
    zone = project["vars"]["business_timezone"]
    return Retrained(candidate, store.write(settings, candidate, zone))
