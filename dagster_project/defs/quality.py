"""Great Expectations' suites as asset checks: one step for what comes in, one for what goes out."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.lib.acceptance import accept
from dagster_project.lib.contract import Contract, load_contract
from dagster_project.lib.expectations import Outcome, load_suites
from dagster_project.lib.settings import Settings
from dagster_project.lib.steps import WAREHOUSE_POOL, build_id, step


@dg.definitions
def quality() -> dg.Definitions:
    """The acceptance of the raw extracts and of the marts."""
    settings = Settings.from_env()
    contract = load_contract(settings.dbt_dir)
    return dg.Definitions(
        asset_checks=[
            _acceptance(settings, contract, "raw", "acceptance of raw", pool=None),
            _acceptance(settings, contract, "marts", "acceptance of marts", WAREHOUSE_POOL),
        ]
    )


def _acceptance(
    settings: Settings, contract: Contract, schema: str, title: str, pool: str | None
) -> dg.AssetChecksDefinition:
    suites = load_suites(settings.expectations, schema)
    keys = {suite.table: asset_key(contract, schema, suite.table) for suite in suites}
    specs = [
        dg.AssetCheckSpec(
            name=expectation.name,
            asset=keys[suite.table],
            description=expectation.notes,
            blocking=expectation.severity == "critical",
            metadata={"suite": str(suite.path.relative_to(settings.project_root))},
        )
        for suite in suites
        for expectation in suite.expectations
    ]

    @dg.multi_asset_check(name=f"{schema}_acceptance", specs=specs, can_subset=True, pool=pool)
    def check(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        wanted = context.op_execution_context.selected_asset_check_keys
        tables = {table for table, key in keys.items() if key in {w.asset_key for w in wanted}}
        with step(context.op_execution_context, title) as say:
            build = build_id(context.op_execution_context)
            outcomes = accept(settings, contract, schema, build, tables, say)
        for outcome in outcomes:
            result = check_result(outcome, keys[outcome.table])
            if dg.AssetCheckKey(result.asset_key, result.check_name) in wanted:
                yield result

    return check


def asset_key(contract: Contract, schema: str, table: str) -> dg.AssetKey:
    """The asset that a suite's checks belong to: a source's key for raw, else schema/table."""
    return dg.AssetKey([contract[table].source if schema == "raw" else schema, table])


def check_result(outcome: Outcome, key: dg.AssetKey) -> dg.AssetCheckResult:
    """An outcome in Dagster's terms: critical is an error, a warning is a warning."""
    critical = outcome.severity == "critical"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=outcome.name,
        passed=outcome.passed,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        description=f"skipped: {outcome.skipped}" if outcome.skipped else outcome.notes,
        metadata={"accepted": outcome.asked or "see notes", **outcome.counts},
    )
