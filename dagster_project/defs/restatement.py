"""The step before publication: why figures of closed months are not what was published."""

import dagster as dg

from dagster_project.lib import builds, dbt_cli
from dagster_project.lib.publishing import current_folder
from dagster_project.lib.restatement import cells
from dagster_project.lib.restatement.explain import Verdict, explain
from dagster_project.lib.restatement.replay import StepFailed
from dagster_project.lib.settings import Settings
from dagster_project.lib.steps import WAREHOUSE_POOL, step

NO_RESIDUAL = "every_restatement_is_explained"


@dg.definitions
def restatement() -> dg.Definitions:
    """The ledger of restatements, between the gates of the marts and publication."""
    settings = Settings.from_env()
    tables = dbt_cli.mart_tables(dbt_cli.read_manifest(dbt_cli.prepared_project(settings)))
    if not any(table.name == cells.TABLE for table in tables):
        return dg.Definitions()

    @dg.asset(
        name="restatement",
        deps=[dg.AssetKey([table.schema, table.name]) for table in tables],
        group_name="publication",
        owners=[dbt_cli.DEFAULT_OWNER],
        kinds={"parquet"},
        pool=WAREHOUSE_POOL,
        check_specs=[
            dg.AssetCheckSpec(
                NO_RESIDUAL,
                asset="restatement",
                description="The causes of a restated cell add up to its change (D13).",
            )
        ],
    )
    def restated(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """One file per build that restated closed cells; publication makes fct_restatement of all.

        A build whose gates did not pass is not explained: it is not published either.
        """
        with step(context, "restatement") as say:
            with builds.open_warehouse(settings) as connection:
                held = builds.marker(connection)
            if reasons := builds.objections(settings, held):
                raise dg.Failure("not compared: " + "; ".join(reasons), allow_retries=False)
            current = current_folder(settings.published)
            try:
                verdict = explain(settings, held.marts or "", current, say)
            except StepFailed as failure:
                raise dg.Failure(f"not replayed: {failure}", allow_retries=False) from None
        return dg.MaterializeResult(metadata=_told(verdict), check_results=[_residual(verdict)])

    return dg.Definitions(assets=[restated])


def _told(verdict: Verdict) -> dict[str, int | str]:
    by_cause = {f"by_{cause}": number for cause, number in verdict.by_cause.items()}
    version = verdict.from_version or "nothing was published before"
    return {"compared_with": version, "restated_cells": verdict.cells, **by_cause}


def _residual(verdict: Verdict) -> dg.AssetCheckResult:
    """Does not stop the publication: the rows of the ledger say `unexplained` to everybody."""
    return dg.AssetCheckResult(
        check_name=NO_RESIDUAL,
        passed=verdict.unexplained == 0,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"unexplained_cells": verdict.unexplained},
    )
