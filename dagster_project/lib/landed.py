"""What the ledger says about each extract, in numbers that may be shown."""

from dataclasses import dataclass
from pathlib import Path


@dataclass
class TableFacts:
    """Sums over the files of one extract; dates as ISO text.

    rows_rejected counts rows the reader refused; missing and extra columns are named once each.
    """

    files: int = 0
    files_landed: int = 0
    files_duplicate: int = 0
    files_failed: int = 0
    rows_landed: int = 0
    rows_rejected: int = 0
    missing_columns: tuple[str, ...] = ()
    extra_columns: tuple[str, ...] = ()
    newest_extract_date: str | None = None


def table_facts(landing: Path) -> dict[str, TableFacts]:
    """Facts per table name, from the ledger of a landing folder; empty without a ledger."""
    from dagster_project.lib.landing import read_ledger
    from dagster_project.lib.landing.ledger import DUPLICATE, FAILED, LANDED

    facts: dict[str, TableFacts] = {}
    for entry in read_ledger(landing):
        fact = facts.setdefault(entry.table_name, TableFacts())
        fact.files += 1
        fact.files_landed += entry.status == LANDED
        fact.files_duplicate += entry.status == DUPLICATE
        fact.files_failed += entry.status == FAILED
        fact.rows_landed += entry.rows_landed or 0
        fact.rows_rejected += entry.rows_rejected or 0
        fact.missing_columns = _merged(fact.missing_columns, entry.missing_columns)
        fact.extra_columns = _merged(fact.extra_columns, entry.extra_columns)
        if entry.extract_date and entry.status == LANDED:
            newest = max(fact.newest_extract_date or "", entry.extract_date.isoformat())
            fact.newest_extract_date = newest
    return facts


def _merged(known: tuple[str, ...], more: str | None) -> tuple[str, ...]:
    names = {name.strip() for name in (more or "").split(",") if name.strip()}
    return tuple(sorted({*known, *names}))
