"""Landing: every declared extract that was ever delivered is an asset; one step lands them all.

Asset keys are those of the dbt sources, so that the lineage goes from a file to a mart. Extracts
that were never delivered are declared too, as assets nobody makes: what is missing stays visible.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from dagster_project.lib.acceptance import landed
from dagster_project.lib.contract import NOT_DELIVERED, Contract, Table, load_contract
from dagster_project.lib.dbt_cli import DEFAULT_OWNER
from dagster_project.lib.deliveries import note_start
from dagster_project.lib.landed import TableFacts, table_facts
from dagster_project.lib.settings import Settings
from dagster_project.lib.steps import LANDING_POOL, build_id, step

# The landing's own books are dbt sources as well.
BOOKS = {
    "files": "What became of every delivered file.",
    "rejects": "Every row or file that the reader refused, with reason and text.",
}


@dg.definitions
def extracts() -> dg.Definitions:
    """The landing of what there is, and the extracts that are absent."""
    settings = Settings.from_env()
    contract = load_contract(settings.dbt_dir)
    present = [table for table in contract.tables.values() if delivered(settings, table)]
    absent = [table for table in contract.tables.values() if not delivered(settings, table)]
    return dg.Definitions(
        assets=[
            _landing(settings, contract, present),
            *(extract_spec(table, "Not delivered so far.") for table in absent),
        ]
    )


def delivered(settings: Settings, table: Table) -> bool:
    """Whether a folder of files is there for `table`, or something of it was landed before."""
    return (settings.extracts / table.name).is_dir() or landed(settings, table.name)


def extract_spec(table: Table, note: str = "") -> dg.AssetSpec:
    """One extract as an asset, in the words of the contract."""
    return dg.AssetSpec(
        key=[table.source, table.name],
        description="\n\n".join(filter(None, [table.description, note])),
        group_name=table.source,
        owners=[DEFAULT_OWNER],
        kinds={"parquet"},
        tags={"leadhouse/kind": table.kind},
        metadata={
            "contract": str(table.file),
            "key": ", ".join(table.key),
            "dagster/column_schema": dg.TableSchema(
                [
                    dg.TableColumn(
                        column.name,
                        type=column.data_type,
                        description=column.description,
                        constraints=dg.TableColumnConstraints(nullable=not column.required),
                        tags={"pii": ""} if column.pii else {},
                    )
                    for column in table.columns
                ]
            ),
        },
    )


def _landing(settings: Settings, contract: Contract, tables: list[Table]) -> dg.AssetsDefinition:
    books = [
        dg.AssetSpec(
            [NOT_DELIVERED, name],
            description=description,
            group_name=NOT_DELIVERED,
            owners=[DEFAULT_OWNER],
            kinds={"parquet"},
        )
        for name, description in BOOKS.items()
    ]

    @dg.multi_asset(
        name="landing",
        specs=[*(extract_spec(table) for table in tables), *books],
        can_subset=True,
        pool=LANDING_POOL,
    )
    def landing(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        """Take in every delivered file that is new."""
        from dagster_project.lib.landing import land

        everything = not context.is_subset
        keys = context.selected_asset_keys
        chosen = [table for table in tables if dg.AssetKey([table.source, table.name]) in keys]
        if everything:
            note_start(settings, build_id(context))
        with step(context, "landing") as say:
            # None also takes in extracts that appeared after this code location was loaded.
            names = None if everything else [table.name for table in chosen]
            report = land(settings, contract, tables=names, progress=say)
            say(report.summary())
        for problem in report.problems:
            context.log.warning(str(problem))
        facts = table_facts(settings.landing)
        late = sorted(facts.keys() & contract.tables.keys() - {table.name for table in tables})
        if late:
            context.log.warning(f"delivered since this code location was loaded: {late}")
        for table in chosen:
            fact = facts.get(table.name, TableFacts())
            yield dg.MaterializeResult(
                asset_key=[table.source, table.name], metadata=metadata_of(fact)
            )
        for name in BOOKS:
            if dg.AssetKey([NOT_DELIVERED, name]) in keys:
                rows = "rows_rejected" if name == "rejects" else "files"
                total = sum(getattr(fact, rows) for fact in facts.values())
                yield dg.MaterializeResult(
                    asset_key=[NOT_DELIVERED, name], metadata={"dagster/row_count": total}
                )

    return landing


def metadata_of(fact: TableFacts) -> dict[str, Any]:
    """Counts and names of columns; never a cell."""
    return {
        "dagster/row_count": fact.rows_landed,
        "rows_rejected": fact.rows_rejected,
        "files": fact.files,
        "files_landed": fact.files_landed,
        "files_duplicate": fact.files_duplicate,
        "files_failed": fact.files_failed,
        "missing_columns": ", ".join(fact.missing_columns) or "none",
        "extra_columns": ", ".join(fact.extra_columns) or "none",
        "newest_extract_date": fact.newest_extract_date or "none",
    }
