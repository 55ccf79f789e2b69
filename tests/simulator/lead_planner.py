"""How a lead comes into being: when, through which channel, and what is typed about the person."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from tests.simulator import clock, phones
from tests.simulator import vocabulary as words
from tests.simulator.dice import Dice, Weighted
from tests.simulator.leads import Lead
from tests.simulator.people import Person, Population, company_as_written, mail_as_written
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


class LeadPlanner:
    """Adds leads to :attr:`leads`, one by one, each with what the person would type."""

    def __init__(self, seed: int, population: Population) -> None:
        self.population = population
        self.dice = Dice(seed, "leads")
        self.leads: list[Lead] = []
        self._day_weights = list(accumulate(clock.day_weights()))
        self._hours = Weighted(dict(enumerate(clock.HOUR_WEIGHTS)))

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

    def after(self, lead: Lead, low: int, high: int) -> int:
        """Draw an instant some days after a lead's creation, at least an hour later."""
        day = clock.day_index(lead.created_at)
        at = self.instant(min(day + low, clock.DAYS - 2), min(day + high, clock.DAYS - 1))
        return max(at, clock.crm_time(lead.created_at + 3660))

    def mistype(self, lead: Lead) -> None:
        """Give the lead typing errors that no exact key survives."""
        if lead.email_clean:
            self.set_mail(lead, self.population.mistyped_mail(self.dice, lead.email_clean))
        if lead.mobile_clean:
            lead.phone = ""
            wrong = phones.mistyped(self.dice, lead.mobile_clean, self.population.mobiles)
            self.set_mobile(lead, wrong)
