"""The code location loads, and declares what the contract, dbt and the suites declare."""

import os
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.lib import dbt_cli
from dagster_project.lib.contract import load_contract
from dagster_project.lib.expectations import load_suites
from dagster_project.lib.settings import PROJECT_ROOT, Settings

SNAPSHOT = Path(__file__).with_name("dagster_asset_keys.txt")


@pytest.fixture(scope="module")
def definitions(tmp_path_factory) -> dg.Definitions:
    with pytest.MonkeyPatch.context() as patch:
        # Restored afterwards: loading the location makes the paths of its settings absolute here.
        for name in Settings.from_env().env_for_subprocess():
            patch.setenv(name, "")
        patch.setenv("LEADHOUSE_HOME", str(tmp_path_factory.mktemp("definitions")))
        from dagster_project.definitions import defs

        yield defs()


@pytest.fixture(scope="module")
def graph(definitions):
    return definitions.resolve_asset_graph()


def keys_of(graph) -> set[str]:
    return {key.to_user_string() for key in graph.get_all_asset_keys()}


def test_the_definitions_are_valid(definitions):
    dg.Definitions.validate_loadable(definitions)


def test_the_asset_keys_are_those_of_the_snapshot(graph):
    """After a model was added or removed: UPDATE_SNAPSHOTS=1 pytest <this file>."""
    text = "\n".join(sorted(keys_of(graph))) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")


def test_every_declared_extract_is_an_asset_upstream_of_its_staging_view(graph):
    contract = load_contract(PROJECT_ROOT / "dbt")
    for table in contract.tables.values():
        key = dg.AssetKey([table.source, table.name])
        assert graph.has(key)
        children = {child.path[0] for child in graph.get(key).child_keys}
        assert "staging" in children, f"{table.name} has no staging view"


def test_delivered_extracts_can_be_landed_and_absent_ones_are_still_shown(graph):
    delivered = {path.name for path in (PROJECT_ROOT / "seeds" / "extracts").iterdir()}
    contract = load_contract(PROJECT_ROOT / "dbt")
    for table in contract.tables.values():
        node = graph.get(dg.AssetKey([table.source, table.name]))
        assert node.is_materializable == (table.name in delivered), table.name
        assert node.group_name == table.source
        assert node.owners
        assert node.description


@pytest.mark.parametrize("schema", ["raw", "marts"])
def test_every_expectation_is_a_check_that_blocks_if_it_is_critical(definitions, graph, schema):
    contract = load_contract(PROJECT_ROOT / "dbt")
    for suite in load_suites(PROJECT_ROOT / "expectations", schema):
        first = contract[suite.table].source if schema == "raw" else schema
        for expectation in suite.expectations:
            key = dg.AssetCheckKey(dg.AssetKey([first, suite.table]), expectation.name)
            assert graph.get(key).blocking == (expectation.severity == "critical")


def test_every_mart_has_a_suite(graph):
    marts = {key.path[-1] for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    assert marts == {s.table for s in load_suites(PROJECT_ROOT / "expectations", "marts")}


def test_what_bi_reads_is_described_and_typed_to_the_last_column(definitions):
    """L16. Publication writes these words into the DuckDB file, as comments."""
    manifest = dbt_cli.read_manifest(dbt_cli.prepared_project(Settings.from_env()))
    types = {
        node["name"]: {name: column["data_type"] for name, column in node["columns"].items()}
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    for table in dbt_cli.mart_tables(manifest):
        assert table.description.startswith("Grain: "), table.name
        for column, words in table.columns.items():
            assert words.strip(), (table.name, column)
            assert types[table.name][column], (table.name, column)


def test_the_publication_waits_for_every_mart_and_for_the_ledger_of_restatements(graph):
    marts = {key for key in graph.get_all_asset_keys() if key.path[0] == "marts"}
    ledger = dg.AssetKey("restatement")
    assert graph.get(ledger).parent_keys == marts
    assert graph.get(dg.AssetKey("publication")).parent_keys == {*marts, ledger}


def test_the_marts_are_a_step_of_their_own_and_writers_take_turns(definitions, graph):
    def step(*key: str) -> dg.AssetsDefinition:
        return definitions.resolve_assets_def(dg.AssetKey(list(key)))

    marts, foundation = step("marts", "dim_lead"), step("rules", "channel")
    assert marts.op.name != foundation.op.name
    assert {key.path[0] for key in marts.keys} == {"marts"}
    assert {key.path[0] for key in foundation.keys}.isdisjoint({"marts"})
    pools = {each.op.pool for each in (marts, foundation, step("publication"))}
    assert pools == {"warehouse"}
    assert step("crm", "crm_leads").op.pool == "landing"


def test_there_is_a_daily_schedule_and_a_sensor_for_the_same_job(definitions):
    job = definitions.resolve_job_def("refresh")
    schedule = definitions.resolve_schedule_def("daily_refresh")
    sensor = definitions.resolve_sensor_def("new_extracts")
    assert schedule.cron_schedule == "0 6 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    assert schedule.job_name == sensor.job_name == job.name
