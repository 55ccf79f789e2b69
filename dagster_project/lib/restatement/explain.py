"""The step before publication: every closed cell that is another one now gets its causes.

Compares the warehouse with the version that is current, replays what happened since when a closed
cell differs, and leaves the verdict that publication asks for. Nothing differs: it costs two reads.
Belongs here: the procedure. Does not belong here: its parts (cells, deliveries, replay, ledger).
"""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from dagster_project.lib import builds
from dagster_project.lib.contract import load_contract
from dagster_project.lib.restatement import cells, ledger, replay
from dagster_project.lib.restatement import inputs as recorded
from dagster_project.lib.restatement.builder import Builder
from dagster_project.lib.restatement.causes import UNEXPLAINED, read_causes
from dagster_project.lib.restatement.cells import Cells, Place
from dagster_project.lib.restatement.deliveries import Deliveries
from dagster_project.lib.restatement.inputs import Inputs
from dagster_project.lib.restatement.replay import Change
from dagster_project.lib.settings import Settings
from dagster_project.lib.words import counted

VERDICT = "restatement.json"
_SCRATCH = ".replay-"

MakeBuilder = Callable[[Settings, Path, Deliveries], replay.Build]


@dataclass(frozen=True)
class Verdict:
    """What was found out about a build. from_version: what was current, None = nothing was.

    cells: restated closed cells; by_cause: how many of them each cause changed.
    """

    build: str
    from_version: str | None
    cells: int = 0
    by_cause: dict[str, int] = field(default_factory=dict)

    @property
    def unexplained(self) -> int:
        """Cells with a residual; 0 unless something is broken."""
        return self.by_cause.get(UNEXPLAINED, 0)


def explain(
    settings: Settings,
    build: str,
    current: Path | None,
    say: Callable[[str], None] = lambda _text: None,
    make_builder: MakeBuilder = Builder,
) -> Verdict:
    """Explain the build in the warehouse against the version in the folder `current`.

    build: id of the marts in the warehouse; current: None = nothing was published; make_builder:
    what builds the steps. Writes the file of the ledger, then the verdict. Raises StepFailed when
    the state of now can't be built again.
    """
    _remove_leftovers(settings)
    version = current.name if current else None
    before = _published_cells(current)
    if before is None:
        return _keep(settings, Verdict(build, version))
    with builds.open_warehouse(settings) as connection:
        after = cells.read_cells(connection, f"warehouse.marts.{cells.TABLE}")
    places = cells.restated_places(before, after)
    then = recorded.read(current / recorded.FILE) if current else None
    now = recorded.noted(settings, build)
    changes: list[Change] = []
    if places:
        say(f"{counted(len(places), 'closed cell')} changed since {version}")
        changes = _changes(settings, then, now, before, after, places, say, make_builder)
    if now is None:
        now = recorded.present_inputs(settings)
    units = {place.measure: (cell.unit_kind, cell.currency) for place, cell in after.items()}
    ledger.write(settings, build, version or "", now, changes, units)
    by_cause = Counter(change.cause for change in changes)
    told = ", ".join(f"{number} {cause}" for cause, number in by_cause.items())
    say(f"{counted(len(places), 'closed cell')} restated" + (f": {told}" if told else ""))
    return _keep(settings, Verdict(build, version, len(places), dict(by_cause)))


def read_verdict(settings: Settings, build: str) -> Verdict | None:
    """What `explain` found out about a build, None when it did not finish."""
    try:
        path = builds.audit_folder(settings, build) / VERDICT
        return Verdict(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _changes(
    settings: Settings,
    then: Inputs | None,
    now: Inputs | None,
    before: Cells,
    after: Cells,
    places: list[Place],
    say: Callable[[str], None],
    make_builder: MakeBuilder,
) -> list[Change]:
    if then is None or now is None:
        # Made by hand, or by a version of ours that kept no record: nothing can be replayed.
        return replay.replayed([], before, after, places, lambda _: {})
    causes = read_causes(now.rules, now.newest_extract)
    contract = load_contract(settings.dbt_dir)
    deliveries = Deliveries(settings.landing, then, now, causes, contract)
    steps = replay.planned(then, now, deliveries.causes, causes)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=settings.home) as folder:
        make = make_builder(settings, Path(folder), deliveries)

        def build(step: replay.Step) -> Cells:
            say(f"replaying {step.cause} ({len(places)} cells, {len(steps)} steps)")
            return make(step)

        return replay.replayed(steps, before, after, places, build)


def _published_cells(current: Path | None) -> Cells | None:
    """The cells of a version; None when it has none."""
    file = current / f"{cells.TABLE}.parquet" if current else None
    if file is None or not file.exists():
        return None
    with duckdb.connect() as connection:
        path = str(file).replace("'", "''")
        return cells.read_cells(connection, f"read_parquet('{path}')")


def _keep(settings: Settings, verdict: Verdict) -> Verdict:
    builds.write_json(builds.audit_folder(settings, verdict.build) / VERDICT, asdict(verdict))
    return verdict


def _remove_leftovers(settings: Settings) -> None:
    """What a killed replay left behind; the pool of the warehouse lets one run at a time."""
    for folder in settings.home.glob(f"{_SCRATCH}*"):
        shutil.rmtree(folder, ignore_errors=True)
