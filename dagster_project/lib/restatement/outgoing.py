"""What a publication takes along: the ledger as a table, and what the build was made of.

Belongs here: what publishing.publish is given. Does not belong here: how a version is made.
"""

from typing import Any

import duckdb

from dagster_project.lib import builds
from dagster_project.lib.publishing import Add, Addition, MartTable, PublicationRefused
from dagster_project.lib.restatement import inputs, ledger
from dagster_project.lib.restatement.explain import read_verdict
from dagster_project.lib.settings import Settings

TABLE = MartTable(
    "marts", ledger.NAME, ledger.DESCRIPTION, ledger.COLUMNS, ledger.PRIMARY_KEY, "memory"
)


def addition(settings: Settings) -> Add:
    """For publishing.publish: refuses a build whose closed cells were not explained."""

    def add(
        connection: duckdb.DuckDBPyConnection,
        held: builds.Marker,
        current: dict[str, Any] | None,
    ) -> Addition:
        build = held.marts or ""
        if not current or current["build"]["marts"] != build:
            _require_verdict(settings, build, current and current["version"])
        ledger.attach(settings, connection)
        record = builds.audit_folder(settings, build) / inputs.FILE
        return Addition([TABLE], [record] if record.exists() else [])

    return add


def _require_verdict(settings: Settings, build: str, version: str | None) -> None:
    verdict = read_verdict(settings, build)
    if verdict is None or verdict.from_version != version:
        raise PublicationRefused(
            f"build {build} was not compared with the published version, so nothing says why"
            " closed months changed. Run the refresh job (`make run`)."
        )
