"""dbt's declarations become groups, owners, kinds, keys, verdicts and lineage."""

import pytest

from dagster_project.lib import dbt_cli
from dagster_project.lib.catalogue import Catalogue, table_metadata
from dagster_project.lib.dbt_cli import Translator, group_of, kinds_of, mart_tables, owners_of
from dagster_project.lib.dbt_results import masked, page_rows
from dagster_project.lib.lineage import column_lineage


def node(name="dim_lead", layer="marts", kind="model", **more):
    return {
        "unique_id": f"{kind}.leadhouse.{name}",
        "resource_type": kind,
        "name": name,
        "alias": name,
        "package_name": "leadhouse",
        "original_file_path": f"models/{layer}/{name}.sql",
        "schema": layer,
        "relation_name": f'"warehouse"."{layer}"."{name}"',
        "fqn": ["leadhouse", layer, "core", name],
        "config": {"materialized": "table", "schema": layer, "meta": {}},
        "columns": {},
        "description": "Grain: one lead.",
        "meta": {},
        "depends_on": {"nodes": []},
        **more,
    }


def manifest_of(*nodes, groups=()):
    return {
        "nodes": {n["unique_id"]: n for n in nodes if n["resource_type"] != "source"},
        "sources": {n["unique_id"]: n for n in nodes if n["resource_type"] == "source"},
        "groups": {group["name"]: group for group in groups},
        "parent_map": {n["unique_id"]: n["depends_on"]["nodes"] for n in nodes},
        "child_map": {},
        "metadata": {"adapter_type": "duckdb"},
    }


SOURCE = node(
    "crm_leads",
    "crm",
    "source",
    source_name="crm",
    identifier="crm_leads",
    config={"meta": {"kind": "state"}},
    columns={"lead_id": {"name": "lead_id"}},
)


@pytest.mark.parametrize(
    ("props", "group"),
    [
        (node(), "marts"),
        (node(layer="intermediate"), "intermediate"),
        (node(config={"group": "sales", "materialized": "view", "meta": {}}), "sales"),
        (node("channel", "rules", "seed"), "rules"),
        (SOURCE, "crm"),
    ],
)
def test_the_group_is_dbts_or_the_layer(props, group):
    assert group_of(props) == group


def test_the_owner_is_that_of_the_group_then_of_meta_then_the_team():
    sales = {"name": "sales", "owner": {"name": "Sales", "email": "sales@example.com"}}
    grouped = node(config={"group": "sales", "meta": {"owner": "team:other"}})
    assert owners_of(grouped, manifest_of(groups=[sales])) == ["sales@example.com"]
    assert owners_of(node(config={"meta": {"owner": "team:ops"}}), manifest_of()) == ["team:ops"]
    assert owners_of(node(), manifest_of()) == [dbt_cli.DEFAULT_OWNER]


def test_kinds_tell_how_a_thing_is_stored():
    assert kinds_of(node()) == {"dbt", "duckdb", "table"}
    assert kinds_of(SOURCE) == {"parquet"}


def test_the_spec_of_a_model_carries_what_dbt_declares_and_depends_on_the_source():
    model = node("stg_crm__leads", "staging", depends_on={"nodes": [SOURCE["unique_id"]]})
    translator = Translator()
    translator._settings = type(translator.settings)(enable_code_references=False)
    spec = translator.get_asset_spec(manifest_of(model, SOURCE), model["unique_id"], None)
    assert spec.key.path == ["staging", "stg_crm__leads"]
    assert [dep.asset_key.path for dep in spec.deps] == [["crm", "crm_leads"]]
    assert (spec.group_name, spec.owners) == ("staging", [dbt_cli.DEFAULT_OWNER])
    assert spec.description == "Grain: one lead."


def test_marts_are_the_models_of_the_marts_folder_with_their_key_and_meaning():
    mart = node(
        "fct_cash",
        columns={"payment_key": {"name": "payment_key", "description": "Its hash.\n"}},
        primary_key=["payment_key"],
    )
    (table,) = mart_tables(manifest_of(mart, node("int_x", "intermediate"), SOURCE))
    assert table.qualified == "marts.fct_cash"
    assert table.columns == {"payment_key": "Its hash."}
    assert table.primary_key == ("payment_key",)


def test_results_of_dbt_become_rows_without_any_cell():
    test = node("not_null_lead_id", kind="test", attached_node="model.leadhouse.dim_lead")
    results = {
        "results": [
            {"unique_id": test["unique_id"], "status": "fail", "failures": 3, "message": "Got 3"},
            {"unique_id": node()["unique_id"], "status": "success", "failures": None},
            {
                "unique_id": node("dim_bad")["unique_id"],
                "status": "error",
                "failures": None,
                "message": "Conversion Error: Could not convert string 'li@example.cn' to INT32",
            },
        ]
    }
    manifest = manifest_of(test, node(), node("dim_bad"))
    rows = page_rows(results, manifest)
    assert [(row["table"], row["name"], row["state"], row["told"]) for row in rows] == [
        ("marts.dim_lead", "not_null_lead_id", "failed", "3 rows"),
        (
            "marts.dim_bad",
            "built",
            "failed",
            "Conversion Error: Could not convert string '…' to INT32",
        ),
    ]


def test_messages_lose_what_may_be_a_cell():
    assert masked("can't\n convert 'a@b.cn' in \"lead_id\"").endswith('in "lead_id"')
    assert "a@b.cn" not in masked("value 'a@b.cn' is bad")
    assert "a@b.cn" not in masked('Duplicate key "email: a@b.cn" violates a constraint')


SQL = """
with leads as (select * from "warehouse"."staging"."stg_crm__leads"),
counted as (
    select lead_id, upper(channel) as channel, count(*) as n, 'x' as constant
    from leads group by lead_id, channel
)
select lead_id, counted.channel, n, constant, m.label as label
from counted left join "warehouse"."rules"."channel" as m on counted.channel = m.channel
"""


def test_columns_are_traced_through_ctes_stars_and_joins():
    origins = column_lineage(
        SQL,
        ["lead_id", "channel", "n", "constant", "label"],
        {
            '"warehouse"."staging"."stg_crm__leads"': ["lead_id", "channel"],
            '"warehouse"."rules"."channel"': ["channel", "label"],
        },
    )
    leads = '"warehouse"."staging"."stg_crm__leads"'
    assert origins == {
        "lead_id": {(leads, "lead_id")},
        "channel": {(leads, "channel")},
        "n": set(),
        "constant": set(),
        "label": {('"warehouse"."rules"."channel"', "label")},
    }


def test_metadata_of_a_table_has_rows_schema_and_lineage(tmp_path):
    staging = node("stg_crm__leads", "staging", depends_on={"nodes": [SOURCE["unique_id"]]})
    model = node(
        depends_on={"nodes": [staging["unique_id"]]}, columns={"lead_id": {"description": "Id."}}
    )
    compiled = tmp_path / "leadhouse" / model["original_file_path"]
    compiled.parent.mkdir(parents=True)
    compiled.write_text(f"select lead_id from {staging['relation_name']}", encoding="utf-8")
    catalogue = Catalogue(
        columns={
            staging["relation_name"]: {"lead_id": "varchar", "_file": "varchar"},
            model["relation_name"]: {"lead_id": "varchar"},
        },
        rows={model["relation_name"]: 42},
    )
    manifest = manifest_of(model, staging, SOURCE)
    about = table_metadata(model, manifest, catalogue, tmp_path)
    assert about["dagster/row_count"] == 42
    assert about["dagster/column_schema"].columns[0].description == "Id."
    (origin,) = about["dagster/column_lineage"].deps_by_column["lead_id"]
    assert (origin.asset_key.path, origin.column_name) == (["staging", "stg_crm__leads"], "lead_id")
    of_staging = table_metadata(staging, manifest, catalogue, tmp_path)["dagster/column_lineage"]
    assert of_staging.deps_by_column["lead_id"][0].asset_key.path == ["crm", "crm_leads"]
    assert of_staging.deps_by_column["_file"] == []


def test_sql_that_can_not_be_read_costs_the_lineage_and_nothing_else(tmp_path):
    model = node()
    file = tmp_path / "leadhouse" / model["original_file_path"]
    file.parent.mkdir(parents=True)
    file.write_text("select ((( from", encoding="utf-8")
    catalogue = Catalogue({model["relation_name"]: {"a": "varchar"}}, {})
    assert "dagster/column_lineage" not in table_metadata(
        model, manifest_of(model), catalogue, tmp_path
    )
