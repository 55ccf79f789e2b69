"""Which upstream columns a model's column is made of, read from its compiled SQL.

dagster-dbt does this too, but parses the whole query once per column. Here a query is parsed once
and copied never: 4 s for 600 models.
Belongs here: SQL in, names out. Does not belong here: assets (dbt_cli.py).
"""

from collections.abc import Iterable, Mapping, Sequence

Column = tuple[str, str]  # name of the relation as dbt writes it, name of the column


def column_lineage(
    sql: str, columns: Iterable[str], parents: Mapping[str, Sequence[str]]
) -> dict[str, set[Column]]:
    """Origins of each of `columns`; a constant or a count of rows has none.

    sql: one compiled select (DuckDB); parents: columns of every relation it may read, by relation
    name. Relations that are not among the parents (temporary tables, files) are no origin. Raises
    sqlglot.errors.SqlglotError for SQL that sqlglot does not understand.
    """
    from sqlglot import MappingSchema, exp, parse_one, to_table
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    schema = MappingSchema(dialect="duckdb")
    known = {}
    for relation, names in parents.items():
        table = to_table(relation, dialect="duckdb")
        schema.add_table(table, dict.fromkeys(names, "varchar"), dialect="duckdb")
        known[_parts(table)] = relation
    query = qualify(
        parse_one(sql, dialect="duckdb"),
        schema=schema,
        dialect="duckdb",
        validate_qualify_columns=False,
        identify=False,
    )
    scope = build_scope(query)
    origins: dict[str, set[Column]] = {}
    for column in columns:
        found = set()
        # Nothing is changed, so the query need not be copied for every column.
        tree = lineage(
            column,
            query,
            schema=schema,
            scope=scope,
            dialect="duckdb",
            trim_selects=False,
            copy=False,
        )
        for node in tree.walk():
            table = None if node.downstream else node.expression.find(exp.Table)
            if table is not None and (relation := known.get(_parts(table))):
                found.add((relation, exp.to_column(node.name).name))
        origins[column] = found
    return origins


def _parts(table: object) -> tuple[str, ...]:
    return tuple(part.name.lower() for part in table.parts)
