"""What a predicate is of a lead at an instant, worked out by hand from the delivered rows.

Looks at one lead and one instant at a time, walks every row there is, and knows nothing of periods.
People and cleaning verdicts are the planted ones of tests/truth, so that nothing here rests on the
identity graph or the cleaning rules.
"""

import csv
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers

from tests.pipeline.warehouse import ROOT, Warehouse

# What a lead is created with; anything else counts only since the version that says it.
_WITH_CREATION = {
    "company_name",
    "email",
    "mobile_phone",
    "phone",
    "title",
    "industry",
    "employee_count",
}
_ASKED_LATER = {
    "product_interest",
    "pain_point",
    "budget_status",
    "timeline",
    "decision_process",
}
_SOON = {"1个月", "1个月内", "3个月", "3个月内", "半年", "半年内"}
_BUDGET = {"yes": True, "有": True, "no": False, "无": False}


def _reference(name: str, column: str) -> set[str]:
    for folder in ("rules", "reference"):
        path = ROOT / "seeds" / folder / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                return {row[column] for row in csv.DictReader(file)}
    raise FileNotFoundError(name)


@dataclass
class Lead:
    """One lead with everything delivered about it, unsorted."""

    created_at: datetime
    versions: list[tuple]
    changes: list[tuple]


class Oracle:
    """All delivered rows of the demonstration, by lead and by planted person."""

    def __init__(
        self,
        warehouse: Warehouse,
        group_of: dict[tuple[str, str], str],
        rules_of: dict[str, set[str]],
    ) -> None:
        self.group_of, self.rules_of = group_of, rules_of
        self.free = _reference("free_mail_domain", "domain")
        self.disposable = _reference("disposable_mail_domain", "domain")
        self.own = _reference("own_domain", "email_domain")
        self.industries = _reference("target_industry", "industry")
        self.leads = self._leads(warehouse)
        self.whitepapers, self.webinars = defaultdict(list), defaultdict(list)
        for form, at in warehouse.rows(
            "select distinct submission_id, submitted_at from staging.stg_web__form_submissions"
            " where form_kind = 'whitepaper'"
        ):
            self.whitepapers[group_of["web_form_submissions", form]].append(at)
        for record, start, check_in, minutes in warehouse.rows(
            """
            select distinct attendance.event_id || '|' || registrant_id, start_at, check_in_at,
                attended_minutes
            from staging.stg_engagement__event_attendance as attendance
            inner join staging.stg_engagement__marketing_events using (event_id)
            where kind = 'webinar'
            """
        ):
            if check_in or (minutes or 0) > 0:
                self.webinars[group_of["event_attendance", record]].append(check_in or start)

    @staticmethod
    def _leads(warehouse: Warehouse) -> dict[str, Lead]:
        fields = sorted(_WITH_CREATION | _ASKED_LATER)
        leads: dict[str, Lead] = {}
        rows = warehouse.rows(
            "select lead_id, created_at, coalesce(updated_at, _extracted_at), _extracted_at,"
            f" _is_deleted, {', '.join(fields)} from staging.stg_crm__leads"
        )
        for lead_id, created_at, said_at, extracted_at, is_deleted, *values in rows:
            lead = leads.setdefault(lead_id, Lead(created_at, [], []))
            cells = dict(zip(fields, values, strict=True))
            lead.versions.append((said_at, extracted_at, is_deleted, cells))
        for lead_id, *change in warehouse.rows(
            "select distinct lead_id, changed_at, seq, field, old_value, new_value, change_source"
            " from staging.stg_crm__lead_history"
        ):
            leads[lead_id].changes.append(tuple(change))
        for lead in leads.values():
            alive = [version for version in lead.versions if not version[2]]
            lead.versions = sorted(alive or lead.versions, key=lambda version: version[:2])
            lead.changes.sort(key=lambda change: change[:2])
        return leads

    def field(self, lead: Lead, name: str, at: datetime) -> object:
        """The value of a field at an instant; None for empty or not yet said."""
        changes = [change for change in lead.changes if change[2] == name]
        if changes:
            before = [change for change in changes if change[0] <= at]
            return before[-1][4] if before else changes[0][3]
        said = [version for version in lead.versions if version[0] <= at]
        if said:
            return said[-1][3][name]
        return lead.versions[0][3][name] if name in _WITH_CREATION else None

    def predicates(self, lead_id: str, at: datetime) -> dict[str, bool | None]:
        """Each predicate at an instant after the lead's creation: true, false, or None."""
        lead = self.leads[lead_id]

        def value(name: str) -> object:
            return self.field(lead, name, at)

        timeline, budget = value("timeline"), value("budget_status")
        size, industry = value("employee_count"), value("industry")
        group = self.group_of["crm_leads", lead_id]
        return {
            "company": value("company_name") is not None,
            "title": value("title") is not None,
            "size": size is not None,
            "enterprise_email": self._is_enterprise(value("email")),
            "mobile": self._is_mobile(value("mobile_phone")) or self._is_mobile(value("phone")),
            "not_test": "test_lead" not in self.rules_of[lead_id],
            "not_competitor": "competitor_lead" not in self.rules_of[lead_id],
            "whitepaper": any(done <= at for done in self.whitepapers[group]),
            "webinar_attended": any(done <= at for done in self.webinars[group]),
            "icp_industry": None if industry is None else industry in self.industries,
            "icp_size": None if size is None else int(size) >= 200,
            "manual_mark": self._is_marked(lead, at),
            "desire": True if value("product_interest") else None,
            "need": True if value("pain_point") else None,
            "decision_process": True if value("decision_process") else None,
            "budget": _BUDGET.get(budget),
            "timeline": None if timeline in (None, "unknown") else True,
            "timing": True if timeline in _SOON else False if timeline == "later" else None,
        }

    @staticmethod
    def _is_marked(lead: Lead, at: datetime) -> bool:
        """Any of the status changes of the last instant that has some was an MQL set by hand."""
        before = [change for change in lead.changes if change[2] == "status" and change[0] <= at]
        return any(
            change[0] == before[-1][0] and change[4].upper() == "MQL" and change[5] == "manual"
            for change in before
        )

    def _is_enterprise(self, email: str | None) -> bool:
        name, _, domain = unicodedata.normalize("NFKC", email or "").strip().lower().rpartition("@")
        parts = domain.split(".")
        above = {".".join(parts[n:]) for n in range(len(parts))}
        is_mail = bool(name) and "@" not in name and len(parts) > 1 and all(parts)
        return is_mail and domain not in self.free | self.own and not above & self.disposable

    @staticmethod
    def _is_mobile(phone: str | None) -> bool:
        try:
            number = phonenumbers.parse(unicodedata.normalize("NFKC", phone or ""), "CN")
        except phonenumbers.NumberParseException:
            return False
        if not phonenumbers.is_valid_number(number):
            return False
        kind = phonenumbers.number_type(number)
        return number.country_code != 86 or kind == phonenumbers.PhoneNumberType.MOBILE

    def instants(self, lead_id: str) -> list[datetime]:
        """Where something may change: every dated row of the lead, and a microsecond before it."""
        lead = self.leads[lead_id]
        group = self.group_of["crm_leads", lead_id]
        dated = [version[0] for version in lead.versions] + [change[0] for change in lead.changes]
        dated += self.whitepapers[group] + self.webinars[group] + [lead.created_at]
        moments = {moment for at in dated for moment in (at, at - timedelta(microseconds=1))}
        return sorted(moment for moment in moments if moment >= lead.created_at)
