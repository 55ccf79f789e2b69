"""Landing of delivered files: text in, immutable Parquet batches, ledger and rejects out.

`land` is the whole interface for those who deliver into the warehouse; `read_ledger` for those who
want to know what happened.
"""

from dagster_project.lib.landing.lander import FileReport, LandingReport, land
from dagster_project.lib.landing.ledger import Entry, read_ledger

__all__ = ["Entry", "FileReport", "LandingReport", "land", "read_ledger"]
