"""How sure the credit of chains and games is (see dagster_project/lib/attribution/shares.py)."""


def model(dbt, session):  # noqa: ARG001 - dbt calls it so
    """One row per model and channel."""
    from dagster_project.lib.attribution import tables

    return tables.share_errors(
        dbt.ref("int_attribution__group_transitions"),
        dbt.ref("int_attribution__group_sets"),
        dbt.ref("int_attribution__channel_bits"),
        dbt.ref("int_attribution__players"),
    )
