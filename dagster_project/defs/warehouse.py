"""dbt as assets, in two steps: a failed gate on raw or on the foundation really stops the marts."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from dagster_project.lib import builds, dbt_cli
from dagster_project.lib.restatement import inputs
from dagster_project.lib.settings import Settings
from dagster_project.lib.steps import WAREHOUSE_POOL, build_id, step


@dg.definitions
def warehouse() -> dg.Definitions:
    """Foundation (seeds, staging, intermediate) and marts, and the dbt they run with."""
    settings = Settings.from_env()
    dbt_cli.use_environment(settings)
    project = dbt_cli.prepared_project(settings)
    resource = dbt_cli.DbtCli(project_dir=project, dbt_executable=dbt_cli.dbt_executable())
    return dg.Definitions(
        assets=[_part(settings, project, "foundation"), _part(settings, project, "marts")],
        resources={"dbt": resource},
    )


def _part(settings: Settings, project: DbtProject, part: str) -> dg.AssetsDefinition:
    marts = part == "marts"

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        name=part,
        select=dbt_cli.MARTS_FOLDER if marts else "fqn:*",
        exclude=None if marts else dbt_cli.MARTS_FOLDER,
        dagster_dbt_translator=dbt_cli.Translator(),
        pool=WAREHOUSE_POOL,
    )
    def build(context: dg.AssetExecutionContext, dbt: dbt_cli.DbtCli) -> Iterator[Any]:
        with step(context, f"dbt {part}") as say:
            yield from _build(context, dbt, settings, project, part, say)

    return build


def _build(
    context: dg.AssetExecutionContext,
    dbt: dbt_cli.DbtCli,
    settings: Settings,
    project: DbtProject,
    part: str,
    say: Any,
) -> Iterator[Any]:
    build = build_id(context)
    builds.begin(settings, part, build, builds.landing_digest(settings.landing))
    inputs.note(settings, part, build)
    failure = None
    try:
        yield from dbt_cli.build_events(context, dbt, settings, part, say)
    except DagsterDbtCliRuntimeError as error:
        failure = error
    complete = not context.is_subset
    gate = dbt_cli.keep_verdict(settings, project, part, build, complete, failure)
    if failure:
        # dbt's own message would carry its whole log, and cells with it.
        raise dg.Failure("\n".join(gate.failed), allow_retries=False)
