"""Everything that was ever connected (see dagster_project/lib/identity/tables.py)."""


def model(dbt, session):
    from dagster_project.lib.identity import tables

    return tables.neighbourhoods(
        session,
        edges=dbt.ref("int_identity__edges"),
        previous=dbt.this if dbt.config.get("reuse") else None,
    )
