"""The ledger: one file per build that restated closed cells, and the table that readers get.

    <home>/restatements/<build>.parquet

A file is written whole or not at all, and never again once its build is published. One whose build
was never published is replaced by the next build that starts from the same version. The figures are
counts and sums: no personal data.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dagster_project.lib.landing.batch import write_table
from dagster_project.lib.restatement.causes import in_force, rows
from dagster_project.lib.restatement.inputs import Inputs
from dagster_project.lib.restatement.replay import Change
from dagster_project.lib.settings import Settings

NAME = "fct_restatement"
DESCRIPTION = (
    "Grain: one build x measure x business month x channel x cause (D13). Why a figure of a closed"
    " month is not what it was when it was published: the deltas of a build add up to the change,"
    " with nothing left over. Causes are added in the order of restatement_cause, so what two of"
    " them did together stands at the later one. Empty when nothing was restated."
)
PRIMARY_KEY = ("restatement_key",)
_COLUMNS: dict[str, tuple[pa.DataType, str]] = {
    "restatement_key": (pa.string(), "Hash of the grain."),
    "build": (pa.string(), "Build that brought the change."),
    "from_version": (pa.string(), "Published version it is compared with."),
    "data_as_of": (pa.date32(), "Newest extract of the build."),
    "measure": (pa.string(), "Code of restatement_measure."),
    "measure_en": (pa.string(), "Name of the measure, English."),
    "measure_zh": (pa.string(), "Name of the measure, Chinese."),
    "business_month": (pa.date32(), "First day of the month, which was closed."),
    "channel": (pa.string(), "Channel, as in mart_published_cell."),
    "cause": (pa.string(), "code, rule, late, correction, spend, erasure or identity."),
    "cause_en": (pa.string(), "Name of the cause, English."),
    "cause_zh": (pa.string(), "Name of the cause, Chinese."),
    "causes_covered": (
        pa.string(),
        "The cause; several, with commas, when the new code could not read the old rules.",
    ),
    "value_before": (pa.int64(), "Figure before the cause; minor units of money."),
    "delta": (pa.int64(), "What the cause added; never 0."),
    "value_after": (pa.int64(), "Figure with the cause."),
    "unit_kind": (pa.string(), "count or money."),
    "unit_en": (pa.string(), "Unit of a count, English."),
    "unit_zh": (pa.string(), "Unit of a count, Chinese."),
    "currency": (pa.string(), "Currency of money."),
    "code_digest": (pa.string(), "Fingerprint of the code of the build."),
    "rules_digest": (pa.string(), "Fingerprint of its rules."),
    "landing_digest": (pa.string(), "Fingerprint of the files it was made of."),
}
SCHEMA = pa.schema([(name, kind) for name, (kind, _) in _COLUMNS.items()])
COLUMNS = {name: told for name, (_, told) in _COLUMNS.items()}


def write(
    settings: Settings,
    build: str,
    version: str,
    inputs: Inputs,
    changes: Sequence[Change],
    units: Mapping[str, tuple[str, str | None]],
) -> None:
    """Write the file of a build, in the place of drafts of builds that were never published.

    version: what is published now; inputs: of the build; units: kind and currency per measure.
    """
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    if changes:
        table = pa.Table.from_pylist(_rows(build, version, inputs, changes, units), SCHEMA)
        write_table(folder / f"{build}.parquet", table)
    for file in folder.glob("[!.]*.parquet"):
        if file.stem != build and _from_version(file) == version:
            file.unlink()


def attach(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Create the table marts.fct_restatement of all files in the connection's own database."""
    files = sorted(_folder(settings).glob("[!.]*.parquet"))
    tables = [pq.read_table(file, schema=SCHEMA) for file in files]
    ledger = pa.concat_tables([SCHEMA.empty_table(), *tables])
    connection.execute("create schema if not exists memory.marts")
    connection.register("ledger_files", ledger)
    connection.execute(f"create or replace table memory.marts.{NAME} as from ledger_files")
    connection.unregister("ledger_files")


def _folder(settings: Settings) -> Path:
    return settings.home / "restatements"


def _from_version(file: Path) -> str | None:
    versions = pq.read_table(file, columns=["from_version"]).column(0).unique().to_pylist()
    return versions[0] if versions else None


def _rows(
    build: str,
    version: str,
    inputs: Inputs,
    changes: Sequence[Change],
    units: Mapping[str, tuple[str, str | None]],
) -> list[dict]:
    today = inputs.newest_extract
    measures = _words(inputs.rules, "measure", today)
    causes = _words(inputs.rules, "cause", today)
    found = []
    for change in changes:
        place = change.place
        measure, cause = measures.get(place.measure, {}), causes.get(change.cause, {})
        grain = "\0".join(
            (build, place.measure, place.month.isoformat(), place.channel, change.cause)
        )
        kind, currency = units[place.measure]
        found.append(
            {
                "restatement_key": hashlib.md5(grain.encode(), usedforsecurity=False).hexdigest(),
                "build": build,
                "from_version": version,
                "data_as_of": today,
                "measure": place.measure,
                "measure_en": measure.get("label_en"),
                "measure_zh": measure.get("label_zh"),
                "business_month": place.month,
                "channel": place.channel,
                "cause": change.cause,
                "cause_en": cause.get("label_en"),
                "cause_zh": cause.get("label_zh"),
                "causes_covered": ",".join(change.covers),
                "value_before": change.before,
                "delta": change.delta,
                "value_after": change.after,
                "unit_kind": kind,
                "unit_en": measure.get("unit_en") or None,
                "unit_zh": measure.get("unit_zh") or None,
                "currency": currency,
                "code_digest": inputs.code,
                "rules_digest": inputs.rules_digest,
                "landing_digest": inputs.landing_digest,
            }
        )
    return found


def _words(rules: Mapping[str, str], what: str, today: date | None) -> dict[str, dict[str, str]]:
    """Rows of restatement_measure or restatement_cause in force, by code."""
    return {row[what]: row for row in rows(rules, f"restatement_{what}") if in_force(row, today)}
