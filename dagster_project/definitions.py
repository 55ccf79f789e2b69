"""The code location's table of contents: everything is declared in `defs/`, one room per file."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """All assets, checks, jobs, schedules and sensors of leadhouse."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
