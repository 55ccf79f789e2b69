"""Builds the steps of a replay with dbt, in a scratch copy of the project.

Belongs here: from a step to its cells. Does not belong here: which steps there are (replay.py).
"""

import shutil
from pathlib import Path

import duckdb

from dagster_project.lib.dbt_results import masked
from dagster_project.lib.restatement import cells
from dagster_project.lib.restatement.cells import Cells
from dagster_project.lib.restatement.deliveries import Deliveries
from dagster_project.lib.restatement.replay import Step, StepFailed
from dagster_project.lib.scratch import Scratch, ScratchError
from dagster_project.lib.settings import Settings


class Builder:
    """Call it with a step. Writes below `folder` only; whoever made the folder removes it."""

    def __init__(self, settings: Settings, folder: Path, deliveries: Deliveries) -> None:
        self._scratch = Scratch(settings, folder / "scratch")
        self._landing = folder / "landing"
        self._deliveries = deliveries

    def __call__(self, step: Step) -> Cells:
        """The cells of a step. Raises StepFailed with dbt's words, without what may be a cell."""
        shutil.rmtree(self._landing, ignore_errors=True)
        self._landing.mkdir()
        self._deliveries.landing_of(self._landing, step.causes, step.clock)
        try:
            file = self._scratch.build(step.cause, [cells.TABLE], step.rules, self._landing)
        except ScratchError as error:
            raise StepFailed(f"the step {step.cause}: {masked(str(error))}") from None
        with duckdb.connect(str(file), read_only=True) as connection:
            built = cells.read_cells(connection, f"marts.{cells.TABLE}")
        file.unlink()
        return built
