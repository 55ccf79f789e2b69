"""Histories of the contested neighbourhoods (see dagster_project/lib/identity/replay.py)."""


def model(dbt, session):
    """Read the models it stands on; return the table of the function of the same name."""
    from dagster_project.lib.identity import tables

    return tables.replayed(
        session,
        edges=dbt.ref("int_identity__contested_edges"),
        lives=dbt.ref("int_identity__contested_lives"),
        names=dbt.ref("int_identity__name_labels"),
        types=dbt.ref("int_identity__identifier_types"),
        policy=dbt.ref("int_identity__policy"),
        previous=dbt.this if str(dbt.config.meta_get("reuse")).lower() == "true" else None,
    )
