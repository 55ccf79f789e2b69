"""A made-up CRM that delivers what happened to its leads: late, twice, corrected, withdrawn.

Rows carry exact ties, clocks that run ahead, events before creation, leads with and without a
history, several deals, hand-overs, calls, and merges (which must change no stage).
"""

import csv
import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path

FIRST_DAY = dt.date(2026, 1, 5)
# Extract days lie apart, so that silences of 30 days come and go between them.
DAYS_APART = 12
STATUSES = {
    "New": "lead", "MQL": "mql", "Accepted": "sal", "SQL": "sql", "Converted": "opportunity",
    "Customer": "account", "培育中": "recycled", "Disqualified": "disqualified",
    "暂停跟进": "inactive", "Something new": None,
}  # fmt: skip
COLUMNS = {
    "crm_leads": ["lead_id", "created_at", "updated_at", "status", "phone", "_is_deleted"],
    "crm_lead_history": ["lead_id", "field", "seq", "old_value", "new_value", "changed_at",
                         "changed_by", "change_source", "_is_deleted"],
    "crm_opportunities": ["opportunity_id", "lead_id", "stage", "created_at", "closed_at",
                          "is_closed", "is_won", "owner_id", "_is_deleted"],
    "crm_activities": ["activity_id", "kind", "direction", "lead_id", "actor_user_id",
                       "is_automated", "occurred_at", "created_at", "outcome", "connected"],
    "crm_handoffs": ["handoff_id", "lead_id", "offered_at", "from_user", "to_user", "decision",
                     "decided_at", "_is_deleted"],
    "crm_merge_log": ["object_type", "winner_id", "loser_id", "merged_at", "_is_deleted"],
}  # fmt: skip


def end_of_day(day: int) -> dt.datetime:
    """As-of instant (UTC) of the extracts of step `day`: midnight in Shanghai less a second."""
    date = FIRST_DAY + dt.timedelta(days=day * DAYS_APART)
    return dt.datetime.combine(date, dt.time(15, 59, 59))


@dataclass
class World:
    """Deliveries [(step, table, row)] about `n_leads` leads in `n_steps` extract days.

    Values of rows are str, datetime (UTC), int, bool or None, as the source would write them.
    """

    n_leads: int
    n_steps: int
    dice: random.Random
    deliveries: list[tuple[int, str, dict]] = field(default_factory=list)
    # (lead_id, valid_from, known step): a qualification rule begins to hold.
    proposals: list[tuple[str, dt.datetime, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number in range(self.n_leads):
            self._lead(f"L{number:05}")
        for _ in range(self.n_leads // 20):
            winner, loser = self.dice.sample(range(self.n_leads), 2)
            self._deliver(
                "crm_merge_log", self.dice.randrange(self.n_steps),
                {"object_type": "lead", "winner_id": f"L{winner:05}", "loser_id": f"L{loser:05}"},
            )  # fmt: skip

    def write(
        self, folder: Path, *, steps: range | None = None, shuffled: random.Random | None = None
    ) -> None:
        """Extract files of `steps` (all); shuffled: rows in any order, some twice, split anyhow."""
        for step in steps or range(self.n_steps):
            for table in COLUMNS:
                rows = [row for at, name, row in self.deliveries if (at, name) == (step, table)]
                parts = [rows]
                if shuffled:
                    shuffled.shuffle(rows)
                    rows += shuffled.sample(rows, len(rows) // 5)
                    cut = shuffled.randrange(len(rows) + 1)
                    parts = [rows[cut:], rows[:cut]]
                for number, part in enumerate(parts):
                    self._write(folder, table, step, number, part)

    @staticmethod
    def _write(folder: Path, table: str, step: int, number: int, rows: list[dict]) -> None:
        date = FIRST_DAY + dt.timedelta(days=step * DAYS_APART)
        target = folder / table / f"extract_date={date}" / f"crm-{step:03}-{number}.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[table], restval="")
            writer.writeheader()
            writer.writerows({name: _text(value) for name, value in row.items()} for row in rows)

    def _deliver(self, table: str, step: int, row: dict) -> None:
        self.deliveries.append((min(step, self.n_steps - 1), table, row))

    def _step_of(self, instant: dt.datetime) -> int:
        """First step whose extracts can know an instant, some later: lateness."""
        for step in range(self.n_steps):
            if instant <= end_of_day(step):
                return min(step + self.dice.choice([0, 0, 0, 1, 2]), self.n_steps - 1)
        return self.n_steps - 1

    def _lead(self, lead_id: str) -> None:
        dice = self.dice
        days = dice.randrange(max(1, (self.n_steps - 2) * DAYS_APART))
        created = end_of_day(0) + dt.timedelta(days=days - 5, minutes=dice.randrange(1400))
        first = self._step_of(created)
        if dice.random() < 0.7:
            self._history(lead_id, created)
            self._deliver("crm_leads", first, self._version(lead_id, created, None, "New"))
        else:
            self._versions(lead_id, created, first)
        if dice.random() < 0.05:  # a corrected date of creation, or a deleted lead
            moved = created - dt.timedelta(hours=dice.choice([0, 3]))
            updated = end_of_day(first + 1) - dt.timedelta(hours=1)
            row = self._version(lead_id, moved, updated, "New")
            row["_is_deleted"] = dice.random() < 0.5
            if first + 1 < self.n_steps:
                self._deliver("crm_leads", first + 1, row)
        for number in range(dice.choice([0, 0, 0, 1, 2])):
            self._opportunity(lead_id, f"{lead_id}-{number}", created)
        for number in range(dice.choice([0, 0, 1, 4])):
            at = created + dt.timedelta(hours=dice.randrange(24 * 50))
            self._deliver("crm_activities", self._step_of(at), {
                "activity_id": f"{lead_id}-{number}", "lead_id": lead_id, "occurred_at": at,
                "kind": dice.choice(["call", "note", "email"]), "direction": "outbound",
                "actor_user_id": "u1", "is_automated": dice.random() < 0.2, "created_at": at,
                "outcome": "", "connected": dice.choice([True, False]),
            })  # fmt: skip
        if dice.random() < 0.3:
            self._handoff(lead_id, created)
        for _ in range(dice.choice([0, 0, 1, 3])):
            at = created + dt.timedelta(hours=dice.randrange(24 * 40))
            if (lead_id, at) not in {(lead, when) for lead, when, _ in self.proposals[-3:]}:
                self.proposals.append((lead_id, at, self._step_of(at)))

    def _history(self, lead_id: str, created: dt.datetime) -> None:
        dice, at, keys = self.dice, created, set()
        # Changes of one instant agree on what was before: nothing else says which was first.
        before: dict[dt.datetime, str | None] = {}
        for number in range(dice.randint(0, 8)):
            at += dt.timedelta(hours=dice.choice([0, 0, 0, 1, 5, 30, 400]))
            when = at
            if dice.random() < 0.03:  # before creation, or with a date to come
                when += dt.timedelta(days=dice.choice([-40, -2, 15, 40]))
            seq = dice.choice([None, None, number])
            status = dice.choice([*STATUSES])
            key = (when, seq, status if seq is None else None)
            if key in keys:
                continue
            keys.add(key)
            row = {
                "lead_id": lead_id, "field": "status", "seq": seq, "changed_at": when,
                "old_value": before.setdefault(when, dice.choice([None, *STATUSES])),
                "new_value": status,
                "changed_by": "u1", "change_source": dice.choice(["manual", "rule", "import"]),
            }  # fmt: skip
            step = self._step_of(at)
            self._deliver("crm_lead_history", step, row)
            if dice.random() < 0.25 and step + 1 < self.n_steps:  # corrected, withdrawn, restored
                later = dice.randrange(step + 1, self.n_steps)
                fate = dice.choice(["corrected", "withdrawn", "restored"])
                if fate == "corrected" and seq is not None:
                    row = row | {"new_value": dice.choice([*STATUSES])}
                    self._deliver("crm_lead_history", later, row)
                else:
                    self._deliver("crm_lead_history", later, row | {"_is_deleted": True})
                    if fate == "restored" and later + 1 < self.n_steps:
                        self._deliver("crm_lead_history", later + 1, row)

    @staticmethod
    def _version(
        lead_id: str, created: dt.datetime, updated: dt.datetime | None, status: str
    ) -> dict:
        return {"lead_id": lead_id, "created_at": created, "updated_at": updated, "status": status}

    def _versions(self, lead_id: str, created: dt.datetime, first: int) -> None:
        """A lead without any history, as its versions tell it; dated ones may come late."""
        dice = self.dice
        is_dated = dice.random() < 0.6
        for step in range(first, self.n_steps):
            if step > first and dice.random() < 0.4:
                continue
            updated = None
            if is_dated:
                updated = end_of_day(step) - dt.timedelta(days=dice.choice([0, 1, 1, 20, 30]))
                updated = max(updated, created)
            status = dice.choice([*STATUSES])
            row = self._version(lead_id, created, updated, status)
            self._deliver("crm_leads", step, row | {"phone": f"{dice.randrange(3)}"})
        if dice.random() < 0.2:  # the history export begins later
            self._history(lead_id, end_of_day(max(first, self.n_steps - 4)))

    def _opportunity(self, lead_id: str, name: str, created: dt.datetime) -> None:
        dice = self.dice
        opened = created + dt.timedelta(hours=dice.randrange(24 * 30))
        row = {
            "opportunity_id": name, "lead_id": lead_id, "stage": "open", "created_at": opened,
            "closed_at": None, "is_closed": False, "is_won": False, "owner_id": "u2",
        }  # fmt: skip
        step = self._step_of(opened)
        self._deliver("crm_opportunities", step, row)
        for _ in range(dice.choice([0, 1, 1, 2])):
            step += dice.choice([1, 2])
            if step >= self.n_steps:
                return
            closed = max(opened, end_of_day(step) - dt.timedelta(days=dice.randrange(20)))
            row = row | {
                "is_closed": dice.random() < 0.9, "is_won": dice.random() < 0.4,
                "closed_at": dice.choice([closed, closed, None]), "stage": "closed",
                "_is_deleted": dice.random() < 0.1,
            }  # fmt: skip
            self._deliver("crm_opportunities", step, row)

    def _handoff(self, lead_id: str, created: dt.datetime) -> None:
        dice = self.dice
        offered = created + dt.timedelta(hours=dice.randrange(24 * 20))
        row = {
            "handoff_id": lead_id, "lead_id": lead_id, "offered_at": offered, "from_user": "u1",
            "to_user": "u2", "decision": None, "decided_at": None,
        }  # fmt: skip
        step = self._step_of(offered)
        self._deliver("crm_handoffs", step, row)
        decided = offered + dt.timedelta(hours=dice.randrange(100))
        if step + 1 < self.n_steps:
            row = row | {"decision": dice.choice(["accepted", "rejected"]), "decided_at": decided}
            self._deliver("crm_handoffs", step + 1, row)
        if step + 2 < self.n_steps and dice.random() < 0.3:
            self._deliver("crm_handoffs", step + 2, row | {"_is_deleted": True})


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat() + "Z"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
