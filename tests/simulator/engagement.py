"""Contacts outside web site and CRM: calls, WeCom, events, messages, consent, enrichment."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from tests.simulator import clock, phones, staff
from tests.simulator.dice import Dice, generator
from tests.simulator.enquiries import Enquiries
from tests.simulator.leads import Lead
from tests.simulator.media import Media
from tests.simulator.people import Company, Person, mail_as_written
from tests.simulator.planted import Planted
from tests.simulator.web import Website

DAY, HOUR = clock.DAY, clock.HOUR


@dataclass(slots=True, eq=False)
class Record:
    """One row that speaks of a person, for the identity truth."""

    table: str
    record_id: str
    person: Person | None
    keys: list[str]
    name: str = ""


@dataclass(slots=True, eq=False)
class MarketingEvent:
    """A webinar or a meeting on site."""

    event_id: str
    name: str
    kind: str
    start: int
    end: int
    city: str
    guests: set[str] = field(default_factory=set)


class Engagement:
    """Rows of the engagement tables, in the order of the contract, with their identity records."""

    def __init__(self, seed: int, enquiries: Enquiries, website: Website, planted: Planted) -> None:
        self.dice = Dice(seed, "engagement")
        self.enquiries = enquiries
        self.planted = planted
        self.records: list[Record] = []
        self.calls: list[list] = []
        self.wecom: list[list] = []
        self.attendance: list[list] = []
        self.social: list[list] = []
        self.events = _marketing_events(self.dice)
        self._plan_calls()
        self._plan_wecom()
        self._plan_attendance()
        self._plan_social()
        self._plan_messages(generator(seed, "messages"))
        self._plan_consent(website)

    # -- the 400 line -------------------------------------------------------------------------

    def _plan_calls(self) -> None:
        dice = self.dice
        calls: list[tuple] = []  # (at, ani, mobile key, person, lead, answered)
        for lead in self.enquiries.leads:
            key = "" if "mobile" in lead.shared else lead.mobile_clean
            if lead.capture == "call":
                at = lead.created_at - dice.between(90, 600)
                calls.append((at, lead.mobile_clean, key, lead.person, lead, True))
                if dice.chance(0.05):
                    calls.append((at - 300, lead.mobile_clean, key, lead.person, None, False))
            elif key and not lead.excluded and dice.chance(0.1):
                at = lead.created_at + int(dice.exponential(20 * DAY))
                calls.append((at, key, key, lead.person, lead, dice.chance(0.85)))
        for _ in range(max(10, len(self.enquiries.leads) // 9)):
            at = self.enquiries.instant()
            kind = dice.uniform()
            if kind < 0.35:
                ani, key = phones.new_mobile(dice, self.enquiries.population.mobiles), ""
                key = ani
            elif kind < 0.75:
                company = dice.pick(self.enquiries.population.companies)
                ani, key = company.switchboard.replace("-", ""), ""
            else:
                ani, key = "anonymous", ""
            calls.append((at, ani, key, None, None, dice.chance(0.6)))
        calls = [call for call in calls if clock.START <= call[0] < clock.END]
        calls.sort(key=lambda call: (call[0], call[1]))
        for number, (at, ani, key, person, lead, answered) in enumerate(calls, start=1):
            self._add_call(number, at - at % 60, ani, key, person, lead, answered)

    def _add_call(
        self, number: int, at: int, ani: str, key: str, person: Person | None, lead: Lead | None,
        answered: bool,
    ) -> None:  # fmt: skip
        dice = self.dice
        call_id = f"CALL{number:06d}"
        seconds = dice.between(1, 9) * 60
        text = f"+86{ani}" if key and dice.chance(0.1) else ani
        self.calls.append(
            [call_id, "4008001234", "inbound", text, "4008001234", at, at if answered else None,
             at + (seconds if answered else 60), dice.pick(staff.SDRS) if answered else "",
             "售前", "1>2" if dice.chance(0.7) else "1", "answered" if answered else "abandoned",
             f"rec/{call_id}.wav" if answered else "", lead.lead_id if lead else "",
             dice.pick(("", "", "4008001235"))]
        )  # fmt: skip
        self.records.append(
            Record("call_center_calls", call_id, person, [f"mobile:{key}"] if key else [])
        )

    # -- WeCom --------------------------------------------------------------------------------

    def _plan_wecom(self) -> None:
        dice = self.dice
        rows: list[tuple] = []
        done: set[Person] = set()
        for lead in self.enquiries.leads:
            person = lead.person
            if person in done or lead.excluded:
                continue
            if lead.capture == "wecom":
                at = lead.created_at - dice.between(30, 400)
            elif dice.chance(0.11) and lead.mobile_clean:
                at = lead.created_at + int(dice.exponential(12 * DAY)) + HOUR
            else:
                continue
            done.add(person)
            mobile = "" if "mobile" in lead.shared else lead.mobile_clean
            rows.extend(self._relation(lead, at, mobile if dice.chance(0.85) else ""))
        rows = [row for row in rows if clock.START <= row[0] < clock.END]
        rows.sort(key=lambda row: (row[0], row[1].person.number, row[2], row[3]))
        for at, lead, user, event, mobile, created, unionid, via in rows:
            self._add_wecom(at, lead, user, event, mobile, created, unionid, via)

    def _relation(self, lead: Lead, at: int, mobile: str) -> list[tuple]:
        dice = self.dice
        unionid = lead.person.unionid if dice.chance(0.7) else ""
        via = dice.pick(("qr_booth", "qr_web", "qr_gzh", "sdr_card"))
        user = dice.pick(staff.SDRS)
        rows = [(at, lead, user, "add", mobile, at, unionid, via)]
        if dice.chance(0.15):
            rows.append(
                (at + dice.between(600, 5 * DAY), lead, user, "edit", mobile, at, unionid, via)
            )
        if dice.chance(0.1):
            second = at + dice.between(1, 60) * DAY
            rows.append((second, lead, dice.pick(staff.AES), "add", "", second, unionid, via))
        if dice.chance(0.08):
            gone = at + dice.between(6, 200) * DAY
            rows.append((gone, lead, user, "del_by_customer", mobile, at, unionid, via))
        return rows

    def _add_wecom(
        self, at: int, lead: Lead, user: str, event: str, mobile: str, created: int, unionid: str,
        via: str,
    ) -> None:  # fmt: skip
        person = lead.person
        remark = f"{lead.name[2]}-{person.company.core_name}"
        self.wecom.append(
            [person.external_userid, unionid, user, lead.name[2], "", lead.title or "", remark,
             f'["{mobile}"]' if mobile else "", "1", via, '["潜客"]', created, event, at]
        )  # fmt: skip
        keys = [f"external_userid:{person.external_userid}"]
        if unionid:
            keys.append(f"unionid:{unionid}")
        if mobile:
            keys.append(f"mobile:{mobile}")
        record_id = f"{person.external_userid}|{user}|{clock.iso_utc(at)}"
        self.records.append(
            Record("wecom_external_contacts", record_id, person, keys, lead.name[2])
        )

    # -- events -------------------------------------------------------------------------------

    def _plan_attendance(self) -> None:
        dice = self.dice
        starts = {
            online: [e for e in self.events if (e.kind == "webinar") is online]
            for online in (True, False)
        }
        for lead in self.enquiries.leads:
            if lead.capture == "event":
                self._attend(self._last_before(starts[False], lead.created_at), lead)
            elif lead.channel == "webinar":
                self._attend(self._next_after(starts[True], lead.created_at), lead)
            elif not lead.excluded and lead.keys and dice.chance(0.06):
                self._attend(self._next_after(self.events, lead.created_at), lead)
        for event in self.events:
            for _ in range(dice.between(3, 9)):
                self._attend(event, None)

    @staticmethod
    def _last_before(events: list[MarketingEvent], at: int) -> MarketingEvent | None:
        position = bisect_right([e.start for e in events], at)
        return events[position - 1] if position else None

    @staticmethod
    def _next_after(events: list[MarketingEvent], at: int) -> MarketingEvent | None:
        position = bisect_right([e.start for e in events], at)
        return events[position] if position < len(events) else None

    def _attend(self, event: MarketingEvent | None, lead: Lead | None) -> None:
        dice = self.dice
        if event is None:
            return
        if lead:
            person, keys, name = lead.person, lead.keys, lead.name[2]
            email = mail_as_written(dice, lead.email_clean) if lead.email_clean else ""
            phone = phones.written(dice, lead.mobile_clean) if lead.mobile_clean else ""
            company, title = lead.company_name, lead.title or ""
        else:
            person = self.enquiries.population.add_person()
            keys = [f"email:{person.email}", f"mobile:{person.mobile}"]
            name, email, phone = person.full_name, person.email, phones.written(dice, person.mobile)
            company, title = person.company.legal_name, person.title
        on_site = event.kind != "webinar"
        came = dice.chance(0.85 if on_site else 0.6) or (
            lead is not None and lead.capture == "event"
        )
        if lead and lead.created_at < event.start:
            registered = lead.created_at + dice.between(5, 300)
        else:
            registered = event.start - dice.between(1, 12 * DAY)
        check_in = event.start + dice.between(-1200, 2400) if came else None
        registrant = f"R{len(self.attendance) + 1:06d}"
        self.attendance.append(
            [event.event_id, registrant, registered, dice.pick(("", "", *staff.SDRS)), email, phone,
             name, company, title, check_in,
             dice.between(6, (event.end - event.start) // 60) if came else None,
             "请问报价\n有私有化部署吗？" if dice.chance(0.04) else "", "", not came,
             "huodongxing" if not on_site else "", "webinar" if not on_site else "", "", "", ""]
        )  # fmt: skip
        self.records.append(
            Record("event_attendance", f"{event.event_id}|{registrant}", person, keys, name)
        )

    # -- followers ----------------------------------------------------------------------------

    def _plan_social(self) -> None:
        dice = self.dice
        for lead in self.enquiries.leads:
            if lead.channel not in ("wechat_social", "wecom") and not dice.chance(0.06):
                continue
            openid = f"o{dice.between(0, 16**10 - 1):010x}"
            at = lead.created_at - dice.between(0, 20 * DAY)
            for action in ("follow", "read", "menu")[: dice.between(1, 3)]:
                if clock.START <= at < clock.END:
                    self.social.append(
                        ["公众号", openid, lead.person.unionid if dice.chance(0.5) else "", action,
                         f"GZH-{dice.between(1, 60):03d}" if action == "read" else "", at, "qr", ""]
                    )  # fmt: skip
                at += dice.between(100, 9 * DAY)

    # -- messages -----------------------------------------------------------------------------

    def _plan_messages(self, rng: np.random.Generator) -> None:
        """Monthly newsletters to everybody with an address, drawn in bulk."""
        leads = [x for x in self.enquiries.leads if x.email_clean and "email" not in x.shared]
        created = np.array([lead.created_at for lead in leads], dtype=np.int64)
        sends: list[tuple] = []
        for month, first in enumerate(clock.month_starts()):
            at = clock.at(first + timedelta(days=9), 10)
            chosen = np.flatnonzero((created < at) & (rng.random(len(leads)) < 0.35))
            sends.extend((at + p % 3600, p, month) for p in chosen.tolist())
        self.sends = [
            [f"M{n:07d}", "email", "email", leads[p].email_clean, f"EDM-{m + 1:02d}", "", "",
             "A" if n % 2 else "B", at, "marketing"]
            for n, (at, p, m) in enumerate(sends, start=1)
        ]  # fmt: skip
        self.unsubscribed: dict[str, int] = {}
        self.message_events = self._reactions(rng)

    def _reactions(self, rng: np.random.Generator) -> list[list]:
        dice = rng.random((len(self.sends), 4)).tolist()
        delay = rng.exponential(9 * HOUR, len(self.sends)).astype(np.int64).tolist()
        rows: list[list] = []
        for send, (bounce, opened, clicked, left), wait in zip(
            self.sends, dice, delay, strict=True
        ):
            send_id, at, address = send[0], send[8], send[3]
            if bounce < 0.025:
                rows.append(
                    [
                        send_id,
                        "bounce_hard" if bounce < 0.01 else "bounce_soft",
                        at + 5,
                        "",
                        "",
                        True,
                    ]
                )
                continue
            rows.append([send_id, "delivered", at + 8, "", "", True])
            if opened < 0.28:
                machine = opened < 0.05
                opened_at = at + 12 if machine else at + 60 + wait
                rows.append([send_id, "open", opened_at, "", "", machine])
                if clicked < 0.2 and not machine:
                    url = "https://www.xinghesoft.com/whitepaper?utm_source=edm&utm_medium=email"
                    rows.append([send_id, "click", opened_at + 30, url, "Mozilla/5.0", False])
                if left < 0.012:
                    rows.append([send_id, "unsubscribe", opened_at + 45, "", "", False])
                    self.unsubscribed.setdefault(address, opened_at + 45)
        rows = [row for row in rows if row[2] < clock.END]
        rows.sort(key=lambda row: (row[2], row[0], row[1]))
        return [[f"ME{n:07d}", *row] for n, row in enumerate(rows, start=1)]

    # -- consent ------------------------------------------------------------------------------

    def _plan_consent(self, website: Website) -> None:
        rows: list[list] = []
        for form in website.forms:
            key = ("email", form.source.email_clean) if form.source and form.email else None
            if key is None and form.source and form.source.mobile_clean:
                key = ("mobile", form.source.mobile_clean)
            if key and form.consent:
                prechecked = form.country != "CN"
                rows.append(
                    [*key, "email" if key[0] == "email" else "sms", "marketing", "grant",
                     form.submitted_at, form.kind, "v3", "checked" if prechecked else "unchecked",
                     "consent", form.country, form.submission_id, None]
                )  # fmt: skip
        for address, at in self.unsubscribed.items():
            rows.append(
                ["email", address, "email", "marketing", "withdraw", at, "edm", "v3", "", "consent",
                 "CN", "", None]
            )  # fmt: skip
        rows.sort(key=lambda row: (row[5], row[1], row[4], row[11]))
        self.consents = [[f"CS{n:06d}", *row] for n, row in enumerate(rows, start=1)]

    def add_event_costs(self, media: Media) -> None:
        """Add what the events on site cost, to the day."""
        dice = self.dice
        for event in self.events:
            if event.kind == "webinar":
                continue
            day = date.fromisoformat(clock.local_date(event.start))
            media.other_costs.append(
                {
                    "cost_id": f"C{len(media.other_costs) + 1:05d}", "first": day, "last": day,
                    "channel": "展会" if event.kind == "booth" else "线下会议",
                    "leaf": "offline_event", "cost_type": "event",
                    "amount": 100 * dice.between(18_000, 60_000) + dice.between(0, 99),
                    "currency": "CNY", "paid_at": event.end + 6 * DAY, "event_id": event.event_id,
                }
            )  # fmt: skip


def _marketing_events(dice: Dice) -> list[MarketingEvent]:
    """Return a webinar each month and a meeting on site every six weeks or so, by start."""
    events: list[MarketingEvent] = []
    for number, first in enumerate(clock.month_starts()):
        day = _workday(first + timedelta(days=15 + dice.between(0, 6)))
        start = clock.at(day, 15)
        events.append(
            MarketingEvent(
                "", f"直播公开课第{number + 1}期", "webinar", start, start + 5400, "线上"
            )
        )
        if number % 3 != 2:
            day = _workday(first + timedelta(days=4 + dice.between(0, 8)))
            kind = dice.pick(("offline", "offline", "booth", "summit"))
            city = dice.pick(("上海", "北京", "深圳", "杭州"))
            start = clock.at(day, 9)
            events.append(
                MarketingEvent(
                    "", f"{city}增长沙龙{number + 1}", kind, start, start + 8 * HOUR, city
                )
            )
    events.sort(key=lambda event: event.start)
    for number, event in enumerate(events, start=1):
        event.event_id = f"EV-{number:03d}"
    return events


def _workday(day: date) -> date:
    while not clock.is_workday(day):
        day += timedelta(days=1)
    return day


def enrichment_rows(seed: int, leads: list[Lead]) -> list[list]:
    """Return rows of enrichment_company: companies with leads, as a provider knows them."""
    dice = Dice(seed, "enrichment")
    first: dict[Company, int] = {}
    for lead in leads:
        if lead.person.company.credit_code and not lead.excluded:
            first.setdefault(lead.person.company, lead.created_at)
    rows = []
    for company, at in first.items():
        if dice.chance(0.8):
            fetches = (at + dice.between(600, 4 * DAY), at + dice.between(100, 300) * DAY)
            rows += [_answer(dice, company, fetched) for fetched in fetches if fetched < clock.END]
    rows.sort(key=lambda row: (row[2], row[0]))
    return rows


def _answer(dice: Dice, company: Company, fetched_at: int) -> list:
    """Return what the provider says about a company (one row of enrichment_company)."""
    return [
        company.credit_code, "天眼查", fetched_at, company.legal_name, company.credit_code,
        company.industry, _band(company.employees), f"{dice.between(50, 20000)}万人民币",
        f"{dice.between(1995, 2020)}-03-18", "存续", "", dice.chance(0.1),
        f"{dice.between(0, 16**8 - 1):08x}",
    ]  # fmt: skip


def _band(employees: int) -> str:
    for limit, band in ((50, "少于50人"), (200, "50-199人"), (1000, "200-999人")):
        if employees < limit:
            return band
    return "1000人以上"
