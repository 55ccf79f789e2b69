"""The last step: the marts that passed every gate become what everybody reads."""

import dagster as dg

from dagster_project.lib import dbt_cli
from dagster_project.lib.deliveries import note_success
from dagster_project.lib.publishing import Addition, PublicationRefused, publish
from dagster_project.lib.restatement import cells
from dagster_project.lib.restatement.outgoing import addition
from dagster_project.lib.settings import Settings
from dagster_project.lib.steps import WAREHOUSE_POOL, build_id, step


@dg.definitions
def publication() -> dg.Definitions:
    """The published version, downstream of every mart and of its blocking checks."""
    settings = Settings.from_env()
    tables = dbt_cli.mart_tables(dbt_cli.read_manifest(dbt_cli.prepared_project(settings)))
    holds_cells = any(table.name == cells.TABLE for table in tables)
    keys = [dg.AssetKey([table.schema, table.name]) for table in tables]
    add = addition(settings) if holds_cells else lambda *_: Addition()

    @dg.asset(
        name="publication",
        deps=[*keys, "restatement"] if holds_cells else keys,
        group_name="publication",
        owners=[dbt_cli.DEFAULT_OWNER],
        kinds={"parquet", "duckdb"},
        pool=WAREHOUSE_POOL,
    )
    def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        """The marts as Parquet files and one read-only DuckDB file, behind `published/current`.

        Refuses unless every gate has passed for the very build that is in the warehouse.
        """
        # Only a run of everything knows that the build it wants out is its own.
        build = None if context.run.asset_selection else build_id(context)
        with step(context, "publication") as say:
            try:
                result = publish(settings, tables, build, say, add=add)
            except PublicationRefused as refusal:
                raise dg.Failure(str(refusal), allow_retries=False) from None
            if build is not None:
                note_success(settings, build, result.version)
        return dg.MaterializeResult(
            metadata={
                "version": result.version,
                "new_version": result.is_new,
                "folder": dg.MetadataValue.path(str(result.folder)),
                "tables": len(result.rows),
                "dagster/row_count": sum(result.rows.values()),
                "versions_removed": len(result.removed),
            }
        )

    return dg.Definitions(assets=[published])
