"""The landing as it would be if only some causes had changed it since the last publication.

Rows that were delivered since get a cause each: the raw table's own, else erasure for a deletion,
correction for a key that was known, late for a new one. A landing of some causes is a folder of
links to the batches; a batch with rows of several causes is written anew without the others.
Belongs here: batches, ledger, folders. Does not belong here: what is built of them (replay.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.lib.builds import quoted
from dagster_project.lib.contract import Contract
from dagster_project.lib.landing import Entry, read_ledger
from dagster_project.lib.landing.batch import REJECTS_FOLDER, write_table
from dagster_project.lib.landing.ledger import (
    DUPLICATE,
    LANDED,
    LEDGER_FILE,
    LEDGER_SCHEMA,
)
from dagster_project.lib.restatement.causes import CORRECTION, ERASURE, LATE, Causes
from dagster_project.lib.restatement.inputs import Inputs

# What the macro parse_boolean reads as true.
_TRUE = ("true", "t", "yes", "y", "1", "是")
# A ledger row that only sets the clock: "now" of a build is the newest day that brought rows.
_CLOCK = Entry("_clock", "_clock", rows_landed=1, status=LANDED, landed_at=datetime(1970, 1, 1))  # noqa: DTZ001


class Deliveries:
    """What was delivered between two builds, by cause.

    landing: folder of all that has landed; contract: keys of the raw tables.
    """

    def __init__(
        self, landing: Path, then: Inputs, now: Inputs, causes: Causes, contract: Contract
    ) -> None:
        self._landing, self._causes, self._contract = landing, causes, contract
        entries = read_ledger(landing)
        self._old = [entry for entry in entries if entry.key in then.keys]
        self._new = [entry for entry in entries if entry.key in now.keys - then.keys]
        self._kept = self._batches_of_then()
        self._rows = {
            self._batch(entry): self._row_causes(entry)
            for entry in self._new
            if entry.status == LANDED and entry.rows_landed and self._batch(entry) not in self._kept
        }

    @property
    def causes(self) -> set[str]:
        """Causes that something delivered since has."""
        found = {cause for counts in self._rows.values() for cause in counts}
        return found | {self._of_entry(entry) for entry in self._new if entry.status == DUPLICATE}

    def landing_of(self, folder: Path, causes: Iterable[str], clock: date | None) -> Path:
        """Make in an empty `folder` the landing of then and what has one of `causes` since.

        clock: day that "now" is at least the end of.
        """
        wanted = frozenset(causes)
        self._link_schemas(folder)
        for batch in self._kept:
            _link(batch, folder)
        held = set(self._kept)
        for batch, counts in self._rows.items():
            if counts.keys() <= wanted:
                _link(batch, folder)
            elif counts.keys() & wanted:
                self._write_part(batch, folder, wanted)
            else:
                continue
            held.add(batch)
        self._write_ledger(folder, held, wanted, clock)
        return folder

    def _of_entry(self, entry: Entry) -> str:
        """The cause of a file whose rows are none of their own: a repetition is a correction."""
        return self._causes.of_table.get(entry.table_name, CORRECTION)

    def _batches_of_then(self) -> list[Path]:
        """Batches that hold what had landed then.

        A file of then may be a duplicate now, because an older one with the same content came: its
        rows are in that one's batch.
        """
        batches = {self._batch(entry) for entry in self._old if entry.batch_id}
        return sorted(batch for batch in batches if batch.exists())

    def _batch(self, entry: Entry) -> Path:
        return self._landing / entry.table_name / f"{entry.batch_id}.parquet"

    def _row_causes(self, entry: Entry) -> dict[str, int]:
        """Rows of a new batch by cause."""
        if cause := self._causes.of_table.get(entry.table_name):
            return {cause: entry.rows_landed or 0}
        with duckdb.connect() as connection:
            rows = connection.execute(
                f"select cause, count(*) from ({self._judged(self._batch(entry))}) group by cause"
            ).fetchall()
        return dict(rows)

    def _judged(self, batch: Path) -> str:
        """A query of the rows of a batch and the cause of each."""
        table = batch.parent.name
        key = ["_source_system", *self._contract[table].key]
        parts = ", ".join(f"trim({quoted(column)})" for column in key)
        known = [path for path in self._kept if path.parent.name == table]
        of_then = (
            f"select distinct to_json([{parts}]) as key from {_relation(known)}"
            if known
            else "select null::json as key where false"
        )
        deleted = f"lower(trim(_is_deleted)) in ({', '.join(map(_text, _TRUE))})"
        return f"""
            with known as ({of_then})
            select
                rows.*,
                case
                    when coalesce({deleted}, false) then '{ERASURE}'
                    when known.key is not null then '{CORRECTION}'
                    else '{LATE}'
                end as cause
            from {_relation([batch])} as rows
            left join known on to_json([{parts}])::varchar = known.key::varchar
        """

    def _write_part(self, batch: Path, folder: Path, wanted: frozenset[str]) -> None:
        target = folder / batch.parent.name / batch.name
        target.parent.mkdir(parents=True, exist_ok=True)
        among = ", ".join(map(_text, sorted(wanted)))
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select * exclude (cause) from ({self._judged(batch)})"
                f" where cause in ({among}) order by _row_number)"
                f" to {_text(str(target))} (format parquet, compression zstd)"
            )

    def _link_schemas(self, folder: Path) -> None:
        """The empty files that give every table its columns."""
        for path in self._landing.glob("*/_*.parquet"):
            _link(path, folder)

    def _write_ledger(
        self, folder: Path, held: set[Path], wanted: frozenset[str], clock: date | None
    ) -> None:
        """The ledger of what is in `folder`; a repetition counts when its cause does."""
        entries = [
            *(entry for entry in self._old if entry.status != LANDED or self._batch(entry) in held),
            *(
                entry
                for entry in self._new
                if (entry.status == LANDED and self._batch(entry) in held)
                or (entry.status == DUPLICATE and self._of_entry(entry) in wanted)
            ),
        ]
        for entry in entries:
            rejects = self._landing / REJECTS_FOLDER / f"{entry.batch_id}.parquet"
            if rejects.exists():
                _link(rejects, folder)
        if clock:
            entries.append(replace(_CLOCK, extract_date=clock))
        rows = [{name: getattr(entry, name) for name in LEDGER_SCHEMA.names} for entry in entries]
        write_table(folder / LEDGER_FILE, pa.Table.from_pylist(rows, LEDGER_SCHEMA))


def _link(path: Path, folder: Path) -> None:
    target = folder / path.parent.name / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        target.symlink_to(path)


def _relation(paths: Sequence[Path]) -> str:
    files = ", ".join(_text(str(path)) for path in paths)
    return f"read_parquet([{files}], union_by_name = true)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
