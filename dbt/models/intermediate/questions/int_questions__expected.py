"""What each MQL was worth (see dagster_project/lib/questions/case_mix.py)."""


def model(dbt, session):  # noqa: ARG001 - dbt calls it so
    """One row per MQL that had its full horizon."""
    from dagster_project.lib.questions import tables

    return tables.expected_conversions(
        dbt.ref("int_questions__judged_mqls"),
        tables.policy(dbt.ref("int_questions__policy"), "diagnosis"),
    )
