"""One CRM lead, as it was typed in and as it really is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.simulator.journey import Journey
from tests.simulator.people import Person
from tests.simulator.scoring import FieldChange


@dataclass(slots=True, eq=False)
class Lead:
    """One CRM lead: what was typed, what is true, and what will happen to it."""

    person: Person
    channel: str
    created_at: int
    kind: str = "normal"
    lead_id: str = ""
    capture: str = "form"
    name: tuple[str, str, str] = ("", "", "")  # last, first, full
    email: str = ""  # as written
    email_clean: str = ""  # normalised
    phone: str = ""  # as written: fixed line or mobile
    mobile: str = ""  # as written
    mobile_clean: str = ""  # normalised Chinese mobile, wherever it was written
    shared: frozenset[str] = frozenset()  # which of {"email", "mobile"} identify nobody
    company_name: str = ""
    country: str = "CN"
    lead_source: str | None = None
    web_channel: str = ""  # where the visit came from, when the CRM says something else
    platform: str = ""
    title: object = None
    industry: object = None
    employees: object = None
    changes: list[FieldChange] = field(default_factory=list)
    excluded: bool = False
    verdicts: set[str] = field(default_factory=set)
    merged_into: Lead | None = None
    merged_at: int | None = None
    journey: Journey = field(default_factory=Journey)
    utm: tuple[str, ...] = ("", "", "", "", "")  # source, medium, campaign, term, content
    click_id: str = ""
    contact: Any = None  # deals.Contact, once converted

    @property
    def keys(self) -> list[str]:
        """Return the person keys this record carries (a shared identifier is none)."""
        keys = []
        if self.email_clean and "email" not in self.shared:
            keys.append(f"email:{self.email_clean}")
        if self.mobile_clean and "mobile" not in self.shared:
            keys.append(f"mobile:{self.mobile_clean}")
        return keys

    def _now(self, name: str, value: object) -> object:
        for change in self.changes:
            if change.field == name:
                value = change.new
        return value

    def attributes_now(self) -> tuple[object, object, object]:
        """Return (title, industry, employees) after all changes: the CRM's current values."""
        return (
            self._now("title", self.title),
            self._now("industry", self.industry),
            self._now("employee_count", self.employees),
        )
