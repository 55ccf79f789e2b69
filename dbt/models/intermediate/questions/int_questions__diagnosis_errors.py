"""Standard errors of the parts of each change (see dagster_project/lib/questions/mix_skill.py)."""


def model(dbt, session):  # noqa: ARG001 - dbt calls it so
    """One row per comparison and measure."""
    from dagster_project.lib.questions import tables

    return tables.diagnosis_errors(
        dbt.ref("int_questions__comparisons"),
        dbt.ref("int_questions__speed_bands"),
        tables.policy(dbt.ref("int_questions__policy"), "diagnosis"),
    )
