"""Everything that was ever connected (see dagster_project/lib/identity/tables.py)."""


def model(dbt, session):
    """Read the models it stands on; return the table of the function of the same name."""
    from dagster_project.lib.identity import tables

    return tables.neighbourhoods(
        session,
        edges=dbt.ref("int_identity__edges"),
        engine="streaming" if dbt.config.meta_get("components") == "streaming" else "numpy",
        previous=dbt.this if str(dbt.config.meta_get("reuse")).lower() == "true" else None,
    )
