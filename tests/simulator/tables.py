"""Rows of every raw table, per delivery period, in the columns and order of the contract."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from tests.simulator import clock, media, staff, web, web_rows
from tests.simulator.dice import Dice
from tests.simulator.engagement import enrichment_rows
from tests.simulator.leads import Lead
from tests.simulator.people import Company
from tests.simulator.sales import Opportunity
from tests.simulator.schema import TABLES
from tests.simulator.state import StateTable
from tests.simulator.vocabulary import PRODUCTS
from tests.simulator.world import World

MONTH_ENDS = [*(clock.at(first) - 1 for first in clock.month_starts()[1:]), clock.END - 1]
QUARTER_ENDS = MONTH_ENDS[2::3]
YEAR_ENDS = MONTH_ENDS[11::12]

Batches = dict[int, list]  # period number -> rows


def extract_date(period_end: int) -> str:
    """Return the folder date of the delivery that closes a period: the local day after it."""
    return clock.local_date(period_end + 1)


def by_time(rows: Iterable[tuple[int, Sequence[Any]]], ends: Sequence[int]) -> Batches:
    """Distribute (instant, row) pairs over periods; the order inside a period is kept."""
    batches: Batches = {}
    for at, row in rows:
        period = bisect_left(ends, at)
        batches.setdefault(min(period, len(ends) - 1), []).append(row)
    return batches


def by_state(
    table: StateTable, ends: Sequence[int], full: Collection[int] = frozenset()
) -> Batches:
    """Distribute the versions of a state table over periods; ``full`` ones carry every object."""
    batches: Batches = {}
    for period, row in table.versions(ends, full):
        batches.setdefault(period, []).append(row)
    return batches


class Tables:
    """Builds the rows of all tables; :meth:`all` yields (table, period ends, batches)."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.seed = seed
        self.dice = Dice(seed, "tables")

    def all(self) -> Iterable[tuple[str, Sequence[int], Batches]]:
        """Yield every table with its rows per delivery period."""
        for table, ends, batches in (
            ("crm_leads", MONTH_ENDS, self._leads),
            ("crm_lead_history", MONTH_ENDS, self._lead_history),
            ("crm_activities", MONTH_ENDS, self._activities),
            ("web_form_submissions", MONTH_ENDS, self._forms),
            ("web_events", MONTH_ENDS, self._web_events),
            ("ad_spend_daily", MONTH_ENDS, self._ad_spend),
            ("crm_opportunities", QUARTER_ENDS, self._opportunities),
            ("crm_opportunity_history", QUARTER_ENDS, self._opportunity_history),
            ("crm_accounts", QUARTER_ENDS, self._accounts),
            ("crm_contacts", QUARTER_ENDS, self._contacts),
            ("crm_opportunity_contact_roles", QUARTER_ENDS, self._roles),
            ("crm_owner_history", QUARTER_ENDS, self._owner_history),
            ("crm_handoffs", QUARTER_ENDS, self._handoffs),
            ("crm_followups", QUARTER_ENDS, self._followups),
            ("crm_merge_log", YEAR_ENDS, self._merges),
            ("crm_users", YEAR_ENDS, self._users),
            ("crm_stage_dictionary_export", YEAR_ENDS, self._stages),
            ("content_assets", YEAR_ENDS, self._assets),
            ("ad_click_map", QUARTER_ENDS, self._clicks),
            ("ad_campaigns", YEAR_ENDS, self._campaigns),
            ("marketing_costs_other", QUARTER_ENDS, self._other_costs),
            ("budgets_targets", YEAR_ENDS, self._targets),
            ("call_center_calls", QUARTER_ENDS, self._calls),
            ("wecom_external_contacts", QUARTER_ENDS, self._wecom),
            ("social_touches", YEAR_ENDS, self._social),
            ("marketing_events", YEAR_ENDS, self._events),
            ("event_attendance", QUARTER_ENDS, self._attendance),
            ("message_sends", QUARTER_ENDS, self._sends),
            ("message_events", QUARTER_ENDS, self._message_events),
            ("sequence_enrollments", QUARTER_ENDS, self._sequences),
            ("consent_events", QUARTER_ENDS, self._consents),
            ("enrichment_company", QUARTER_ENDS, self._enrichment),
            ("contracts", QUARTER_ENDS, self._contracts),
            ("invoices", QUARTER_ENDS, self._invoices),
            ("payments", QUARTER_ENDS, self._payments),
        ):
            yield table, ends, batches(ends)

    # -- CRM ----------------------------------------------------------------------------------

    def _leads(self, ends: Sequence[int]) -> Batches:
        table = StateTable((*TABLES["crm_leads"], "_is_deleted"), stamp="updated_at")
        for lead in self.world.enquiries.leads:
            table.put(lead.lead_id, lead.created_at, **self._new_lead(lead))
            for change in lead.changes:
                table.put(lead.lead_id, change.at, **{change.field: change.new})
            for at, values in self.world.sales.lead_changes[lead]:
                table.put(lead.lead_id, at, **_converted(values))
            if lead.merged_at:
                gone = clock.crm_time(lead.merged_at + self.dice.between(2, 40) * clock.DAY)
                table.put(lead.lead_id, gone, _is_deleted=True)
        return by_state(table, ends, full={11})

    def _new_lead(self, lead: Lead) -> dict[str, Any]:
        dice, company = self.dice, lead.person.company
        last, first, full = lead.name
        source, medium, campaign, term, content = lead.utm
        return {
            "lead_id": lead.lead_id, "created_at": lead.created_at, "status": "新线索",
            "owner_id": staff.MARKETING, "first_name": first, "last_name": last,
            "full_name": full, "email": lead.email, "phone": lead.phone,
            "mobile_phone": lead.mobile, "company_name": lead.company_name,
            "title": lead.title, "industry": lead.industry, "employee_count": lead.employees,
            "country": lead.country, "state": company.province, "city": company.city,
            "website": f"https://www.{company.domain}" if dice.chance(0.3) else "",
            "lead_source": lead.lead_source,
            "lead_source_detail": dice.pick(("", "", "首页", "移动端")),
            "utm_source": source, "utm_medium": medium, "utm_campaign": campaign,
            "utm_term": term, "utm_content": content, "click_id": lead.click_id,
            "click_id_type": media.CLICK_ID_OF_PLATFORM.get(lead.platform, "")
            if lead.click_id else "",
            "has_opted_out_of_email": False, "do_not_call": dice.chance(0.01),
            "product_interest": dice.pick(("", "", *PRODUCTS)),
            "budget_status": dice.pick(("", "", "yes", "no", "unknown")),
            "timeline": dice.pick(("", "3个月内", "半年内", "later")),
            "description": self._description(lead), "_is_deleted": False,
        }  # fmt: skip

    def _description(self, lead: Lead) -> str:
        if self.dice.chance(0.03):
            return f'客户留言：\n"请尽快联系"，预算待定\n来源：{lead.channel}'
        return ""

    def _lead_history(self, ends: Sequence[int]) -> Batches:
        rows = []
        for lead in self.world.enquiries.leads:
            changes = list(self.world.sales.status_changes[lead])
            changes += [
                (c.at, c.field, c.old, c.new, staff.RULE_USER, "enrichment") for c in lead.changes
            ]
            changes.sort(key=lambda change: change[0])
            for seq, (at, field, old, new, by, source) in enumerate(changes, start=1):
                rows.append((at, [lead.lead_id, field, seq, old, new, at, by, source]))
        rows.sort(key=lambda pair: pair[0])
        return by_time(rows, ends)

    def _activities(self, ends: Sequence[int]) -> Batches:
        planned = sorted(
            self.world.sales.activities,
            key=lambda a: (a.at, a.lead.lead_id, a.kind, a.actor, a.recorded_at),
        )
        rows = [
            (a.at, [
                f"ACT{number:07d}", a.kind, a.direction, a.lead.lead_id,
                a.opportunity.contact.contact_id if a.opportunity else "",
                a.opportunity.opportunity_id if a.opportunity else "",
                a.opportunity.company.account_id if a.opportunity else "",
                a.actor, a.automated, a.at, a.recorded_at, a.duration, a.outcome,
                "busy" if a.outcome == "no_answer" else "", a.connected, a.subject, "",
            ])
            for number, a in enumerate(planned, start=1)
        ]  # fmt: skip
        return by_time(rows, ends)

    def _owner_history(self, ends: Sequence[int]) -> Batches:
        planned = sorted(
            (at, lead.lead_id, old, new, by, source)
            for lead, at, old, new, by, source in self.world.sales.owner_changes
        )
        return by_time(
            (
                (at, ["lead", lead_id, at, old, new, "", "", by, source])
                for at, lead_id, old, new, by, source in planned
            ),
            ends,
        )

    def _handoffs(self, ends: Sequence[int]) -> Batches:
        planned = sorted(self.world.sales.handoffs, key=lambda h: (h.offered_at, h.lead.lead_id))
        rows = [
            (h.offered_at, [
                f"H{number:06d}", h.lead.lead_id, h.offered_at, h.sdr, staff.team_of(h.sdr), h.ae,
                staff.team_of(h.ae), h.decision, h.decided_at, h.reason, h.note, h.returned_at,
            ])
            for number, h in enumerate(planned, start=1)
        ]  # fmt: skip
        return by_time(rows, ends)

    def _followups(self, ends: Sequence[int]) -> Batches:
        planned = sorted(
            (at, lead.lead_id, cells) for lead, at, cells in self.world.sales.followups
        )
        return by_time(
            (
                (at, [f"FU{number:06d}", lead_id, "", *cells])
                for number, (at, lead_id, cells) in enumerate(planned, start=1)
            ),
            ends,
        )

    def _merges(self, ends: Sequence[int]) -> Batches:
        rows = [
            (x.merged_at, ["lead", x.merged_into.lead_id, x.lead_id, x.merged_at, staff.MARKETING,
                           "manual"])
            for x in self.world.enquiries.leads if x.merged_into and x.merged_at
        ]  # fmt: skip
        return by_time(sorted(rows, key=lambda pair: (pair[0], pair[1][2])), ends)

    def _users(self, ends: Sequence[int]) -> Batches:
        return by_state(staff.users_table(TABLES["crm_users"]), ends)

    def _stages(self, _ends: Sequence[int]) -> Batches:
        labels = (
            ("需求确认", 10), ("方案报价", 40), ("商务谈判", 70), ("赢单", 100), ("输单", 0),
        )  # fmt: skip
        rows = [
            ["opportunity", f"S{n}", label, n, p, p in (0, 100), False, clock.START]
            for n, (label, p) in enumerate(labels, start=1)
        ]
        return {0: rows}

    # -- sales --------------------------------------------------------------------------------

    def _opportunities(self, ends: Sequence[int]) -> Batches:
        table = StateTable(TABLES["crm_opportunities"])
        for o in self.world.deals.opportunities:
            due = clock.local_date(o.created_at + 60 * clock.DAY)
            table.put(
                o.opportunity_id, o.created_at, opportunity_id=o.opportunity_id,
                account_id=o.company.account_id, primary_contact_id=o.contact.contact_id,
                lead_id=o.lead.lead_id if o.lead else "", name=f"{o.company.core_name}-{o.kind}",
                type=o.kind, stage=o.stages[0][1], amount=o.amount, currency=o.currency,
                probability=10, forecast_category="pipeline", created_at=o.created_at,
                expected_close_date=due, is_closed=False, is_won=False, competitor=o.competitor,
                campaign_id=o.lead.utm[2] if o.lead else "", owner_id=o.owner,
                is_tender=o.is_tender,
            )  # fmt: skip
            for at, stage in o.stages[1:]:
                table.put(o.opportunity_id, at, stage=stage, probability=60)
            if o.closed_at:
                table.put(
                    o.opportunity_id, o.closed_at, closed_at=o.closed_at, is_closed=True,
                    is_won=o.is_won, lost_reason=o.lost_reason,
                    probability=100 if o.is_won else 0, forecast_category="closed",
                )  # fmt: skip
        return by_state(table, ends, full={3})

    def _opportunity_history(self, ends: Sequence[int]) -> Batches:
        rows = []
        for o in self.world.deals.opportunities:
            before = ""
            for seq, (at, stage) in enumerate(o.stages, start=1):
                rows.append(
                    (at, [o.opportunity_id, "stage", seq, before, stage, at, o.owner, "manual"])
                )
                before = stage
        return by_time(sorted(rows, key=lambda pair: (pair[0], pair[1][0], pair[1][2])), ends)

    def _accounts(self, ends: Sequence[int]) -> Batches:
        table = StateTable(TABLES["crm_accounts"])
        won = {o.company: o.closed_at for o in self.world.deals.opportunities if o.is_won}
        for company, created in self.world.deals.accounts.items():
            table.put(
                company.account_id, created, account_id=company.account_id,
                name=company.legal_name, domain=company.domain,
                website=f"https://www.{company.domain}",
                unified_credit_code=company.credit_code, industry=company.industry,
                employee_count=company.employees, annual_revenue=company.employees * 52_000_000,
                owner_id=staff.AES[company.number % len(staff.AES)],
                tier="KA" if company.employees >= 1000 else "", type="prospect",
                billing_country=company.country, created_at=created,
            )  # fmt: skip
            if company in won:
                table.put(company.account_id, won[company], type="customer")
            if company.number % 40 == 0:
                self._branch(table, company, created)
        return by_state(table, ends)

    def _branch(self, table: StateTable, company: Company, created: int) -> None:
        """Enter a branch office as an account of its own below its head office."""
        city = "深圳" if company.city != "深圳" else "成都"
        branch_id = f"{company.account_id}-B"
        table.put(
            branch_id, min(created + 30 * clock.DAY, clock.END - 1), account_id=branch_id,
            name=f"{company.legal_name}{city}分公司", parent_id=company.account_id,
            industry=company.industry, owner_id=staff.AES[0], type="prospect",
            billing_country="CN", created_at=min(created + 30 * clock.DAY, clock.END - 1),
        )  # fmt: skip

    def _contacts(self, ends: Sequence[int]) -> Batches:
        table = StateTable(TABLES["crm_contacts"])
        for c in self.world.deals.contacts:
            person, company = c.person, c.person.company
            table.put(
                c.contact_id, c.created_at, contact_id=c.contact_id,
                account_id=company.account_id, first_name=person.first_name,
                last_name=person.last_name, full_name=person.full_name, email=c.email,
                phone=c.phone, mobile_phone=c.mobile, company_name=company.legal_name,
                title=c.role, country=company.country, state=company.province,
                city=company.city, created_at=c.created_at, owner_id=c.owner,
                role_title=c.role, is_primary=False, opted_out=False, do_not_call=False,
            )  # fmt: skip
        return by_state(table, ends)

    def _roles(self, ends: Sequence[int]) -> Batches:
        rows = sorted(
            (at, o.opportunity_id, c.contact_id, role, primary)
            for o, c, role, primary, at in self.world.deals.roles
        )
        return by_time(
            (
                (at, [f"OCR{n:06d}", opportunity, contact, role, primary, at])
                for n, (at, opportunity, contact, role, primary) in enumerate(rows, start=1)
            ),
            ends,
        )

    # -- web ----------------------------------------------------------------------------------

    def _forms(self, ends: Sequence[int]) -> Batches:
        return by_time(web_rows.form_rows(self.world.website), ends)

    def _web_events(self, ends: Sequence[int]) -> Batches:
        events = self.world.website.events
        cuts = [0, *np.searchsorted(events.at, np.array(ends), side="right").tolist()]
        cuts[-1] = len(events)
        return {
            period: web_rows.event_rows(self.world.website, cuts[period], cuts[period + 1])
            for period in range(len(ends))
            if cuts[period] < cuts[period + 1]
        }

    def _assets(self, _ends: Sequence[int]) -> Batches:
        rows = []
        for n, asset in enumerate((*web.CASE_ASSETS, *web.PAPER_ASSETS), start=1):
            case = asset.startswith("CASE")
            rows.append(
                [asset, f"{'客户案例' if case else '白皮书'}{n}", "case" if case else "whitepaper",
                 '["B2B"]', "营销自动化", "制造业" if n % 2 else "", "4" if case else "2",
                 "proof" if case else "demand", "", clock.START - n * clock.DAY,
                 f"/case/{asset}" if case else f"/whitepaper/{asset}", 800_000 + n * 1000, "内容"]
            )  # fmt: skip
        return {0: rows}

    # -- advertising --------------------------------------------------------------------------

    def _ad_spend(self, ends: Sequence[int]) -> Batches:
        """Reports as first delivered; what was restated comes again two months later."""
        original = {id(now): first for first, now in self.world.media.restated}
        rows = [
            (clock.at(date.fromisoformat(row[2])), original.get(id(row), row))
            for row in self.world.media.spend
        ]
        batches = by_time(rows, ends)
        for before, now in self.world.media.restated:
            period = int(np.searchsorted(ends, clock.at(date.fromisoformat(now[2])))) + 2
            batches[period].append(now)
            self.world.planted.note(
                "restated_spend", date=now[2], keyword_id=now[5], device=now[7],
                was=before[10], now=now[10],
            )  # fmt: skip
        return batches

    def _clicks(self, ends: Sequence[int]) -> Batches:
        return by_time(((row[2], row) for row in self.world.website.click_rows()), ends)

    def _campaigns(self, ends: Sequence[int]) -> Batches:
        return by_time(((row[7], row) for row in media.campaign_versions()), ends)

    def _other_costs(self, ends: Sequence[int]) -> Batches:
        rows = [
            (clock.at(c["last"]), [
                c["cost_id"], c["first"].isoformat(), c["last"].isoformat(), c["channel"], "",
                c.get("event_id", ""), "", c["cost_type"], c["amount"], c["currency"],
                c["paid_at"], "by_days",
            ])
            for c in self.world.media.other_costs
        ]  # fmt: skip
        return by_time(rows, ends)

    def _targets(self, ends: Sequence[int]) -> Batches:
        rows = []
        for n, first in enumerate(clock.month_starts()):
            for metric, value in (("leads", 11_000 + 200 * n), ("mql", 5000 + 90 * n)):
                rows.append(
                    (clock.at(first), [metric, first.isoformat()[:7], "all", "v1", value, "U001",
                                       clock.at(first - timedelta(days=10))])
                )  # fmt: skip
        return by_time(rows, ends)

    # -- engagement ---------------------------------------------------------------------------

    def _calls(self, ends: Sequence[int]) -> Batches:
        return by_time(((row[5], row) for row in self.world.engagement.calls), ends)

    def _wecom(self, ends: Sequence[int]) -> Batches:
        return by_time(((row[13], row) for row in self.world.engagement.wecom), ends)

    def _social(self, ends: Sequence[int]) -> Batches:
        rows = sorted(self.world.engagement.social, key=lambda row: (row[5], row[1], row[3]))
        return by_time(((row[5], row) for row in rows), ends)

    def _events(self, ends: Sequence[int]) -> Batches:
        rows = [
            (e.start, [e.event_id, e.name, e.kind, e.start, e.end, e.city, 120, "",
                       e.kind == "summit", "活动"])
            for e in self.world.engagement.events
        ]  # fmt: skip
        return by_time(rows, ends)

    def _attendance(self, ends: Sequence[int]) -> Batches:
        start = {e.event_id: e.start for e in self.world.engagement.events}
        rows = sorted(
            ((max(start[row[0]], row[2]), row) for row in self.world.engagement.attendance),
            key=lambda pair: (pair[0], pair[1][1]),
        )
        return by_time(rows, ends)

    def _sends(self, ends: Sequence[int]) -> Batches:
        return by_time(((row[8], row) for row in self.world.engagement.sends), ends)

    def _message_events(self, ends: Sequence[int]) -> Batches:
        return by_time(((row[3], row) for row in self.world.engagement.message_events), ends)

    def _sequences(self, ends: Sequence[int]) -> Batches:
        rows = []
        for lead in self.world.enquiries.leads:
            for visit in lead.journey.visits:
                if visit.stage == "recycled" and lead.email_clean and self.dice.chance(0.5):
                    leaves = visit.entered_at + self.dice.between(20, 90) * clock.DAY
                    rows.append(
                        (visit.entered_at, ["SEQ-nurture", "email", lead.email_clean,
                         visit.entered_at, leaves if leaves < clock.END else None,
                         "finished" if leaves < clock.END else ""])
                    )  # fmt: skip
        return by_time(sorted(rows, key=lambda pair: (pair[0], pair[1][2])), ends)

    def _consents(self, ends: Sequence[int]) -> Batches:
        return by_time(((row[6], row) for row in self.world.engagement.consents), ends)

    def _enrichment(self, ends: Sequence[int]) -> Batches:
        rows = enrichment_rows(self.seed, self.world.enquiries.leads)
        return by_time(((row[2], row) for row in rows), ends)

    # -- finance ------------------------------------------------------------------------------

    def _contracts(self, ends: Sequence[int]) -> Batches:
        table = StateTable(TABLES["contracts"])
        for c in self.world.deals.contracts:
            first, last = self.world.deals.signed_date(c)
            table.put(
                c.contract_id, c.signed_at, contract_id=c.contract_id,
                account_id=c.company.account_id,
                opportunity_id=c.opportunity.opportunity_id if c.opportunity else "",
                type=c.kind, signed_at=c.signed_at, start_date=first, end_date=last, tcv=c.tcv,
                arr=c.tcv // c.years, currency=c.currency, auto_renew=c.years == 1,
                notice_days=30, channel=c.channel,
                partner_id="PT-01" if c.channel == "partner" else "",
                product_lines='["营销自动化"]',
            )  # fmt: skip
        return by_state(table, ends)

    def _invoices(self, ends: Sequence[int]) -> Batches:
        table = StateTable(TABLES["invoices"])
        for i in self.world.deals.invoices:
            table.put(
                i.invoice_id, i.issued_at, invoice_id=i.invoice_id,
                contract_id=i.contract.contract_id, issued_at=i.issued_at,
                due_at=i.issued_at + 30 * clock.DAY, amount=i.amount,
                tax=(i.amount * 6 + 53) // 106, currency=i.contract.currency, status="issued",
            )  # fmt: skip
            if i.paid_at:
                table.put(i.invoice_id, i.paid_at, status="paid")
        return by_state(table, ends)

    def _payments(self, ends: Sequence[int]) -> Batches:
        rows = []
        for p in self.world.deals.payments:
            invoice = p.invoice.invoice_id if p.invoice and p.names_invoice else ""
            rows.append(
                (p.received_at, [p.payment_id, invoice, p.contract.contract_id, p.received_at,
                 p.amount, p.contract.currency, "bank_transfer", f"BK{p.payment_id[3:]}"])
            )  # fmt: skip
        return by_time(rows, ends)


def _converted(values: dict[str, Any]) -> dict[str, Any]:
    """Return the changed values of a lead, with the ids of what it was converted into."""
    opportunity = values.get("converted_opportunity_id")
    if not isinstance(opportunity, Opportunity):
        return values
    return values | {
        "converted_opportunity_id": opportunity.opportunity_id,
        "converted_account_id": opportunity.company.account_id,
        "converted_contact_id": opportunity.contact.contact_id,
    }
