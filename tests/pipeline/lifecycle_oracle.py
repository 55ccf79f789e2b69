"""What the stage log of one lead must be, as a state machine over the rows delivered so far.

Written from the definitions (methods 1.2, D1, DECISIONS.md), not from the SQL; no code is shared.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.pipeline.lifecycle_world import STATUSES, World, end_of_day

RANK = {"lead": 10, "mql": 20, "sal": 30, "sql": 40, "opportunity": 50, "account": 60}
DETOURS = {"recycled": 110, "disqualified": 120, "inactive": 125, "lost": 130}
SHANGHAI = ZoneInfo("Asia/Shanghai")
Row = dict
# stage, entered_at, exited_at, passage, visit, lifetime visit, move
Stay = tuple[str, dt.datetime, dt.datetime | None, int, int, int, str]


@dataclass(frozen=True)
class Reading:
    """How the company reads its funnel: profile, whose word makes an MQL, whether silence moves."""

    profile: str = "l2c_sdr_after_mql"
    mql_by: str = "crm"
    silence_moves: bool = False
    silence_boundary: str = "gt"


@dataclass
class Event:
    """One assertion: said at an instant, counting from another; `entered`: where it stands."""

    stage: str
    at: dt.datetime
    said_at: dt.datetime
    sequence: float
    evidence: str
    waits: bool = False
    entered: dt.datetime | None = None

    @property
    def order(self) -> tuple:
        rank = RANK.get(self.stage) or DETOURS[self.stage]
        return (self.entered, self.sequence, rank)


class Oracle:
    """The rows of a world by lead and table."""

    def __init__(self, world: World) -> None:
        self.rows: dict[str, dict[str, list[tuple[int, Row]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for step, table, row in world.deliveries:
            if "lead_id" in row:
                self.rows[row["lead_id"]][table].append((step, row))
        self.proposals = defaultdict(list)
        for lead, at, step in world.proposals:
            self.proposals[lead].append((step, at))

    def stays(self, step: int, reading: Reading) -> dict[str, list[Stay]]:
        """Stays of every lead known at a step, in order."""
        return {
            lead: stays
            for lead in self.rows
            if (stays := self._stays_of(lead, step, reading)) is not None
        }

    def returns(self, step: int, reading: Reading) -> dict[str, list[dt.datetime]]:
        """Instants of the inferred returns of every lead, as known at a step."""
        found = {}
        for lead in self.rows:
            events = self._events(lead, step, reading)
            if events is not None:
                found[lead] = self._returns(lead, step, reading, _walk(_accepted(events)))
        return {lead: instants for lead, instants in found.items() if instants}

    def _stays_of(self, lead: str, step: int, reading: Reading) -> list[Stay] | None:
        events = self._events(lead, step, reading)
        if events is None:
            return None
        stays = _walk(_accepted(events))
        if reading.silence_moves:
            for at in self._returns(lead, step, reading, stays):
                events.append(Event("mql", at, at, float("inf"), "inferred", entered=at))
            stays = _walk(_accepted(events))
        return stays

    def _known(self, lead: str, table: str, step: int) -> list[tuple[int, Row]]:
        return [(at, row) for at, row in self.rows[lead][table] if at <= step]

    def _newest(self, lead: str, table: str, step: int, key: object) -> list[tuple[int, int, Row]]:
        """(first step, step of the version, row) of the newest word on each key, deletions too."""
        newest: dict[object, tuple] = {}
        for at, row in self._known(lead, table, step):
            name = key(row)
            first, _, _ = newest.get(name, (at, None, None))
            newest[name] = (first, at, row)
        return list(newest.values())

    def _events(self, lead: str, step: int, reading: Reading) -> list[Event] | None:
        versions = self._known(lead, "crm_leads", step)
        if not versions:
            return None
        now = end_of_day(step)

        def recency(version: tuple[int, Row]) -> tuple:
            at, row = version
            updated = row["updated_at"]
            if updated is None and row.get("_is_deleted"):
                updated = end_of_day(at)
            return (updated is not None, updated, at) if updated else (False, at)

        created = max(versions, key=recency)[1]["created_at"]
        said = [Event("lead", created, created, -1, "crm_lead_created")]
        said += self._statuses(lead, step, created)
        said += self._deals(lead, step)
        if reading.profile == "sales_confirms":
            for _, _, row in self._newest(lead, "crm_handoffs", step, lambda r: r["handoff_id"]):
                if row["decision"] == "accepted" and not row.get("_is_deleted"):
                    at = row["decided_at"]
                    said.append(Event("sal", at, at, float("inf"), "handoff"))
        for known, at in self.proposals[lead]:
            if known <= step:
                said.append(Event("mql", at, at, float("inf"), "rule"))
        events = self._read(lead, step, reading, said)
        # A clock that runs ahead waits; the lead itself does not.
        events = [e for e in events if e.at <= now or e.evidence == "crm_lead_created"]
        first = min(e.at for e in events)
        for event in events:
            is_creation = dt.timedelta(0) <= event.at - created < dt.timedelta(minutes=1)
            event.entered = first if first < created and is_creation else event.at
        return events

    def _statuses(self, lead: str, step: int, created: dt.datetime) -> list[Event]:
        def key(row: Row) -> tuple:
            same = row["new_value"] if row["seq"] is None else None
            return (row["changed_at"], row["seq"], same)

        changes = [
            row
            for _, _, row in self._newest(lead, "crm_lead_history", step, key)
            if not row.get("_is_deleted")
        ]
        if not changes:
            return self._spoken_by_versions(lead, step)
        events = [
            Event(STATUSES[row["new_value"]], row["changed_at"], row["changed_at"],
                  float("inf") if row["seq"] is None else row["seq"], "status")
            for row in changes if STATUSES[row["new_value"]]
        ]  # fmt: skip
        before = min(
            changes, key=lambda r: (r["changed_at"], float("inf") if r["seq"] is None else r["seq"])
        )
        if before["old_value"] is not None and before["changed_at"] > created:
            stage = STATUSES[before["old_value"]]
            if stage:
                events.append(Event(stage, created, created, 0, "status"))
        return events

    def _spoken_by_versions(self, lead: str, step: int) -> list[Event]:
        known = [
            (at, row)
            for at, row in self._known(lead, "crm_leads", step)
            if not row.get("_is_deleted")
        ]
        if not known:
            return []
        first = min(at for at, _ in known)
        said = sorted(
            {
                (row["updated_at"]
                 or (row["created_at"] if at == first else end_of_day(at)), row["status"])
                for at, row in known
            }
        )  # fmt: skip
        events, before = [], None
        for number, (at, status) in enumerate(said):
            stage = STATUSES[status]
            is_new = number == 0 and stage == "lead"
            if status != before and stage and not is_new:
                events.append(Event(stage, at, at, float("inf"), "status"))
            before = status
        return events

    def _deals(self, lead: str, step: int) -> list[Event]:
        deals = []
        versions = self._known(lead, "crm_opportunities", step)
        for _, _, row in self._newest(
            lead, "crm_opportunities", step, lambda r: r["opportunity_id"]
        ):
            if row.get("_is_deleted"):
                continue
            first_such = min(s for s, other in versions if _content(other) == _content(row))
            closed = row["closed_at"]
            if row["is_won"] and closed is None:
                closed = end_of_day(first_such)
            elif not (row["is_won"] or row["is_closed"]):
                closed = None
            if row["closed_at"] and closed and _day(closed) == _day(row["created_at"]):
                closed = max(closed, row["created_at"])
            deals.append((row, closed))
        events = []
        for row, closed in deals:
            opened = row["created_at"]
            events.append(Event("opportunity", opened, opened, float("inf"), "deal"))
            if closed is None:
                continue
            others = [other for other, _ in deals if other is not row]
            is_running = any(
                closed >= other["created_at"]
                and (
                    other["closed_at"] is None
                    or closed < other["closed_at"]
                    or (other["is_won"] and opened <= other["closed_at"])
                )
                for other in others
            )
            if row["is_won"] or not is_running:
                stage = "account" if row["is_won"] else "lost"
                events.append(Event(stage, closed, closed, float("inf"), "deal"))
        return events

    def _read(self, lead: str, step: int, reading: Reading, said: list[Event]) -> list[Event]:
        """Events as the profile takes them."""
        contacts = [
            row["occurred_at"]
            for _, row in self._known(lead, "crm_activities", step)
            if row["connected"] and row["kind"] != "note" and not row["is_automated"]
        ]
        events = []
        for event in said:
            if event.stage == "mql":
                by = "rule" if event.evidence == "rule" else "crm"
                if reading.mql_by not in (by, "both"):
                    continue
                if reading.profile == "sdr_before_mql":
                    if not contacts:
                        continue
                    event.at = max(event.at, min(contacts))
            if event.stage == "sal" and reading.profile == "sales_confirms":
                event.stage = "sql"
            event.waits = event.at > event.said_at
            events.append(event)
        return events

    def _returns(
        self, lead: str, step: int, reading: Reading, stays: list[Stay]
    ) -> list[dt.datetime]:
        actions = sorted(
            row["occurred_at"]
            for _, row in self._known(lead, "crm_activities", step)
            if not row["is_automated"]
        )
        limit, found = dt.timedelta(days=30), []
        for stage, entered, exited, *_ in stays:
            if stage != "sql":
                continue
            end = exited or end_of_day(step)
            points = [entered, *(a for a in actions if entered <= a < end), end]
            for since, until in pairwise(points):
                silence = until - since
                if silence > limit or (reading.silence_boundary == "gte" and silence == limit):
                    found.append(since + limit)
                    break
        return found


def _accepted(events: Iterable[Event]) -> list[Event]:
    """In order, without what lapsed while it waited and rules that propose what there is."""
    ordered = sorted(events, key=lambda e: e.order)
    kept, furthest, has_proposal = [], 0, False
    for number, event in enumerate(ordered):
        if event.stage in DETOURS:
            furthest, has_proposal = 0, False
        before = ordered[:number]
        lapsed = event.waits and any(
            not e.waits and e.evidence != "rule" and e.at > event.said_at for e in before
        )
        if lapsed:
            continue
        if event.evidence != "rule":
            furthest = max(furthest, RANK.get(event.stage, 0))
        elif has_proposal or furthest >= RANK["mql"]:
            continue
        else:
            has_proposal = True
        kept.append(event)
    return kept


def _walk(events: list[Event]) -> list[Stay]:
    """The state machine: stays, passages, visits and moves."""
    order = sorted(RANK, key=RANK.get)
    stays: list[list] = []
    passage, in_passage, ever = 1, defaultdict(int), defaultdict(int)
    for event in events:
        stage = event.stage
        before = stays[-1][0] if stays else None
        if stage == before:
            continue
        if before is None:
            move = "create"
        elif stage in DETOURS:
            move = "exit"
        elif before in DETOURS or before == "account":
            move = "reenter"
            if before in DETOURS or stage != "account":
                passage, in_passage = passage + 1, defaultdict(int)
        else:
            steps = order.index(stage) - order.index(before)
            move = "regress" if steps < 0 else "skip" if steps > 1 else "advance"
        in_passage[stage] += 1
        ever[stage] += 1
        if stays:
            stays[-1][2] = event.entered
        stays.append([stage, event.entered, None, passage, in_passage[stage], ever[stage], move])
    return [tuple(stay) for stay in stays]


def _content(row: Row) -> dict:
    return {name: value for name, value in row.items() if name != "_is_deleted"}


def _day(instant: dt.datetime) -> dt.date:
    return instant.replace(tzinfo=dt.UTC).astimezone(SHANGHAI).date()
