"""How alike records look, by Splink (see dagster_project/lib/identity/candidates.py)."""


def model(dbt, session):  # noqa: ARG001 - dbt calls it so
    """Read the records to compare; return the pairs that look alike."""
    from dagster_project.lib.identity import candidates

    policy = dict(dbt.ref("int_identity__policy").project("parameter, param_value").fetchall())
    return candidates.candidate_pairs(
        dbt.ref("int_identity__candidate_records").to_arrow_table(),
        memory_limit=f"{policy['candidate_memory_mb']}MB",
        min_probability=policy["candidate_min_percent"] / 100,
    )
