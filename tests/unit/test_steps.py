"""Another try is asked for only where waiting can help."""

import errno

import duckdb
import pytest

from dagster_project.lib.publishing import PublicationBusy, PublicationRefused
from dagster_project.lib.steps import passing


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        (duckdb.IOException('IO Error: Could not set lock on file "w.duckdb"'), True),
        (duckdb.IOException("IO Error: No space left on device"), False),
        (duckdb.BinderException("no such column"), False),
        (OSError(errno.EAGAIN, "try again"), True),
        (OSError(errno.ENOSPC, "disk full"), False),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (PublicationBusy("another publication"), True),
        (PublicationRefused("a gate failed"), False),
    ],
)
def test_waiting_helps_against_locks_and_hiccups_only(error, helps):
    assert passing(error) is helps
