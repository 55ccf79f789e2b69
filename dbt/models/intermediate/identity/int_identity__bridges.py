"""Single edges that hold strangers together (see dagster_project/lib/identity/bridges.py)."""


def model(dbt, session):
    """One row per edge whose removal parts two companies or two names."""
    from dagster_project.lib.identity import tables

    return tables.bridges(
        session,
        edges=dbt.ref("int_identity__doubtful_edges"),
        names=dbt.ref("int_identity__name_labels"),
        previous=dbt.this if str(dbt.config.meta_get("reuse")).lower() == "true" else None,
    )
