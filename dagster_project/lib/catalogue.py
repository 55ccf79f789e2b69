"""What the warehouse holds after a build, and what Dagster shows of it beside each table.

dagster-dbt's own way to fetch row counts and columns deadlocks in dbt-duckdb as soon as two of its
threads meet, and leaves a connection open. Here everything is read at once and closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt.asset_utils import default_asset_key_fn

from dagster_project.lib import builds
from dagster_project.lib.dbt_results import manifest_node
from dagster_project.lib.lineage import column_lineage
from dagster_project.lib.settings import Settings

# Longer SQL (the unions over all raw tables) takes seconds to trace and tells little.
_LONGEST_TRACED_SQL = 200_000


@dataclass(frozen=True)
class Catalogue:
    """What the warehouse holds: columns (name -> type) of relations and rows of tables.

    Relations are named as in dbt's manifest (`relation_name`).
    """

    columns: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, int]


def read_catalogue(settings: Settings, manifest: Mapping[str, Any]) -> Catalogue:
    """Columns of all models and seeds, and rows of those that are tables, in one connection."""
    nodes = [node for node in manifest["nodes"].values() if node.get("relation_name")]
    names = {(node["schema"], node["alias"]): node["relation_name"] for node in nodes}
    columns: dict[str, dict[str, str]] = {}
    with builds.open_warehouse(settings) as connection:
        found = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns()"
            " where database_name = 'warehouse' order by schema_name, table_name, column_index"
        ).fetchall()
        for schema, table, column, data_type in found:
            if (schema, table) in names:
                columns.setdefault(names[schema, table], {})[column] = data_type.lower()
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
        ).fetchall()
        rows = {
            names[key]: connection.execute(
                f"select count(*) from warehouse.{builds.quoted(key[0])}.{builds.quoted(key[1])}"
            ).fetchall()[0][0]
            for key in tables
            if key in names
        }
    return Catalogue(columns, rows)


def table_metadata(
    node: Mapping[str, Any], manifest: Mapping[str, Any], catalogue: Catalogue, compiled: Path
) -> dict[str, Any]:
    """Row count, column schema and column lineage of a model or seed, as Dagster names them.

    compiled: folder of dbt's compiled SQL. What can't be found out is left out.
    """
    relation = node["relation_name"]
    about: dict[str, Any] = {}
    if relation in catalogue.rows:
        about["dagster/row_count"] = catalogue.rows[relation]
    columns = catalogue.columns.get(relation)
    if not columns:
        return about
    about["dagster/column_schema"] = dg.TableSchema(
        [
            dg.TableColumn(name, type=data_type, description=_description(node, name))
            for name, data_type in columns.items()
        ]
    )
    if node["resource_type"] != "seed" and (
        origins := _origins(node, manifest, catalogue, compiled)
    ):
        about["dagster/column_lineage"] = dg.TableColumnLineage(origins)
    return about


def _origins(
    node: Mapping[str, Any], manifest: Mapping[str, Any], catalogue: Catalogue, compiled: Path
) -> dict[str, list[dg.TableColumnDep]]:
    from sqlglot.errors import SqlglotError

    columns = catalogue.columns[node["relation_name"]]
    above = [
        manifest_node(manifest, parent) for parent in manifest["parent_map"][node["unique_id"]]
    ]
    keys = {parent.get("relation_name"): default_asset_key_fn(parent) for parent in above}
    if len(above) == 1 and above[0]["resource_type"] == "source":
        # Staging reads files, which have no name in SQL, and keeps the names of the columns.
        declared = above[0]["columns"]
        key = keys[above[0]["relation_name"]]
        return {c: [dg.TableColumnDep(key, c)] if c in declared else [] for c in columns}
    file = compiled / node["package_name"] / node["original_file_path"]
    known = {name: list(catalogue.columns.get(name, ())) for name in keys if name}
    try:
        sql = file.read_text(encoding="utf-8")
        found = column_lineage(sql, columns, known) if len(sql) < _LONGEST_TRACED_SQL else {}
    except (OSError, SqlglotError, ValueError):
        return {}
    return {
        column: [dg.TableColumnDep(keys[relation], name) for relation, name in sorted(origins)]
        for column, origins in found.items()
    }


def _description(node: Mapping[str, Any], column: str) -> str | None:
    return node["columns"].get(column, {}).get("description") or None
