"""What halving the time to contact would do (dagster_project/lib/questions/speed_effect.py)."""


def model(dbt, session):  # noqa: ARG001 - dbt calls it so
    """One row per clock."""
    from dagster_project.lib.questions import tables

    return tables.speed_estimates(
        dbt.ref("int_questions__responses"),
        tables.policy(dbt.ref("int_questions__policy"), "speed_effect"),
    )
