"""What every step of the pipeline shares: its build id, its progress, when it is tried again."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg
import duckdb

from dagster_project.lib.builds import new_build_id
from dagster_project.lib.publishing import PublicationBusy
from dagster_project.lib.report import PROGRESS

# DuckDB has one writer, so whatever opens the warehouse takes turns.
WAREHOUSE_POOL = "warehouse"
LANDING_POOL = "landing"

_RETRIES = 3
_FIRST_WAIT = 10.0  # seconds, doubled each time
# A second try can't mend a full disk, a missing file or a missing permission.
_PASSING = {
    errno.EAGAIN,
    errno.EBUSY,
    errno.EINTR,
    errno.EIO,
    errno.ESTALE,
    errno.ETIMEDOUT,
}


@contextmanager
def step(context: dg.OpExecutionContext, title: str) -> Iterator[Callable[[str], None]]:
    """Run a step: shows progress, and asks Dagster for another try when a file is busy.

    Yields a function that takes what the step is just doing. A failed check or a wrong row is
    never tried again.
    """
    with PROGRESS.step(title) as say:
        try:
            yield say
        except (duckdb.IOException, OSError, PublicationBusy) as error:
            if not passing(error) or context.retry_number >= _RETRIES:
                raise
            wait = _FIRST_WAIT * 2**context.retry_number
            say(f"busy, next try in {wait:.0f} s")
            context.log.warning(f"{title}: {error}; next try in {wait:.0f} s")
            raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=wait) from error


def passing(error: Exception) -> bool:
    """Whether waiting may help: somebody has the file, or the disk hiccuped."""
    if isinstance(error, PublicationBusy):
        return True
    if isinstance(error, duckdb.IOException):
        return "lock" in str(error).lower()
    return isinstance(error, OSError) and error.errno in _PASSING


def build_id(context: dg.OpExecutionContext) -> str:
    """The id that everything this run writes carries; the same in every step of the run."""
    record = context.instance.get_run_record_by_id(context.run_id)
    if record is None:
        raise LookupError(f"run {context.run_id} is not in this Dagster instance")
    return new_build_id(context.run_id, record.create_timestamp.timestamp())
