"""Copies of the project with other rule rows, and who is who in what they build."""

import csv
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.identity_world.judge import Assignments
from tests.pipeline.warehouse import ROOT, Warehouse

ALWAYS = {"valid_from": "2000-01-01", "valid_to": ""}


def copied_project(folder: Path) -> Path:
    """A project of its own: our models as they are, and seeds a test may add rows to."""
    project = folder / "project"
    ignored = shutil.ignore_patterns("target", "logs", "dbt_packages")
    shutil.copytree(ROOT / "dbt", project / "dbt", ignore=ignored)
    for seeds in ("rules", "reference"):
        shutil.copytree(ROOT / "seeds" / seeds, project / "seeds" / seeds)
    # Python models import the library from beside the dbt folder.
    (project / "dagster_project").symlink_to(ROOT / "dagster_project")
    return project


def set_rows(
    project: Path, seed: str, key: str, rows: Iterable[Mapping[str, str]], like: str = ""
) -> None:
    """Put rows into a rule seed, in the place of those with the same value of `key`.

    like   value of `key` whose row says what the rows given here do not
    """
    file = project / "seeds" / "rules" / f"{seed}.csv"
    with file.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        columns, there = list(reader.fieldnames or ()), list(reader)
    pattern = next((row for row in there if row[key] == like), {})
    new = [{**pattern, **ALWAYS, **row} for row in rows]
    replaced = {row[key] for row in new}
    kept = [row for row in there if row[key] not in replaced]
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept + new)


def assignments(warehouse: Warehouse) -> Assignments:
    """Record -> (person, account), as known now."""
    rows = warehouse.rows(
        """
        select record_type, source_system, record_id, person_key, account_key
        from marts.bridge_identity
        where valid_to is null
        """
    )
    return {
        (kind, system, record): (person, account) for kind, system, record, person, account in rows
    }
