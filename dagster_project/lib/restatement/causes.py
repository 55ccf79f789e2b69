"""The causes of a restatement, as seeds/rules/restatement_*.csv say them.

Belongs here: reading those rows. Does not belong here: applying them to rows of deliveries
(deliveries.py) or to a replay (replay.py).
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

CODE, RULE, LATE, CORRECTION, ERASURE = "code", "rule", "late", "correction", "erasure"
UNEXPLAINED = "unexplained"
# Columns of rule files that say from when or until when a row holds.
_PERIOD_COLUMNS = ("valid_from", "valid_to", "decided_at", "withdrawn_at")


@dataclass(frozen=True)
class Causes:
    """order: causes in the order of the replay; of_table, of_file: those with a cause of their own.

    of_table by raw table, of_file by path of a seed below seeds/.
    """

    order: tuple[str, ...]
    of_table: Mapping[str, str]
    of_file: Mapping[str, str]

    def of_rule(self, path: str) -> str:
        """The cause that a change of a seed has."""
        return self.of_file.get(path, RULE)


def read_causes(rules: Mapping[str, str], today: date | None) -> Causes:
    """The rows in force on `today`, from the texts of the seeds by path below seeds/.

    Raises ValueError when code does not come first: the old code is not kept, so nothing can be
    built with it.
    """
    causes = [row for row in rows(rules, "restatement_cause") if in_force(row, today)]
    causes = [row for row in causes if row["cause"] != UNEXPLAINED]
    order = tuple(row["cause"] for row in sorted(causes, key=lambda row: int(row["replay_order"])))
    if not order or order[0] != CODE:
        raise ValueError("restatement_cause.csv: the cause `code` must have the smallest order")
    inputs = [row for row in rows(rules, "restatement_input") if in_force(row, today)]
    return Causes(
        order,
        {row["input_name"]: row["cause"] for row in inputs if row["input_kind"] == "raw_table"},
        {
            f"rules/{row['input_name']}.csv": row["cause"]
            for row in inputs
            if row["input_kind"] == "rule_file"
        },
    )


def rows(rules: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """The rows of seeds/rules/<name>.csv."""
    return list(csv.DictReader(io.StringIO(rules[f"rules/{name}.csv"].lstrip("\ufeff"))))


def in_force(row: Mapping[str, str], today: date | None) -> bool:
    """Whether a versioned row holds on a day; any row does when there is no day."""
    if today is None:
        return True
    begins, ends = row["valid_from"][:10], (row["valid_to"] or "")[:10]
    return begins <= today.isoformat() and (not ends or today.isoformat() < ends)


def changed_rules(
    before: Mapping[str, str], after: Mapping[str, str], then: date | None, now: date | None
) -> set[str]:
    """Seeds that say something else now: another text, or a row that began or ended since.

    then, now: the as-of days of both builds. A seed that is on one side only came or went with the
    code that reads it.
    """
    return {
        path
        for path in before.keys() & after.keys()
        if before[path] != after[path] or _came_in_force(after[path], then, now)
    }


def _came_in_force(text: str, then: date | None, now: date | None) -> bool:
    if then is None or now is None or then == now:
        return False
    reader = csv.DictReader(io.StringIO(text))
    columns = [name for name in reader.fieldnames or () if name in _PERIOD_COLUMNS]
    return bool(columns) and any(
        then.isoformat() < (row[column] or "")[:10] <= now.isoformat()
        for row in reader
        for column in columns
    )
