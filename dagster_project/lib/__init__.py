"""What computes and can be tested without Dagster; `defs` only declares."""
