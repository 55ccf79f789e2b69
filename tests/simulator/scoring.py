"""The rule score by brute force: count again, from all planned facts, at every instant asked for.

Nothing here is incremental on purpose: the warehouse computes intervals, this module does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.simulator.vocabulary import DECISION_TITLES, TARGET_INDUSTRIES

SIZE_OK = 200
THRESHOLD = 60


class Act(NamedTuple):
    """One human event on the web site."""

    at: int
    name: str
    session: str
    asset: str


class FieldChange(NamedTuple):
    """One change of a scored attribute of a lead."""

    field: str
    at: int
    old: object
    new: object


def behaviour_counts(acts: Iterable[Act], at: int) -> dict[str, int]:
    """Return how often each behaviour item counts at an instant (caps per item applied)."""
    sessions: set[str] = set()
    priced: set[str] = set()
    assets: set[str] = set()
    for act in acts:
        if act.at > at:
            continue
        sessions.add(act.session)
        if act.name == "pricing_view":
            priced.add(act.session)
        elif act.name == "case_download":
            assets.add(act.asset)
    return {
        "pricing_page_visit": min(3, len(priced)),
        "case_download": min(3, len(assets)),
        "repeat_visit": min(6, max(0, len(sessions) - 1)),
    }


def value_at(current: object, changes: list[FieldChange], field: str, at: int) -> object:
    """Return an attribute as of an instant: history where there is one, else the current value."""
    of_field = [change for change in changes if change.field == field]
    if not of_field:
        return current
    value = of_field[0].old
    for change in of_field:
        if change.at <= at:
            value = change.new
    return value


def attribute_counts(title: object, industry: object, employees: object) -> dict[str, int]:
    """Return which attribute items count (0 or 1) for these values."""
    return {
        "decision_maker": int(title in DECISION_TITLES),
        "industry_match": int(industry in TARGET_INDUSTRIES),
        "size_ok": int(employees is not None and int(employees) >= SIZE_OK),
    }


def points(counts: dict[str, int]) -> int:
    """Return the points of counted items of one group, before the group's cap."""
    worth = {
        "pricing_page_visit": 20, "case_download": 10, "repeat_visit": 5,
        "decision_maker": 20, "industry_match": 10, "size_ok": 10,
    }  # fmt: skip
    return sum(worth[item] * count for item, count in counts.items())


class ScoredLead(NamedTuple):
    """What the score of one lead depends on."""

    created_at: int
    acts: list[Act]
    title: object
    industry: object
    employees: object
    changes: list[FieldChange]

    def counts_at(self, at: int) -> dict[str, int]:
        """Return the counts of all six items at an instant."""
        values = (
            value_at(current, self.changes, name, at)
            for name, current in (
                ("title", self.title),
                ("industry", self.industry),
                ("employee_count", self.employees),
            )
        )
        return behaviour_counts(self.acts, at) | attribute_counts(*values)

    def score_at(self, at: int) -> tuple[int, int, int]:
        """Return (behaviour, attribute, total) at an instant, caps applied."""
        counts = self.counts_at(at)
        attribute = {k: counts.pop(k) for k in ("decision_maker", "industry_match", "size_ok")}
        behaviour_points, attribute_points = min(60, points(counts)), min(40, points(attribute))
        return behaviour_points, attribute_points, behaviour_points + attribute_points

    def change_instants(self) -> list[int]:
        """Return the instants at which the score may change, from creation on."""
        later = {act.at for act in self.acts} | {change.at for change in self.changes}
        return [self.created_at, *sorted(at for at in later if at > self.created_at)]

    def crossings(self) -> list[int]:
        """Return the instants at which the total rises above the threshold (strictly)."""
        crossings, above = [], False
        for at in self.change_instants():
            now_above = self.score_at(at)[2] > THRESHOLD
            if now_above and not above:
                crossings.append(at)
            above = now_above
        return crossings
