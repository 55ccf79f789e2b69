"""A small company with everything that makes a score of the past hard, as deliveries of raw rows.

Families of leads share mailboxes and browsers, so that forms merge people and corrected forms part
them again. Events tie, come late, are corrected, withdrawn, or dated in the future; some browsers
have no session ids. Changes of fields tie and are corrected. Knows nothing of how a score is made.
"""

import csv
import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

FIRST_DAY = dt.date(2026, 1, 5)
N_DELIVERIES = 10
DAYS_APART = 4
BEGIN = dt.datetime(2026, 1, 1)
KEYS = {
    "crm_leads": ["lead_id"],
    "crm_lead_history": ["lead_id", "field", "changed_at", "seq"],
    "web_events": ["event_id"],
    "web_form_submissions": ["submission_id"],
}
COLUMNS = {
    "crm_leads": ["lead_id", "created_at", "updated_at", "status", "full_name", "email", "title",
                  "industry", "employee_count", "_is_deleted"],
    "crm_lead_history": ["lead_id", "field", "seq", "old_value", "new_value", "changed_at",
                         "_is_deleted"],
    "web_events": ["event_id", "anonymous_id", "session_id", "event_name", "occurred_at",
                   "received_at", "asset_id", "is_bot", "_is_deleted"],
    "web_form_submissions": ["submission_id", "form_id", "form_kind", "submitted_at", "received_at",
                             "anonymous_id", "name", "email", "_is_deleted"],
}  # fmt: skip
VALUES = {
    "title": ["总经理", "CTO", "专员", "前台", ""],
    "industry": ["制造业", "零售", "餐饮", ""],
    "employee_count": ["500", "200", "199", "20", ""],
}
EVENT_NAMES = ["pricing_view", "page_view", "case_download", "webinar_view", "trial_start"]


@dataclass(frozen=True)
class Delivery:
    """One row of one table as delivered; `number` counts the days of delivery."""

    number: int
    table: str
    row: dict[str, str]


def day_of(number: int) -> dt.date:
    """The extract date of a delivery."""
    return FIRST_DAY + dt.timedelta(days=DAYS_APART * number)


def known_at(number: int) -> dt.datetime:
    """UTC: the end of the extract day in Shanghai."""
    return dt.datetime.combine(day_of(number), dt.time(15, 59, 59))


def text(instant: dt.datetime) -> str:
    """ISO text with Z."""
    return instant.isoformat() + "Z"


@dataclass
class ScoreWorld:
    """`n_families` of one to three leads, delivered over N_DELIVERIES days."""

    n_families: int
    dice: random.Random
    deliveries: list[Delivery] = field(default_factory=list)
    _n_events: int = 0

    def fill(self) -> "ScoreWorld":
        """Everything that is ever delivered."""
        for family in range(self.n_families):
            emails = [f"kehu{family}x{n}@qq.com" for n in range(self.dice.choice([1, 2, 2]))]
            cookies = [f"c{family}-{n}" for n in range(self.dice.choice([0, 1, 1, 2, 3]))]
            for n in range(self.dice.choice([1, 1, 2, 2, 3])):
                self._lead(f"L{family:05}-{n}", emails)
            for n, cookie in enumerate(cookies):
                self._visitor(cookie)
                for again in range(self.dice.choice([0, 1, 1, 1, 2])):
                    self._form(f"F{family:05}-{n}-{again}", cookie, emails)
        return self

    def write(self, folder: Path, number: int) -> None:
        """The files of one delivery."""
        rows = defaultdict(list)
        for delivery in self.deliveries:
            if delivery.number == number:
                rows[delivery.table].append(delivery.row)
        for table, table_rows in rows.items():
            source = "crm" if table.startswith("crm") else "web"
            file = folder / table / f"extract_date={day_of(number)}" / f"{source}-{number:03}.csv"
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w", encoding="utf-8", newline="") as target:
                writer = csv.DictWriter(target, COLUMNS[table], restval="")
                writer.writeheader()
                writer.writerows(self.dice.sample(table_rows, len(table_rows)))

    def _instant(self) -> dt.datetime:
        """Ten minutes apart, so that many tie, at any time up to the last delivery."""
        minutes = 10 * self.dice.randrange(6 * 24 * DAYS_APART * N_DELIVERIES)
        return BEGIN + dt.timedelta(minutes=minutes)

    def _first_delivery(self, happened: dt.datetime, late_share: float) -> int:
        first = next((n for n in range(N_DELIVERIES) if known_at(n) >= happened), N_DELIVERIES)
        late = self.dice.choice([1, 2, 4]) if self.dice.random() < late_share else 0
        return min(first + late, N_DELIVERIES - 1)

    def _later(self, number: int) -> int | None:
        return self.dice.randrange(number + 1, N_DELIVERIES) if number + 1 < N_DELIVERIES else None

    def _deliver(self, table: str, number: int, row: dict[str, str], recency: str = "") -> None:
        if recency:
            row = row | {recency: text(dt.datetime.combine(day_of(number), dt.time(10)))}
        self.deliveries.append(Delivery(number, table, row))

    def _versions(
        self, table: str, number: int, versions: list[dict[str, str]], recency: str = ""
    ) -> None:
        """Each version in a later delivery than the one before it; sometimes a stale one again."""
        self._deliver(table, number, versions[0], recency)
        first = self.deliveries[-1].row
        for version in versions[1:]:
            later = self._later(number)
            if later is None:
                return
            number = later
            self._deliver(table, number, version, recency)
        if len(versions) > 1 and self.dice.random() < 0.2 and (later := self._later(number)):
            self._deliver(table, later, first)

    def _lead(self, lead_id: str, emails: list[str]) -> None:
        created = self._instant()
        row = {"lead_id": lead_id, "created_at": text(created), "status": "New",
               "full_name": "王伟", "email": self.dice.choice(emails)}  # fmt: skip
        row |= {name: self.dice.choice(values) for name, values in VALUES.items()}
        versions = [row]
        for _ in range(self.dice.choice([0, 0, 1, 2])):
            changed = {"email": self.dice.choice(emails)}
            name = self.dice.choice(sorted(VALUES))
            versions.append(versions[-1] | changed | {name: self.dice.choice(VALUES[name])})
        if self.dice.random() < 0.03:
            versions.append(versions[-1] | {"_is_deleted": "true"})
        self._versions("crm_leads", self._first_delivery(created, 0.15), versions, "updated_at")
        for name in self.dice.sample(sorted(VALUES), self.dice.choice([0, 0, 1, 2])):
            self._history(lead_id, name, created)

    def _history(self, lead_id: str, name: str, created: dt.datetime) -> None:
        has_sequence = self.dice.random() < 0.6
        at = created
        for n in range(self.dice.choice([1, 2, 3])):
            # With a sequence number changes may tie, and one may be logged before the creation.
            hours = self.dice.choice([-1, 0, 5, 60]) if has_sequence else 7 + n
            at += dt.timedelta(hours=hours)
            row = {"lead_id": lead_id, "field": name, "changed_at": text(at),
                   "seq": str(n + 1) if has_sequence else "",
                   "old_value": self.dice.choice(VALUES[name]),
                   "new_value": self.dice.choice(VALUES[name])}  # fmt: skip
            versions = [row]
            if has_sequence and self.dice.random() < 0.2:
                corrected = {"new_value": self.dice.choice(VALUES[name])}
                versions.append(row | corrected | {"_is_deleted": self.dice.choice(["", "true"])})
            self._versions("crm_lead_history", self._first_delivery(at, 0.2), versions)

    def _visitor(self, cookie: str) -> None:
        has_sessions = self.dice.random() < 0.6
        for _ in range(self.dice.choice([0, 1, 3, 6, 12])):
            at = self._instant()
            for again in range(self.dice.choice([1, 1, 2, 3])):
                self._event(cookie, has_sessions, at + dt.timedelta(minutes=10 * again))

    def _event(self, cookie: str, has_sessions: bool, at: dt.datetime) -> None:
        self._n_events += 1
        session = f"s{at:%d%H}" if has_sessions and self.dice.random() < 0.95 else ""
        row = {"event_id": f"E{self._n_events:07}", "anonymous_id": cookie, "session_id": session,
               "event_name": self.dice.choice(EVENT_NAMES), "occurred_at": text(at),
               "asset_id": self.dice.choice(["a1", "a2", "a3", "a4"])}  # fmt: skip
        number = self._first_delivery(at, 0.15)
        if self.dice.random() < 0.02 and number > 0:
            number -= 1  # known before it is said to have happened
        versions = [row | ({"is_bot": "true"} if self.dice.random() < 0.02 else {})]
        if self.dice.random() < 0.1:
            minutes = self.dice.choice([-30, -10, 0, 20])
            corrected = {
                "event_name": self.dice.choice(EVENT_NAMES),
                "occurred_at": text(at + dt.timedelta(minutes=minutes)),
                "_is_deleted": self.dice.choice(["", "", "true"]),
            }
            versions.append(row | corrected)
        self._versions("web_events", number, versions, "received_at")

    def _form(self, submission_id: str, cookie: str, emails: list[str]) -> None:
        at = self._instant()
        row = {"submission_id": submission_id, "form_id": "f", "form_kind": "demo",
               "submitted_at": text(at), "anonymous_id": cookie, "name": "王伟",
               "email": self.dice.choice(emails)}  # fmt: skip
        versions = [row]
        if self.dice.random() < 0.25:
            corrected = {"email": self.dice.choice(emails)}
            versions.append(row | corrected | {"_is_deleted": self.dice.choice(["", "true"])})
        # Until the second delivery nobody knows whose browsers those are.
        number = max(1, self._first_delivery(at, 0.2))
        self._versions("web_form_submissions", number, versions, "received_at")
