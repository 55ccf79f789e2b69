"""The channels through which people show up: each engagement leaves one or several records."""

from __future__ import annotations

from tests.identity_world.entry import NOBODY, Entry, Scribe, Value
from tests.identity_world.language import Dice, Weighted
from tests.identity_world.population import DAYS, Person, Population
from tests.identity_world.records import (
    Book,
    Record,
    delivery_of,
    instant,
    text,
    utc_text,
)

LEAD_SYSTEMS = ("crm", "crm_b")
_CHANNELS_ZH = {
    "form": 34,
    "event": 18,
    "call": 10,
    "wecom": 12,
    "social": 8,
    "sales": 13,
    "list": 5,
}
_CHANNELS_EN = {"form": 44, "event": 18, "call": 9, "social": 7, "sales": 15, "list": 7}


class Channels:
    """Writes everything that people leave behind into the book; leads are kept for the CRM."""

    def __init__(self, population: Population, book: Book) -> None:
        self.population = population
        self.parameters = population.parameters
        self.book = book
        self.dice = Dice(self.parameters.seed, "channels")
        self.scribe = Scribe(population, "entries")
        self.leads: list[tuple[Record, Entry, dict[str, str], int]] = []
        chinese = self.parameters.language == "zh"
        self._channels = Weighted(_CHANNELS_ZH if chinese else _CHANNELS_EN)
        self._platforms = ("公众号", "视频号", "抖音") if chinese else ("LinkedIn",)
        self._events = [(f"EV{number:03d}", number * DAYS / 40) for number in range(1, 40)]
        self._counts: dict[str, int] = {}
        self._visitors: dict[int, list[tuple[Person, str]]] = {}

    def run(self) -> None:
        """Live through the window, person by person."""
        for person in self.population.persons:
            for day in self._days():
                getattr(self, f"_{self._channels.draw(self.dice)}")(person, day)

    def _days(self) -> list[float]:
        """When a person shows up: once, and again after days or months."""
        dice = self.dice
        day = dice.uniform(0, DAYS)
        days = [day]
        again = self.parameters.extra_engagements
        while dice.chance(again / (1 + again)):
            day += dice.expovariate(1 / 55)
            if day >= DAYS:
                break
            days.append(day)
        return days

    def _number(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _delivery(self, day: float) -> int | None:
        """The delivery that brings it, sometimes the one after; None when none comes any more."""
        delivery = delivery_of(day)
        if self.dice.chance(self.parameters.late):
            delivery += 1
        return delivery if delivery < 8 else None

    # -- web

    def _form(self, person: Person, day: float) -> None:
        dice = self.dice
        delivery = self._delivery(day)
        if delivery is None:
            return
        entry = self.scribe.entry(person, day)
        if entry.mobile and dice.chance(0.3):
            entry.mobile = None  # the short form asks for the e-mail only
        cookie = self._cookie(person, entry)
        at = instant(day)
        submission = f"F{self._number('form'):06d}"
        values = entry.identifiers + ([cookie] if cookie else [])
        self.book.add(self._record("form_submission", "web", submission, entry, values))
        self.book.row(
            "web_form_submissions", "web", delivery, submission_id=submission, form_id="demo",
            form_kind=dice.choice(("demo", "download", "contact")), submitted_at=text(at),
            anonymous_id=cookie.raw if cookie else "", email=_raw(entry.email),
            phone=_raw(entry.mobile or entry.phone), name=entry.name, company=entry.company_text,
            title=entry.title,
        )  # fmt: skip
        if cookie:
            self._visit(cookie, day, delivery)
        if dice.chance(0.58):
            self._lead(entry, day, delivery, source="官网表单")

    def _cookie(self, person: Person, entry: Entry) -> Value | None:
        """The browser that sends the form: the person's, a tablet's, or somebody else's."""
        dice, parameters = self.dice, self.parameters
        if dice.chance(parameters.tablet_form):
            cookie, desk_number = self._tablet()
            if dice.chance(parameters.tablet_phone):
                entry.phone, entry.mobile = None, Value("phone", desk_number, desk_number, NOBODY)
            return Value("cookie", cookie, cookie, NOBODY)
        if dice.chance(parameters.no_cookie):
            return None
        owner, cookie = person, dice.choice(person.cookies)
        visitors = self._visitors.setdefault(entry.company.number, [])
        if visitors and dice.chance(parameters.forwarded_link * 2):
            # The link carries the visitor id of the colleague who forwarded it.
            owner, cookie = dice.choice(visitors)
        elif len(visitors) < 50:
            visitors.append((person, cookie))
        return Value("cookie", cookie, cookie, owner.number)

    def _tablet(self) -> tuple[str, str]:
        """Cookie and number of a registration desk; the desk at the entrance serves most."""
        tablets = self.population.tablets
        return tablets[int(len(tablets) * self.dice.random() ** 2)]

    def _visit(self, cookie: Value, day: float, delivery: int) -> None:
        self.book.add(Record("web_visitor", "web", cookie.raw, cookie.owner, values=[cookie]))
        for step in range(self.dice.randint(1, 3)):
            event = f"E{self._number('visit'):07d}"
            self.book.row(
                "web_events", "web", delivery, event_id=event, event_name="page_view",
                occurred_at=text(instant(max(0.0, day - step / 400))), anonymous_id=cookie.raw,
                page_path=self.dice.choice(("/", "/pricing", "/cases", "/docs")),
            )  # fmt: skip

    # -- events

    def _event(self, person: Person, day: float) -> None:
        dice = self.dice
        event, held = dice.choice(self._events)
        delivery = self._delivery(held)
        if delivery is None:
            return
        day = max(0.0, held - dice.uniform(0, 20))
        entry = self.scribe.entry(person, day)
        registrant = f"R{self._number('event'):06d}"
        if dice.chance(0.05):  # the desk types its own number for who gives none
            desk = self._tablet()[1]
            entry.phone, entry.mobile = None, Value("phone", desk, desk, NOBODY)
        self.book.add(
            self._record("event_attendance", "engagement", f"{event}|{registrant}", entry)
        )
        self.book.row(
            "event_attendance", "engagement", delivery, event_id=event, registrant_id=registrant,
            registered_at=text(instant(day)), email=_raw(entry.email),
            phone=_raw(entry.mobile or entry.phone), name=entry.name, company=entry.company_text,
            title=entry.title, check_in_at=text(instant(held)) if dice.chance(0.6) else "",
        )  # fmt: skip
        if dice.chance(0.35):
            self._lead(entry, day, delivery, source="展会")

    # -- telephone

    def _call(self, person: Person, day: float) -> None:
        dice = self.dice
        delivery = self._delivery(day)
        if delivery is None:
            return
        number = person.mobile(day)
        value: Value | None = Value(
            "phone", self.scribe.spelt_mobile(number), number, person.number
        )
        style = dice.random()
        if style < 0.14:
            line = person.job(day).company.switchboard
            value = Value("phone", line, line, NOBODY)
        elif style < 0.20:
            value = None  # number withheld
        call = f"C{self._number('call'):06d}"
        linked = None
        if dice.chance(0.5):
            entry = self.scribe.entry(person, day, by_staff=True)
            if value and entry.mobile and entry.mobile.owner == person.number:
                entry.mobile = value
            linked = self._lead(entry, day, delivery, source="400电话")
        values = [value] if value else []
        if linked:
            values.append(Value("crm_lead", linked.record_id, linked.record_id, person.number))
        self.book.add(Record("call", "engagement", call, person.number, values=values))
        outbound = dice.chance(0.2)
        ours = "4008001234"
        self.book.row(
            "call_center_calls", "engagement", delivery, call_id=call,
            direction="outbound" if outbound else "inbound",
            ani=ours if outbound else _raw(value) or "anonymous",
            dnis=_raw(value) if outbound else ours, started_at=text(instant(day)),
            linked_lead_id=linked.record_id if linked else "",
        )  # fmt: skip
        if linked:
            linked.values.append(
                Value("crm_lead", linked.record_id, linked.record_id, person.number)
            )

    # -- WeCom and social media

    def _wecom(self, person: Person, day: float) -> None:
        dice = self.dice
        entry = self.scribe.entry(person, day)
        if dice.chance(0.6):
            entry.name = person.name.nickname
        noted = entry.mobile if dice.chance(0.4) else None
        employee = f"U{dice.randint(100, 119)}"
        known = Value(
            "external_userid", person.external_userid, person.external_userid, person.number
        )
        union = Value("unionid", person.unionid, person.unionid, person.number)
        for event in dice.choice((("add",), ("add",), ("add", "edit"), ("add", "del_by_customer"))):
            delivery = self._delivery(day) if day < DAYS else None
            if delivery is None:
                return
            at = instant(day)
            values = [known] + ([union] if person.unionid else []) + ([noted] if noted else [])
            record_id = f"{known.raw}|{employee}|{utc_text(at)}"
            has_company = dice.chance(0.25) and bool(entry.company_text)
            record = self._record("wecom_contact", "engagement", record_id, entry, values)
            named = entry.company_name if has_company else None
            record.company_values = [named] if named else []
            self.book.add(record)
            self.book.row(
                "wecom_external_contacts", "engagement", delivery, external_userid=known.raw,
                userid=employee, unionid=person.unionid, name=entry.name,
                corp_name=entry.company_text if has_company else "",
                remark_mobiles=f'["{noted.raw}"]' if noted else "", createtime=text(at),
                event=event, event_at=text(at),
            )  # fmt: skip
            day += dice.uniform(1, 60)
        if dice.chance(0.3) and day < DAYS:
            delivery = self._delivery(day)
            if delivery is not None:
                self._lead(entry, day, delivery, source="企业微信")

    def _social(self, person: Person, day: float) -> None:
        dice = self.dice
        delivery = self._delivery(day)
        if delivery is None:
            return
        platform = dice.choice(self._platforms)
        openid = person.openids.setdefault(platform, f"oX{dice.getrandbits(80):020x}")
        # Only accounts bound to the open platform tell the unionid.
        union = person.unionid if dice.chance(0.7) else ""
        values = [Value("openid", f"{platform}:{openid}", f"{platform}:{openid}", person.number)]
        if union:
            values.append(Value("unionid", union, union, person.number))
        self.book.add(
            Record(
                "social_touch",
                "engagement",
                f"{platform}|{openid}|{union}",
                person.number,
                values=values,
            )
        )
        for step in range(dice.randint(1, 3)):
            self.book.row(
                "social_touches", "engagement", delivery, platform=platform, openid=openid,
                unionid=union, action=("follow", "read", "menu")[step], content_id="",
                occurred_at=text(instant(max(0.0, day - step / 24))),
            )  # fmt: skip

    # -- typed by sales, or bought

    def _sales(self, person: Person, day: float) -> None:
        delivery = self._delivery(day)
        if delivery is not None:
            self._lead(
                self.scribe.entry(person, day, by_staff=True), day, delivery, source="销售自拓"
            )

    def _list(self, person: Person, day: float) -> None:
        """A partner's list: imported on one day."""
        day = min(DAYS - 1.0, (int(day / 90) + 1) * 90.0)
        delivery = self._delivery(day)
        if delivery is not None:
            self._lead(self.scribe.entry(person, day), day, delivery, source="渠道伙伴")

    # -- shared

    def _lead(self, entry: Entry, day: float, delivery: int, source: str) -> Record:
        system = LEAD_SYSTEMS[self.dice.chance(self.parameters.second_system)]
        number = self._number(system)
        lead_id = f"L{number:06d}" if system == "crm" else f"00Q{number:07d}"
        record = self._record("crm_lead", system, lead_id, entry)
        self.book.add(record)
        cells = {
            "lead_id": lead_id,
            "created_at": text(instant(day)),
            "updated_at": text(instant(day)),
            "status": "MQL",
            "full_name": entry.name,
            "email": _raw(entry.email),
            "phone": _raw(entry.phone),
            "mobile_phone": _raw(entry.mobile),
            "company_name": entry.company_text,
            "title": entry.title,
            "country": self.population.language.country,
            "lead_source": source,
        }
        self.leads.append((record, entry, cells, delivery))
        return record

    def _record(
        self,
        kind: str,
        system: str,
        record_id: str,
        entry: Entry,
        values: list[Value] | None = None,
    ) -> Record:
        return Record(
            kind, system, record_id, entry.person.number, entry.company.number,
            list(entry.identifiers if values is None else values), entry.company_evidence,
        )  # fmt: skip


def _raw(value: Value | None) -> str:
    return value.raw if value else ""
