"""Who becomes a lead, when, through which channel, and what the CRM is told about them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from tests.simulator import clock, phones
from tests.simulator import vocabulary as words
from tests.simulator.dice import Dice, Weighted
from tests.simulator.journey import Journey
from tests.simulator.people import (
    Company,
    Person,
    Population,
    company_as_written,
    mail_as_written,
)
from tests.simulator.planted import Planted
from tests.simulator.scoring import FieldChange

CHANNELS = Weighted(
    {
        "paid_search": 23, "organic_search": 13, "paid_social": 12, "content": 10, "webinar": 7,
        "offline_event": 8, "email": 4, "wechat_social": 4, "wecom": 5, "phone": 5, "referral": 3,
        "partner": 3, "outbound": 2.5, "direct": 6, "other": 1, "unknown": 1.2,
    }
)  # fmt: skip
#: How a lead of a channel comes into being; everything not named here fills in a form.
CAPTURE = {
    "phone": "call", "wecom": "wecom", "offline_event": "event", "referral": "import",
    "partner": "import", "outbound": "import", "other": "import", "unknown": "import",
}  # fmt: skip
LEAD_SOURCES = {
    "paid_search": Weighted({"百度推广": 6, "360推广": 2.5, "SEM": 1.5}),
    "organic_search": Weighted({"自然搜索": 6, "SEO": 4}),
    "paid_social": Weighted({"巨量引擎": 4, "腾讯广告": 4, "信息流": 2}),
    "content": Weighted({"白皮书下载": 5, "内容下载": 3, "内容": 2}),
    "webinar": Weighted({"线上直播": 1}),
    "offline_event": Weighted({"线下会议": 6, "展会": 4}),
    "email": Weighted({"EDM": 6, "邮件": 4}),
    "wechat_social": Weighted({"公众号": 7, "社群": 3}),
    "wecom": Weighted({"企业微信": 1}),
    "phone": Weighted({"400电话": 1}),
    "referral": Weighted({"客户转介绍": 1}),
    "partner": Weighted({"渠道伙伴": 1}),
    "outbound": Weighted({"销售自拓": 1}),
    "direct": Weighted({"官网直接访问": 1}),
    "other": Weighted({"其他": 1}),
    "unknown": Weighted({"抖音挑战赛": 1, None: 2}),
}
#: Channels whose leads also carry an utm medium, so that the source may be missing in the CRM.
UTM_CHANNELS = frozenset(
    {"paid_search", "organic_search", "paid_social", "content", "webinar", "email", "wechat_social"}
)
DUPLICATE_DAYS = 90
_TO_SIMPLIFIED = str.maketrans({t: s for s, t in words.TRADITIONAL.items()})
_TEST_NAMES = ("测试", "test", "Test User", "测试 01", "asdf")


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

    def title_now(self) -> object:
        """Return the title after all changes."""
        return self._now("title", self.title)

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


class Enquiries:
    """Plans every lead of the world; :attr:`leads` is in the order of creation with ids set."""

    def __init__(self, n_leads: int, seed: int, population: Population, planted: Planted) -> None:
        self.n_leads = n_leads
        self.population = population
        self.planted = planted
        self.dice = Dice(seed, "leads")
        self.leads: list[Lead] = []
        self._unused = iter(self.dice.shuffled(population.people))
        self._day_weights = list(accumulate(clock.day_weights()))
        self._hours = Weighted(dict(enumerate(clock.HOUR_WEIGHTS)))
        self._plan_special_cases()
        self._plan_people_with_one_need()
        self.leads.sort(key=lambda lead: (lead.created_at, lead.person.number, lead.channel))
        width = max(6, len(str(n_leads)))
        for number, lead in enumerate(self.leads, start=1):
            lead.lead_id = f"L{number:0{width}d}"
        self._note_spellings()

    def _note_spellings(self) -> None:
        """Note which leads are written in a way that only normalisation can match."""
        for lead in self.leads:
            number = lead.mobile or lead.phone
            for kind, found in (
                ("full_width_digits", any("０" <= char <= "９" for char in number)),
                ("country_code", number.startswith(("+86", "0086", "86"))),
                ("spaced_number", bool(lead.mobile_clean) and (" " in number or "-" in number)),
                ("full_width_mail", "＠" in lead.email),
                ("mail_in_capitals", lead.email != lead.email.lower()),
                ("traditional_name", lead.company_name.endswith("公司")
                 and lead.company_name.translate(_TO_SIMPLIFIED) != lead.company_name),
                ("branch_name", lead.company_name.endswith("分公司")),
                ("no_identifier", not lead.keys),
            ):  # fmt: skip
                if found:
                    self.planted.note(kind, lead=lead)

    # -- when ---------------------------------------------------------------------------------

    def instant(self, first_day: int = 0, last_day: int = clock.DAYS - 1) -> int:
        """Draw the instant of an enquiry between two day indexes (both included)."""
        low = self._day_weights[first_day - 1] if first_day else 0.0
        high = self._day_weights[last_day]
        target = low + self.dice.uniform() * (high - low)
        day = min(bisect_right(self._day_weights, target), last_day)
        second = self.dice.weighted(self._hours) * 3600 + self.dice.between(0, 3599)
        return clock.crm_time(clock.START + day * clock.DAY + second)

    # -- one lead -----------------------------------------------------------------------------

    def add(self, person: Person, channel: str, created_at: int, kind: str = "normal") -> Lead:
        """Add a lead of a person with what he or she would truthfully type."""
        dice = self.dice
        lead = Lead(person, channel, clock.crm_time(created_at), kind)
        lead.capture = CAPTURE.get(channel, "form")
        lead.name = (person.last_name, person.first_name, person.full_name)
        lead.country = person.company.country
        self._type_contact_data(lead)
        lead.company_name = company_as_written(dice, person.company)
        if dice.chance(0.04) and kind == "normal":
            lead.company_name = ""
        lead.lead_source = dice.weighted(LEAD_SOURCES[channel])
        lead.platform = self._platform(lead)
        if channel in UTM_CHANNELS and dice.chance(0.18):
            lead.lead_source = None
        self._describe(lead)
        self.leads.append(lead)
        return lead

    def _type_contact_data(self, lead: Lead) -> None:
        dice, person = self.dice, lead.person
        style = dice.uniform()
        mail = person.email if style < 0.68 else person.free_email
        wants_mail = lead.capture in ("form", "import", "event") and not dice.chance(0.07)
        wants_mobile = lead.capture in ("call", "wecom") or dice.chance(0.86) or not wants_mail
        if wants_mail:
            self.set_mail(lead, mail)
        if wants_mobile:
            self.set_mobile(lead, person.mobile)
        if dice.chance(0.06) and not lead.phone:
            lead.phone = person.company.switchboard

    def set_mail(self, lead: Lead, mail: str) -> None:
        """Let the lead carry this address, written somehow."""
        lead.email_clean, lead.email = mail, mail_as_written(self.dice, mail)

    def set_mobile(self, lead: Lead, mobile: str) -> None:
        """Let the lead carry this mobile number, written somehow, sometimes in the phone field."""
        if mobile.startswith("+"):  # abroad: kept as a plain phone, no Chinese mobile
            lead.phone = mobile
            return
        lead.mobile_clean = mobile
        text = phones.written(self.dice, mobile)
        if self.dice.chance(0.08):
            lead.phone, lead.mobile = text, ""
        else:
            lead.mobile = text

    def _platform(self, lead: Lead) -> str:
        fixed = {
            "百度推广": "baidu", "360推广": "qihoo360", "巨量引擎": "ocean_engine",
            "腾讯广告": "tencent_ads",
        }  # fmt: skip
        if lead.channel == "paid_search":
            return fixed.get(lead.lead_source, self.dice.pick(("baidu", "baidu", "qihoo360")))
        if lead.channel == "paid_social":
            return fixed.get(lead.lead_source, self.dice.pick(("ocean_engine", "tencent_ads")))
        return ""

    def _describe(self, lead: Lead) -> None:
        """Decide which scored attributes are known from the start and which become known later."""
        dice, person, company = self.dice, lead.person, lead.person.company
        lead.title = person.title if dice.chance(0.74) else None
        lead.industry = company.industry if dice.chance(0.45) else None
        lead.employees = company.employees if dice.chance(0.4) else None
        fields = []
        later = clock.crm_time(lead.created_at + dice.between(600, 3 * clock.DAY))
        if lead.industry is None and dice.chance(0.5):
            fields.append(FieldChange("industry", later, None, company.industry))
        if lead.employees is None and dice.chance(0.5):
            fields.append(FieldChange("employee_count", later, None, company.employees))
        if lead.title is None and dice.chance(0.5):
            at = clock.crm_time(lead.created_at + dice.between(1, 12) * clock.DAY + 7321)
            fields.append(FieldChange("title", at, None, person.title))
        elif lead.title is not None and dice.chance(0.05):
            at = clock.crm_time(lead.created_at + dice.between(20, 200) * clock.DAY + 4567)
            fields.append(FieldChange("title", at, lead.title, dice.pick(list(words.OTHER_TITLES))))
        lead.changes = [c for c in fields if c.at < clock.END and c.old != c.new]

    # -- ordinary people ----------------------------------------------------------------------

    def _plan_people_with_one_need(self) -> None:
        dice = self.dice
        while len(self.leads) < self.n_leads:
            person = next(self._unused, None) or self.population.add_person()
            first = self.add(person, dice.weighted(CHANNELS), self.instant())
            room = self.n_leads - len(self.leads)
            last_day = clock.day_index(first.created_at)
            if room and last_day < clock.DAYS - 100:
                self._come_again(first, last_day)

    def _come_again(self, first: Lead, day: int) -> None:
        """Some people enquire again: soon (a duplicate), much later, or with typing errors."""
        dice, fate = self.dice, self.dice.uniform()
        if fate < 0.085:
            again = self.add(
                first.person, dice.weighted(CHANNELS), self._after(first, 0, 80), "duplicate"
            )
            if dice.chance(0.12) and len(self.leads) < self.n_leads:
                self.add(
                    first.person, dice.weighted(CHANNELS), self._after(again, 0, 85), "duplicate"
                )
            self._share_a_key(first, again)
        elif fate < 0.115:
            self.add(
                first.person, dice.weighted(CHANNELS),
                self._after(first, 100, min(400, clock.DAYS - 1 - day)), "return",
            )  # fmt: skip
        elif fate < 0.135:
            typo = self.add(
                first.person, dice.weighted(CHANNELS), self._after(first, 0, 50), "typo"
            )
            self._mistype(typo)
            self.planted.note("typo_duplicate", lead=typo, of=first)

    def _after(self, lead: Lead, low: int, high: int) -> int:
        day = clock.day_index(lead.created_at)
        at = self.instant(min(day + low, clock.DAYS - 2), min(day + high, clock.DAYS - 1))
        return max(at, clock.crm_time(lead.created_at + 3660))

    def _share_a_key(self, first: Lead, again: Lead) -> None:
        """Most duplicates can be found by an exact key; a few cannot, as in life."""
        if not set(first.keys) & set(again.keys) and self.dice.chance(0.85) and first.mobile_clean:
            self.set_mobile(again, first.mobile_clean)

    def _mistype(self, lead: Lead) -> None:
        if lead.email_clean:
            self.set_mail(lead, self.population.mistyped_mail(self.dice, lead.email_clean))
        if lead.mobile_clean:
            lead.phone = ""
            wrong = phones.mistyped(self.dice, lead.mobile_clean, self.population.mobiles)
            self.set_mobile(lead, wrong)

    # -- special cases ------------------------------------------------------------------------

    def _plan_special_cases(self) -> None:
        scale = self.n_leads / 1000
        self._plan_excluded(scale)
        self._plan_near_misses()
        self._plan_shared_identifiers(scale)
        self._plan_abroad(scale)
        self._plan_five_channels(max(2, round(scale)))
        self._plan_duplicate_boundary()
        self._plan_contradictions()
        self._plan_merges(max(4, round(6 * scale)))

    def _someone(self, **kwargs: object) -> Person:
        return self.population.add_person(**kwargs)  # type: ignore[arg-type]

    def _form_channel(self) -> str:
        return self.dice.pick(("paid_search", "organic_search", "paid_social", "content", "direct"))

    def _plan_excluded(self, scale: float) -> None:
        dice = self.dice
        for i in range(max(5, round(9 * scale))):
            lead = self.add(self._someone(), self._form_channel(), self.instant(), "test")
            style = i % 5
            if style < 2:
                name = _TEST_NAMES[(i // 5 + style * 2) % len(_TEST_NAMES)]
                lead.name = ("", "", name)
            elif style == 2:
                self.set_mail(lead, f"test.{i}@{dice.pick(('163.com', 'qq.com'))}")
            elif style == 3:
                lead.company_name = dice.pick(("test", "asdf", "测试"))
            else:
                self.set_mail(lead, f"demo_{i}@{lead.person.company.domain}")
            self._exclude(lead, "test_lead")
        for i in range(max(2, round(5 * scale))):
            lead = self.add(self._someone(), self._form_channel(), self.instant(), "staff")
            self.set_mail(
                lead, f"{dice.pick(('wang', 'li', 'chen', 'zhao'))}.xh{i}@{words.OWN_DOMAIN}"
            )
            lead.company_name = dice.pick((words.OWN_NAME, "", "星河软件有限公司"))
            self._exclude(lead, "staff_lead")
        for i in range(max(len(words.COMPETITOR_ENTRIES), round(9 * scale))):
            self._plan_competitor(i)
        for i in range(max(len(phones.JUNK_MOBILES), round(10 * scale))):
            lead = self.add(self._someone(), self._form_channel(), self.instant(), "junk_phone")
            lead.phone = ""
            junk = phones.JUNK_MOBILES[i % len(phones.JUNK_MOBILES)]
            self.set_mobile(lead, junk)
            lead.shared |= {"mobile"}
            self._exclude(lead, *phones.verdicts(junk))
        for i in range(max(3, round(6 * scale))):
            lead = self.add(self._someone(), self._form_channel(), self.instant(), "disposable")
            domain = words.DISPOSABLE_MAIL[i % len(words.DISPOSABLE_MAIL)]
            self.set_mail(lead, f"u{i}x{dice.between(100, 999)}@{domain}")
            self._exclude(lead, "disposable_email")

    def _plan_competitor(self, i: int) -> None:
        dice = self.dice
        company, domain = words.COMPETITOR_ENTRIES[i % len(words.COMPETITOR_ENTRIES)]
        lead = self.add(self._someone(), self._form_channel(), self.instant(0, 600), "competitor")
        self.set_mail(
            lead, f"bd{i}.{dice.between(10, 99)}@{domain}" if domain else lead.person.free_email
        )
        lead.company_name = company
        self._exclude(lead, "competitor_lead")
        if i % 6 == 0:  # comes again: excluded and duplicate at once, which counts as excluded
            again = self.add(lead.person, "webinar", self._after(lead, 2, 60), "competitor")
            self.set_mail(again, lead.email_clean)
            again.company_name = company
            self._exclude(again, "competitor_lead")
            self.planted.note("competitor_duplicate", lead=again, of=lead)

    def _exclude(self, lead: Lead, *rules: str) -> None:
        lead.excluded = True
        lead.verdicts.update(rules)
        self.planted.note(lead.kind, lead=lead)

    def _plan_near_misses(self) -> None:
        near_companies = self.population.companies[-len(words.NEAR_MISS_COMPANIES) :]
        for company in near_companies:
            for _ in range(2):
                person = self._someone(company=company)
                lead = self.add(person, self._form_channel(), self.instant())
                self.set_mail(lead, person.email)
                lead.company_name = company.legal_name
                self.planted.note("near_miss", lead=lead)
        for name in ("测某", "李测"):
            self.planted.note(
                "near_miss",
                lead=self.add(self._someone(name=name), self._form_channel(), self.instant()),
            )
        for local in ("contest", "latest.li", "demos.zhang"):
            person = self._someone()
            lead = self.add(person, "content", self.instant())
            self.set_mail(lead, f"{local}@{person.company.domain}")
            self.planted.note("near_miss", lead=lead)
        for mobile in phones.SUSPECT_MOBILES:
            lead = self.add(self._someone(), self._form_channel(), self.instant())
            lead.person.mobile = mobile
            lead.phone = ""
            self.set_mobile(lead, mobile)
            lead.verdicts.update(phones.verdicts(mobile))
            self.planted.note("suspect_phone", lead=lead)

    def _plan_shared_identifiers(self, scale: float) -> None:
        dice = self.dice
        for _ in range(max(1, round(scale / 1.5))):
            agent = phones.new_mobile(dice, self.population.mobiles)
            for _ in range(8):
                lead = self.add(self._someone(), "partner", self.instant(), "agent_phone")
                self.set_mail(lead, lead.person.email)
                lead.phone = ""
                self.set_mobile(lead, agent)
                lead.shared |= {"mobile"}
                self.planted.note("agent_phone", lead=lead, mobile=agent)
        for _ in range(max(1, round(scale / 3))):
            company = dice.pick(self.population.companies)
            for _ in range(5):
                lead = self.add(self._someone(company=company), "content", self.instant())
                self.set_mail(lead, f"xinxibu8@{company.domain}")
                lead.phone = ""
                self.set_mobile(lead, lead.person.mobile)
                lead.shared |= {"email"}
                self.planted.note("shared_mailbox", lead=lead)
        company = dice.pick(self.population.companies)
        mobile = phones.new_mobile(dice, self.population.mobiles)
        names: set[str] = set()
        while len(names) < 3:  # exactly three names: still a key
            person = self._someone(company=company)
            if person.full_name in names:
                continue
            names.add(person.full_name)
            lead = self.add(person, "outbound", self.instant(), "three_names")
            lead.email = lead.email_clean = lead.phone = ""
            self.set_mobile(lead, mobile)
            self.planted.note("three_names_mobile", lead=lead, mobile=mobile)
        for _ in range(max(3, round(15 * scale))):
            lead = self.add(self._someone(), self._form_channel(), self.instant(), "role_mailbox")
            self.set_mail(lead, f"{dice.pick(words.ROLE_MAILBOXES)}@{lead.person.company.domain}")
            lead.shared |= {"email"}
            self.planted.note("role_mailbox", lead=lead)
        for _ in range(max(2, round(2.5 * scale))):
            company = dice.pick(self.population.companies)
            for _ in range(5):
                lead = self.add(
                    self._someone(company=company),
                    self._form_channel(),
                    self.instant(),
                    "switchboard",
                )
                lead.phone, lead.mobile, lead.mobile_clean = "", company.switchboard, ""
                self.planted.note("switchboard", lead=lead)

    def _plan_abroad(self, scale: float) -> None:
        dice = self.dice
        for i in range(max(2, round(6 * scale))):
            full = words.FOREIGN_NAMES[i % len(words.FOREIGN_NAMES)]
            first, last = full.split(" ")
            domain = f"{last.lower()}-trading{i}.com.sg"
            company = Company(
                number=900_000 + i, core_name=f"{last} Trading {i}",
                legal_name=f"{last} Trading {i} Pte Ltd", city="Singapore", province="Singapore",
                domain=domain, industry=dice.pick(("零售", "制造业", "物流运输")),
                employees=dice.between(20, 900), credit_code="",
                switchboard=f"+65 6{dice.between(100, 999)} {dice.between(1000, 9999)}",
                country="SG",
            )  # fmt: skip
            person = self.population.add_person(company=company, name=full)
            person.last_name, person.first_name, person.full_name = last, first, full
            person.title = dice.pick(("IT Director", "IT Manager", "CTO", "VP Sales"))
            person.email = f"{first.lower()}.{last.lower()}@{domain}"
            person.mobile = f"+65 9{dice.between(100, 999)} {dice.between(1000, 9999)}"
            lead = self.add(
                person, dice.pick(("organic_search", "direct", "referral")), self.instant()
            )
            self.set_mail(lead, person.email)
            lead.mobile = lead.mobile_clean = ""
            lead.phone = person.mobile
            self.planted.note("abroad", lead=lead)

    def _plan_five_channels(self, count: int) -> None:
        """The same person through five channels, each telling another part of the identifiers."""
        channels = ("content", "webinar", "phone", "wecom", "offline_event")
        for _ in range(count):
            person = self._someone()
            at = self.instant(30, 500)
            for channel in channels:
                lead = self.add(person, channel, at, "five_channels")
                lead.email = lead.email_clean = lead.phone = lead.mobile = lead.mobile_clean = ""
                if channel in ("content", "webinar"):
                    self.set_mail(lead, person.email)
                if channel != "webinar":
                    self.set_mobile(lead, person.mobile)
                self.planted.note("five_channels", lead=lead, person=person.number)
                at += self.dice.between(3, 40) * clock.DAY + self.dice.between(60, 30000)

    def _plan_duplicate_boundary(self) -> None:
        """Ninety days to the second is a duplicate, an hour more is not."""
        for extra, label in ((0, "exactly_90_days"), (3600, "over_90_days")):
            person = self._someone()
            first = self.add(person, "organic_search", self.instant(150, 400), "boundary")
            second = self.add(
                person, "direct", first.created_at + DUPLICATE_DAYS * clock.DAY + extra, "boundary"
            )
            for lead in (first, second):
                lead.phone = ""
                self.set_mobile(lead, person.mobile)
            self.planted.note(label, lead=second, of=first)

    def _plan_contradictions(self) -> None:
        """The CRM says referral, the visit says search: the CRM's source goes first."""
        for _ in range(4):
            lead = self.add(self._someone(), "referral", self.instant())
            lead.capture, lead.web_channel = "form", "organic_search"
            self.planted.note("source_against_utm", lead=lead)

    def _plan_merges(self, count: int) -> None:
        """The CRM merges leads of one person; every third pair is known to nobody else."""
        for i in range(count):
            person = self._someone()
            chain = 3 if i % 4 == 0 else 2
            winner = self.add(person, self._form_channel(), self.instant(10, 560), "merge_winner")
            losers: list[Lead] = []
            for _ in range(chain - 1):
                at = self._after(losers[-1] if losers else winner, 1, 20)
                loser = self.add(person, self._form_channel(), at, "merge_loser")
                if i % 3 == 1:
                    self._mistype(loser)
                losers.append(loser)
            at = losers[-1].created_at
            # A into B, then B into C: the newest first, the oldest lead survives.
            for loser, into in zip(losers[::-1], [*losers[:-1][::-1], winner], strict=True):
                at = clock.crm_time(at + self.dice.between(1, 9) * clock.DAY + 5000)
                loser.merged_into, loser.merged_at = into, at
                self.planted.note("merge_chain" if chain == 3 else "merge", lead=loser, into=into)
