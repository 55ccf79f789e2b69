"""leadhouse: the Dagster code location and what it calls."""
