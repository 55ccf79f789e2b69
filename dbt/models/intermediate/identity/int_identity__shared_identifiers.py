"""Who may use a shared value, period by period (see dagster_project/lib/identity/sharing.py)."""


def model(dbt, session):
    """Read the models it stands on; return the table of the function of the same name."""
    from dagster_project.lib.identity import tables

    return tables.shared_identifiers(
        session,
        observations=dbt.ref("int_identity__shared_observations"),
        names=dbt.ref("int_identity__name_labels"),
        companies=dbt.ref("int_identifiers__company_names"),
        types=dbt.ref("int_identity__identifier_types"),
        policy=dbt.ref("int_identity__policy"),
        previous=dbt.this if str(dbt.config.meta_get("reuse")).lower() == "true" else None,
    )
