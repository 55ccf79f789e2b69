"""What other rules would do to the numbers, before anybody applies them (D4).

The proposal is built in a scratch copy from the same landing. The present state is the warehouse
when it verifiably is what this code makes of this landing, else it is built in the scratch copy
too, so that a difference is the rules' and nothing else's.
Belongs here: that procedure. Does not belong here: checks of the files, dbt, the measures, words
(rule_files, scratch, preview_measures, preview_report).
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import yaml

from dagster_project.lib import builds
from dagster_project.lib.fingerprint import code_fingerprint
from dagster_project.lib.identity import preview_measures
from dagster_project.lib.identity.lookup import IdentityError
from dagster_project.lib.identity.rule_files import (
    OVERRIDES,
    RULES_FOLDER,
    KnowsRecord,
    RuleFile,
    check,
    merged,
    read_proposal,
    read_rules,
    written,
)
from dagster_project.lib.landing import read_ledger
from dagster_project.lib.publishing import current_manifest
from dagster_project.lib.scratch import Scratch, ScratchError
from dagster_project.lib.settings import Settings

# What the comparison reads (preview_measures.py, preview_scores.py) when the project has it; dbt
# builds all these need.
MODELS = (
    "bridge_identity",
    "dim_channel",
    "dim_lead",
    "fct_attribution",
    "fct_handoff",
    "int_funnel__enquiries",
    "int_golden__permissions",
    "int_time__as_of",
    "int_whatif__load",
    "int_whatif__outcomes",
    "mart_coverage",
    "mart_identity_review",
)


def preview(
    settings: Settings, proposal: Path, add: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    """Compare the present rules with a proposal; returns what preview_measures.compared does, and
    `files`, `baseline` (warehouse or scratch), `decisions_moved`, `rows_waiting` (rows of the
    proposal that begin after the data and so do nothing here).

    proposal: a rule file or a folder of them; add: their rows come on top of the present ones
    instead of in their place; say: takes what is being done. Takes one dbt build, or two; writes
    below `<home>` only and removes it. Raises IdentityError.
    """
    try:
        return _compared(settings, proposal, add, say)
    except ScratchError as error:
        raise IdentityError(str(error)) from None


def _compared(
    settings: Settings, proposal: Path, add: bool, say: Callable[[str], None]
) -> dict[str, Any]:
    rules = settings.project_root / RULES_FOLDER
    files = read_proposal(proposal, rules)
    if add:
        files = [merged(file, read_rules(rules / f"{file.name}.csv")) for file in files]
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".preview-", dir=settings.home) as folder:
        scratch = Scratch(settings, Path(folder))
        present = present_warehouse(settings)
        baseline = "warehouse" if present else "scratch"
        types = _identifier_types(rules, files)
        check(files, rules, types, _known_records(present) if present else None)
        if present is None:
            say("building the present rules in a scratch copy …")
            present = scratch.build("present", MODELS, {})
            check(files, rules, types, _known_records(present))
        files, moved = _decided_in_time(files, as_of(settings))
        waiting = _rows_waiting(files, _business_day(settings))
        say("building the proposed rules in a scratch copy …")
        texts = {f"rules/{file.name}.csv": written(file) for file in files}
        proposed = scratch.build("proposed", MODELS, texts)
        say("comparing …")
        try:
            with preview_measures.opened(present, proposed) as connection:
                zone = _variables(settings)["business_timezone"]
                measured = preview_measures.compared(connection, zone)
        except duckdb.IOException:
            raise IdentityError(
                "A run has begun to rewrite the warehouse meanwhile. Wait for it to end and preview"
                " again."
            ) from None
    about = {"files": [f"{file.name}.csv" for file in files], "baseline": baseline}
    return {**about, "decisions_moved": moved, "rows_waiting": waiting, **measured}


def present_warehouse(settings: Settings) -> Path | None:
    """The warehouse file if it is what the present code and rules make of what has landed.

    That is so when it holds the build of the current publication, that build read this landing, and
    the code was this one. None when any of it is not so, or a run has the file open.
    """
    manifest = current_manifest(settings.published)
    if manifest is None or not settings.warehouse.exists():
        return None
    try:
        with builds.open_warehouse(settings) as connection:
            held = builds.marker(connection)
    except duckdb.IOException:
        return None
    built = {"foundation": held.foundation, "marts": held.marts, "landing": held.landing}
    same = (
        manifest.get("build") == built
        and held.landing == builds.landing_digest(settings.landing)
        and manifest.get("code_fingerprint") == code_fingerprint(settings.project_root)
    )
    return settings.warehouse if same else None


def as_of(settings: Settings) -> datetime:
    """ "Now" of a build (UTC without a zone), as the model int_time__as_of has it."""
    days = [
        entry.extract_date
        for entry in read_ledger(settings.landing)
        if entry.status == "landed" and entry.rows_landed and entry.extract_date
    ]
    if not days:
        return datetime(1970, 1, 1)  # noqa: DTZ001
    zone = ZoneInfo(_variables(settings)["source_timezone"])
    midnight = datetime.combine(max(days) + timedelta(days=1), time(), zone)
    return midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) - timedelta(seconds=1)


def _decided_in_time(files: list[RuleFile], now: datetime) -> tuple[list[RuleFile], int]:
    """Decisions of after the newest extract wait in a build; here they are tried as of it.

    Returns the files and how many decisions were moved.
    """
    moved, result = 0, []
    for file in files:
        rows = file.rows
        if file.name == OVERRIDES:
            late = [
                datetime.fromisoformat(row["decided_at"]).replace(tzinfo=None) > now for row in rows
            ]
            moved += sum(late)
            rows = [
                {**row, "decided_at": f"{now:%Y-%m-%d %H:%M:%S}"} if is_late else row
                for row, is_late in zip(rows, late, strict=True)
            ]
        result.append(replace(file, rows=rows))
    return result, moved


def _rows_waiting(files: list[RuleFile], today: date) -> int:
    """Rows that come in force only after `today`: rules of the future change no history."""
    return sum(
        row.get("valid_from", "")[:10] > today.isoformat() for file in files for row in file.rows
    )


def _business_day(settings: Settings) -> date:
    zone = ZoneInfo(_variables(settings)["business_timezone"])
    return as_of(settings).replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()


def _identifier_types(rules: Path, files: list[RuleFile]) -> set[str]:
    name = "identity_identifier_type"
    proposed = [file for file in files if file.name == name]
    file = proposed[0] if proposed else read_rules(rules / f"{name}.csv")
    return {row["identifier_type"] for row in file.rows}


def _known_records(present: Path) -> KnowsRecord:
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        path = str(present).replace("'", "''")
        connection.execute(f"attach '{path}' as present (read_only)")
        known = set(
            connection.execute(
                "select distinct record_type, source_system, record_id"
                " from present.marts.bridge_identity"
            ).fetchall()
        )
    return known.__contains__


def _variables(settings: Settings) -> dict[str, Any]:
    project = yaml.safe_load((settings.dbt_dir / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"]
