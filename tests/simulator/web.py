"""The web site: visitors, sessions, forms and events.

Sessions are planned one by one; the events inside them are drawn in bulk, because there may be
millions. Who visits is tied to people only by the forms they submit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np

from tests.simulator import clock, media
from tests.simulator.dice import Dice, Weighted, generator
from tests.simulator.enquiries import Enquiries
from tests.simulator.leads import Lead
from tests.simulator.people import Person, mail_as_written
from tests.simulator.phones import written
from tests.simulator.planted import Planted
from tests.simulator.scoring import Act

SITE = "https://www.xinghesoft.com"
EVENT_NAMES = ("page_view", "pricing_view", "case_download", "video", "search", "chat")
PATHS = ("/", "/product/ma", "/product/cdp", "/solutions", "/about", "/blog/b2b-leads")
CASE_ASSETS = tuple(f"CASE-{n:02d}" for n in range(1, 13))
PAPER_ASSETS = tuple(f"WP-{n:02d}" for n in range(1, 7))
USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/125.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0.49",
)
BOT_AGENT = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
_RETURN_CHANNELS = Weighted(
    {"direct": 34, "organic_search": 22, "email": 10, "wechat_social": 8, "same": 26}
)
_UTM = {
    "organic_search": ("baidu", "organic", "", ""),
    "email": ("edm", "email", "EDM-monthly", ""),
    "wechat_social": ("wechat", "social", "gzh-article", ""),
    "content": ("zhihu", "content", "wp-promo", ""),
    "webinar": ("huodongxing", "webinar", "live", ""),
    "partner": ("partner", "referral", "alliance", ""),
}
REFERRERS = {
    "organic_search": "https://www.baidu.com/",
    "paid_search": "https://www.baidu.com/baidu.php",
    "wechat_social": "https://mp.weixin.qq.com/",
    "content": "https://zhuanlan.zhihu.com/",
}


@dataclass(slots=True, eq=False)
class Visitor:
    """One browser: a cookie, and the truth about who sits in front of it (None: unknown)."""

    anonymous_id: str
    agent: str
    ip_hash: str
    person: Person | None = None
    forms: list[Form] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Session:
    """One visit; ``intent`` moves what is looked at."""

    visitor: Visitor
    start: int
    channel: str
    intent: float
    line: media.AdLine | None = None
    click_id: str = ""
    is_bot: bool = False
    session_id: str = ""
    minimum: int = 1
    click_in_url: str = ""  # the URL's spelling of the click id when the tracker did not read it

    @property
    def utm(self) -> tuple[str, str, str, str, str]:
        """Return utm_source, medium, campaign, term, content of the landing page."""
        if self.line:
            source, medium = media.UTM_OF_PLATFORM[self.line.platform]
            return (
                source,
                medium,
                self.line.campaign_id,
                self.line.keyword_id,
                self.line.ad_group_id,
            )
        return (*_UTM.get(self.channel, ("", "", "", "")), "")


@dataclass(slots=True, eq=False)
class Form:
    """One submission with what was typed; ``lead`` is the lead it created, if any."""

    submitted_at: int
    kind: str
    person: Person
    source: Lead | None
    session: Session | None = None
    keys: list[str] = field(default_factory=list)
    email: str = ""
    phone: str = ""
    name: str = ""
    company: str = ""
    title: object = None
    employees: object = None
    lead: Lead | None = None
    submission_id: str = ""
    asset: str = ""
    consent: bool = True
    country: str = "CN"


FORM_KIND = {"content": "whitepaper", "webinar": "webinar", "offline_event": "offline_event"}


class Website:
    """All web behaviour of the world."""

    def __init__(self, seed: int, enquiries: Enquiries, planted: Planted) -> None:
        self.dice = Dice(seed, "web")
        self.planted = planted
        self.enquiries = enquiries
        self.sessions: list[Session] = []
        self.forms: list[Form] = []
        self._visitors_of: dict[Person, list[tuple[frozenset, Visitor]]] = {}
        self._lines = _lines_by_channel()
        self._click_number = 0
        self._plan_leads()
        self._plan_shared_devices()
        self._plan_lost_forms()
        self._plan_strangers()
        self.sessions.sort(key=attrgetter("start", "visitor.anonymous_id"))
        for number, session in enumerate(self.sessions, start=1):
            session.session_id = f"s{number:07d}"
        self.forms.sort(key=lambda form: (form.submitted_at, form.person.number, form.kind))
        for number, form in enumerate(self.forms, start=1):
            form.submission_id = f"F{number:07d}"
            if form.session:
                form.session.visitor.forms.append(form)
        self.events = _Events(self.sessions, generator(seed, "web events"))

    # -- visitors and sessions ----------------------------------------------------------------

    def _new_visitor(self, person: Person | None, bot: bool = False) -> Visitor:
        dice = self.dice
        return Visitor(
            anonymous_id=f"{dice.between(0, 16**12 - 1):012x}",
            agent=BOT_AGENT if bot else dice.pick(USER_AGENTS),
            ip_hash=f"{dice.between(0, 16**8 - 1):08x}",
            person=person,
        )

    def _visitor_for(self, lead: Lead) -> Visitor:
        """Return a browser of the person from which only forms with such keys were sent."""
        keys = frozenset(lead.keys)
        known = self._visitors_of.setdefault(lead.person, [])
        for known_keys, visitor in known:
            if keys & known_keys and not self.dice.chance(0.2):
                return visitor
        visitor = self._new_visitor(lead.person)
        known.append((keys, visitor))
        return visitor

    def _visit(
        self, visitor: Visitor, start: int, channel: str, intent: float, minimum: int = 1
    ) -> Session | None:
        """Plan a visit; visits outside the window are not kept."""
        if not clock.START <= start < clock.END - 3 * clock.HOUR:
            return None
        session = self._landing(visitor, start, channel, intent, minimum)
        self.sessions.append(session)
        return session

    def _landing(
        self, visitor: Visitor, start: int, channel: str, intent: float, minimum: int
    ) -> Session:
        session = Session(visitor, start, channel, intent, minimum=minimum)
        if channel in ("paid_search", "paid_social"):
            session.line = self.dice.pick(self._lines[channel])
            self._click(session)
        session.is_bot = visitor.agent == BOT_AGENT or self.dice.chance(0.012)
        return session

    def _click(self, session: Session) -> None:
        assert session.line
        if session.line.platform in media.CLICK_ID_OF_PLATFORM and self.dice.chance(0.9):
            self._click_number += 1
            session.click_id = f"{session.line.platform[:2]}{self._click_number:08d}x" + (
                f"{self.dice.between(0, 16**6 - 1):06x}"
            )
            if self.dice.chance(0.06):
                name = media.CLICK_ID_OF_PLATFORM[session.line.platform]
                session.click_in_url = self.dice.pick((f"#{name}", f"&{name.upper()}"))

    # -- leads --------------------------------------------------------------------------------

    def _plan_leads(self) -> None:
        for lead in self.enquiries.leads:
            if lead.capture == "form":
                self._plan_form_lead(lead)
            elif lead.keys and not lead.excluded and self.dice.chance(0.32):
                self._plan_tied_visits(lead)

    def _plan_form_lead(self, lead: Lead) -> None:
        dice = self.dice
        visitor = self._visitor_for(lead)
        submitted = clock.form_time(lead.created_at - dice.between(2, 50))
        channel = lead.web_channel or lead.channel
        intent = lead.person.intent
        start = max(submitted - dice.between(40, 500), clock.START)
        session = self._landing(visitor, start, channel, intent, 2)
        if lead.platform and session.line and session.line.platform != lead.platform:
            session.line = dice.pick(
                [line for line in self._lines[channel] if line.platform == lead.platform]
            )
            session.click_id = session.click_in_url = ""
            self._click(session)
        if start < clock.END - 3 * clock.HOUR:
            self.sessions.append(session)
        lead.utm, lead.click_id = session.utm, session.click_id
        kind = FORM_KIND.get(lead.channel, "contact_sales")
        if kind == "contact_sales" and dice.chance(0.35):
            kind = "whitepaper"
        form = self._submit(lead, session, submitted, kind)
        form.lead = lead
        if session not in self.sessions[-1:] or dice.chance(0.03):
            form.session = None  # cookies refused
        if dice.chance(0.015):
            self._copy(form, submitted + dice.between(20, 400))
        self._plan_more_visits(lead, visitor, channel)

    def _plan_more_visits(self, lead: Lead, visitor: Visitor, channel: str) -> None:
        dice, intent = self.dice, lead.person.intent
        busy = 0.5 if lead.kind in ("test", "staff", "junk_phone", "disposable") else 1.0
        warm = 1.0 + 0.25 * max(-2.0, min(2.5, intent))
        for _ in range(dice.poisson(0.8 * busy * warm)):
            start = lead.created_at - int(dice.exponential(16 * clock.DAY)) - 1800
            self._visit(visitor, start, self._return_channel(channel), intent)
        for number in range(dice.poisson(1.35 * busy * warm)):
            start = lead.created_at + int(dice.exponential(30 * clock.DAY)) + 1800
            session = self._visit(visitor, start, self._return_channel(channel), intent)
            if session and number == 0 and dice.chance(0.5):
                at = clock.form_time(session.start + dice.between(60, 300))
                if at >= clock.START:
                    self._submit(lead, session, at, dice.pick(("whitepaper", "webinar")))

    def _return_channel(self, first: str) -> str:
        channel = self.dice.weighted(_RETURN_CHANNELS)
        return first if channel == "same" else channel

    def _plan_tied_visits(self, lead: Lead) -> None:
        """A lead that came another way also uses the site and leaves a form there."""
        visitor = self._visitor_for(lead)
        start = lead.created_at + int(self.dice.exponential(9 * clock.DAY)) + 3600
        session = self._visit(visitor, start, "direct", lead.person.intent, 2)
        if session:
            at = clock.form_time(session.start + self.dice.between(60, 400))
            self._submit(lead, session, at, "whitepaper")
            self._plan_more_visits(lead, visitor, "direct")

    def _submit(self, lead: Lead, session: Session | None, at: int, kind: str) -> Form:
        """Submit a form with exactly the identifiers the lead carries."""
        dice = self.dice
        form = Form(at, kind, lead.person, lead, session, keys=lead.keys)
        form.email = mail_as_written(dice, lead.email_clean) if lead.email_clean else ""
        form.phone = written(dice, lead.mobile_clean) if lead.mobile_clean else lead.phone
        if lead.kind == "switchboard":
            form.phone = lead.mobile
        form.name = lead.name[2]
        form.company = lead.company_name
        form.title = lead.title
        form.employees = lead.employees
        form.country = lead.country
        form.asset = dice.pick(PAPER_ASSETS) if kind == "whitepaper" else ""
        form.consent = dice.chance(0.82)
        self.forms.append(form)
        return form

    def _copy(self, form: Form, at: int) -> None:
        """The visitor presses the button twice."""
        twin = Form(
            clock.form_time(at), form.kind, form.person, form.source, form.session, form.keys,
            form.email, form.phone, form.name, form.company, form.title, form.employees,
            None, "", form.asset, form.consent, form.country,
        )  # fmt: skip
        self.forms.append(twin)
        self.planted.note("double_submission", form=form, twin=twin)

    # -- everybody else -----------------------------------------------------------------------

    def _plan_shared_devices(self) -> None:
        """A tablet at a fair: several people leave forms, so its visits belong to nobody."""
        count = max(2, len(self.enquiries.leads) // 400)
        guests = [lead for lead in self.enquiries.leads if lead.capture == "event" and lead.keys]
        for _ in range(count):
            visitor = self._new_visitor(None)
            lead = self.dice.pick(guests) if guests else self.dice.pick(self.enquiries.leads)
            others = [g for g in guests if abs(g.created_at - lead.created_at) < 20 * clock.DAY]
            for guest in others[: self.dice.between(3, 5)]:
                at = clock.form_time(guest.created_at + self.dice.between(100, 9000))
                session = self._visit(visitor, at - 200, "direct", 1.0, 3)
                if session:
                    self._submit(guest, session, at, "offline_event")
            self.planted.note("shared_device", anonymous_id=visitor.anonymous_id)

    def _plan_lost_forms(self) -> None:
        """Forms that never became a lead: the capture was dropped on the way to the CRM."""
        dice = self.dice
        for _ in range(max(3, len(self.enquiries.leads) // 60)):
            person = self.enquiries.population.add_person()
            visitor = self._new_visitor(person)
            start = self.enquiries.instant()
            session = self._visit(visitor, start, "organic_search", person.intent, 2)
            form = Form(clock.form_time(start + 200), "contact_sales", person, None, session)
            form.email, form.phone = person.email, written(dice, person.mobile)
            form.keys = [f"email:{person.email}", f"mobile:{person.mobile}"]
            form.name, form.company = person.full_name, person.company.legal_name
            self.forms.append(form)
            self.planted.note("lost_form", form=form)

    def _plan_strangers(self) -> None:
        dice = self.dice
        channels = Weighted(
            {"organic_search": 30, "paid_search": 22, "direct": 22, "paid_social": 16, "content": 6,
             "wechat_social": 4}
        )  # fmt: skip
        for _ in range(round(1.05 * len(self.enquiries.leads))):
            visitor = self._new_visitor(None)
            start = self.enquiries.instant()
            for _ in range(1 + dice.poisson(0.4)):
                self._visit(visitor, start, dice.weighted(channels), -0.6)
                start += int(dice.exponential(12 * clock.DAY)) + clock.HOUR
        for _ in range(max(3, len(self.enquiries.leads) // 250)):
            visitor = self._new_visitor(None, bot=True)
            for _ in range(20):
                self._visit(visitor, self.enquiries.instant(), "direct", 1.5, 4)

    def click_rows(self) -> list[list]:
        """Return rows of ad_click_map: what two platforms tell about their click ids."""
        rows = []
        for session in self.sessions:
            if session.line and session.click_id and session.line.platform != "baidu":
                line = session.line
                kind = media.CLICK_ID_OF_PLATFORM[line.platform]
                rows.append(
                    [session.click_id, kind, session.start - 3, line.campaign_id, line.ad_group_id,
                     line.keyword_id, ""]
                )  # fmt: skip
        return rows


class _Events:
    """Events of all sessions as arrays, in the order of time; ``session[i]`` indexes sessions."""

    def __init__(self, sessions: list[Session], rng: np.random.Generator) -> None:
        count = len(sessions)
        starts = np.array([s.start for s in sessions], dtype=np.int64)
        intent = np.array([s.intent for s in sessions])
        sizes = np.minimum(12, rng.geometric(0.34, count))
        sizes = np.maximum(sizes, np.array([s.minimum for s in sessions]))
        session = np.repeat(np.arange(count), sizes)
        gaps = np.minimum(900, 1 + rng.exponential(55.0, len(session))).astype(np.int64)
        first = np.zeros(len(session), dtype=bool)
        first[np.concatenate(([0], np.cumsum(sizes)[:-1]))] = True
        elapsed = np.cumsum(gaps)
        base = np.maximum.accumulate(np.where(first, elapsed, 0))
        at = starts[session] + elapsed - base
        lift = np.exp(0.38 * np.clip(intent[session], -2.5, 2.5))
        dice = rng.random(len(session))
        pricing = 0.085 * lift
        case = pricing + 0.07 * lift
        rest = (dice - case) / (1 - case)
        name = np.select(
            [dice < pricing, dice < case, rest < 0.82, rest < 0.89, rest < 0.96], [1, 2, 0, 3, 4], 5
        )
        order = np.lexsort((np.arange(len(session)), at))
        self.session, self.at = session[order], at[order]
        self.name, self.first = name[order].astype(np.int8), first[order]
        self.case = rng.integers(0, len(CASE_ASSETS), len(session))
        self.path = rng.integers(0, len(PATHS), len(session))
        self.lag = rng.integers(0, 4, len(session))

    def __len__(self) -> int:
        return len(self.at)


def acts_by_visitor(website: Website) -> dict[Visitor, list[Act]]:
    """Return the human events of every visitor who ever submitted a form, in order of time."""
    acts: dict[Visitor, list[Act]] = {}
    events, sessions = website.events, website.sessions
    columns = zip(
        events.session.tolist(), events.at.tolist(), events.name.tolist(), events.case.tolist(),
        strict=True,
    )  # fmt: skip
    for number, at, name, case in columns:
        session = sessions[number]
        if session.is_bot or not session.visitor.forms:
            continue
        asset = CASE_ASSETS[case] if name == 2 else ""
        acts.setdefault(session.visitor, []).append(
            Act(at, EVENT_NAMES[name], session.session_id, asset)
        )
    return acts


def _lines_by_channel() -> dict[str, list[media.AdLine]]:
    lines: dict[str, list[media.AdLine]] = {}
    for line in media.ad_lines():
        channel = media.CHANNEL_OF_PLATFORM[line.platform]
        if line.keyword_text != media.BARREN_KEYWORD:
            lines.setdefault(channel, []).append(line)
    return lines
