"""Keeps a developer's own settings out of every test."""

import os

for name in [*os.environ]:
    if name.startswith(("LEADHOUSE_", "DAGSTER_", "DBT_")):
        del os.environ[name]
os.environ["DO_NOT_TRACK"] = "1"
