"""Scores by brute force: for each question, reads the raw rows known by then and counts.

Shares no code, no rule parser and no method with the product: people are a union-find over what
their rows share, a score is computed for one lead at one instant from nothing.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from tests.pipeline.score_world import KEYS, Delivery, known_at

SHANGHAI = dt.timedelta(hours=8)
DECISION_MAKERS = {"总经理", "CTO"}
TARGETS = {"制造业", "零售"}
GAP = dt.timedelta(minutes=30)
# Behaviour raw, attribute raw, behaviour, attribute, total.
Score = tuple[int | None, int, int | None, int, int | None]


def instant(text: str) -> dt.datetime:
    """Naive UTC."""
    return dt.datetime.fromisoformat(text.replace("Z", ""))


def in_force(rules: list[dict], at: dt.datetime) -> list[dict]:
    """Rows whose days hold the Shanghai day of an instant."""
    day = (at + SHANGHAI).date().isoformat()
    return [
        r for r in rules if r["valid_from"] <= day and (not r["valid_to"] or day < r["valid_to"])
    ]


@dataclass
class Knowledge:
    """What was known after the deliveries 0 to `number`."""

    deliveries: list[Delivery]
    number: int
    _visits: dict[str, list[tuple]] = field(default_factory=dict)

    @cached_property
    def tables(self) -> dict[str, list[dict[str, str]]]:
        """The newest version of each key: by its own date of change, then by delivery."""
        newest: dict[tuple, tuple] = {}
        for delivery in self.deliveries:
            if delivery.number > self.number:
                continue
            row = delivery.row
            key = (delivery.table, *(row[column] for column in KEYS[delivery.table]))
            if delivery.table == "crm_lead_history" and not row["seq"]:
                key = (*key, row["new_value"])
            rank = (row.get("received_at") or row.get("updated_at") or "", delivery.number)
            if key not in newest or rank > newest[key][0]:
                newest[key] = (rank, row)
        tables = defaultdict(list)
        for key, (_, row) in newest.items():
            if not row.get("_is_deleted") or key[0] == "crm_leads":
                tables[key[0]].append(row)
        return tables

    @cached_property
    def leads(self) -> dict[str, dict[str, str]]:
        """Also those deleted in the CRM: they keep their last words."""
        return {row["lead_id"]: row for row in self.tables["crm_leads"]}

    @cached_property
    def changes(self) -> dict[tuple[str, str], list[dict[str, str]]]:
        """Changes of each field of each lead, in the order of time and sequence."""
        found = defaultdict(list)
        for row in self.tables["crm_lead_history"]:
            found[row["lead_id"], row["field"]].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row["changed_at"], int(row["seq"] or 0)))
        return found

    @cached_property
    def people(self) -> dict[str, str]:
        """Root of each mailbox and browser that forms say belong together."""
        parent: dict[str, str] = {}

        def root(name: str) -> str:
            while parent.setdefault(name, name) != name:
                name = parent[name]
            return name

        for form in self.tables["web_form_submissions"]:
            parent[root(form["anonymous_id"])] = root(form["email"])
        return {name: root(name) for name in list(parent)}

    @cached_property
    def browsers(self) -> dict[str, list[str]]:
        """Browsers of each root."""
        found = defaultdict(list)
        for name, person in self.people.items():
            if "@" not in name:
                found[person].append(name)
        return found

    @cached_property
    def events(self) -> dict[str, list[dict[str, str]]]:
        """Events of people of each browser, in order."""
        found = defaultdict(list)
        for row in self.tables["web_events"]:
            if not row.get("is_bot"):
                found[row["anonymous_id"]].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row["occurred_at"], row["event_id"]))
        return found

    def visits(self, browser: str) -> list[tuple[dt.datetime, str, str, str, str]]:
        """(instant, event id, name, asset, visit) of a browser's events."""
        if browser not in self._visits:
            found, number, before = [], 0, instant("1900-01-01T00:00:00Z")
            for row in self.events[browser]:
                at = instant(row["occurred_at"])
                number += at - before > GAP
                before = at
                visit = f"{browser}/{row['session_id'] or f'gap {number}'}"
                found.append((at, row["event_id"], row["event_name"], row["asset_id"], visit))
            self._visits[browser] = found
        return self._visits[browser]


@dataclass
class Oracle:
    """Scores of a world under rules: rows of score_item and score_group as dictionaries."""

    deliveries: list[Delivery]
    items: list[dict]
    groups: list[dict]
    n_deliveries: int

    @cached_property
    def knowledge(self) -> list[Knowledge]:
        return [Knowledge(self.deliveries, number) for number in range(self.n_deliveries)]

    def now(self, lead_id: str, at: dt.datetime) -> Score | None:
        """The score at an instant with all that is known today."""
        return self._score(self.knowledge[-1], lead_id, at)

    def then(self, lead_id: str, at: dt.datetime) -> Score | None:
        """The score at an instant with what was known at it."""
        number = sum(known_at(n) <= at for n in range(self.n_deliveries)) - 1
        return self._score(self.knowledge[number], lead_id, at) if number >= 0 else None

    def _score(self, known: Knowledge, lead_id: str, at: dt.datetime) -> Score | None:
        lead = known.leads.get(lead_id)
        if lead is None or at < instant(lead["created_at"]):
            return None
        caps = {row["score_group"]: int(row["cap_points"]) for row in in_force(self.groups, at)}
        attribute = sum(self._attribute(known, lead, item, at) for item in in_force(self.items, at))
        capped = min(caps["attribute"], attribute)
        if not known.tables["web_form_submissions"]:
            return None, attribute, None, capped, None
        behaviour = self._behaviour(known, lead, at)
        b = min(caps["behaviour"], behaviour)
        return behaviour, attribute, b, capped, b + capped

    def _attribute(self, known: Knowledge, lead: dict, item: dict, at: dt.datetime) -> int:
        if item["score_group"] != "attribute":
            return 0
        value = lead[item["signal"]]
        changes = known.changes.get((lead["lead_id"], item["signal"]), [])
        past = [row for row in changes if instant(row["changed_at"]) <= at]
        if past:
            value = past[-1]["new_value"]
        elif changes:
            value = changes[0]["old_value"]
        earns = {
            "title": lambda: value in DECISION_MAKERS,
            "industry": lambda: value in TARGETS,
            "employee_count": lambda: value != "" and int(value) >= int(item["match_value"]),
        }[item["signal"]]()
        return int(item["points"]) if earns else 0

    def _behaviour(self, known: Knowledge, lead: dict, at: dt.datetime) -> int:
        person = known.people.get(lead["email"])
        happened = sorted(
            event for name in known.browsers.get(person, []) for event in known.visits(name)
        )
        happened = [event for event in happened if event[0] <= at]
        names = {item["score_item"] for item in self.items if item["score_group"] == "behaviour"}
        return sum(self._item(name, happened, at) for name in names)

    def _item(self, name: str, happened: list[tuple], at: dt.datetime) -> int:
        """Things that count once, under the version of their first event; then the maximum."""
        first_version: dict[str, dict] = {}
        for when, event_id, event_name, asset, visit in happened:
            for item in in_force([i for i in self.items if i["score_item"] == name], when):
                window = item["window_days"]
                forgotten = window and when + dt.timedelta(days=int(window)) <= at
                if forgotten or item["signal"] not in ("*", event_name):
                    continue
                thing = {"once": "once", "each_asset": asset, "each": event_id}.get(
                    item["repeat_policy"], visit
                )
                first_version.setdefault(thing, item)
        points = 0
        in_order = sorted(first_version.values(), key=lambda item: item["valid_from"])
        for place, item in enumerate(in_order, start=1):
            if item["repeat_policy"] == "each_later_session":
                place -= 1
            most = 1 if item["repeat_policy"] == "once" else int(item["max_count"])
            points += int(item["points"]) if 1 <= place <= most else 0
        return points
