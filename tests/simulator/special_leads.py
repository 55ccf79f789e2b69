"""Leads planted on purpose: what cleaning, identity and de-duplication have to cope with."""

from __future__ import annotations

from tests.simulator import clock, phones
from tests.simulator import vocabulary as words
from tests.simulator.lead_planner import DUPLICATE_DAYS, LeadPlanner
from tests.simulator.leads import Lead
from tests.simulator.people import Company, Person
from tests.simulator.planted import Planted

_TEST_NAMES = ("测试", "test", "Test User", "测试 01", "asdf")


class SpecialLeads:
    """Plans the special cases through a planner and notes each in the manifest."""

    def __init__(self, planner: LeadPlanner, planted: Planted) -> None:
        self.planner = planner
        self.planted = planted
        self.dice = planner.dice

    def plan(self, n_leads: int) -> None:
        """Plan every case, most of them in proportion to the number of leads."""
        scale = n_leads / 1000
        self._plan_excluded(scale)
        self._plan_near_misses()
        self._plan_shared_identifiers(scale)
        self._plan_abroad(scale)
        self._plan_five_channels(max(2, round(scale)))
        self._plan_duplicate_boundary()
        self._plan_contradictions()
        self._plan_merges(max(4, round(6 * scale)))

    def _someone(self, **kwargs: object) -> Person:
        return self.planner.population.add_person(**kwargs)  # type: ignore[arg-type]

    def _form_channel(self) -> str:
        return self.dice.pick(("paid_search", "organic_search", "paid_social", "content", "direct"))

    def _plan_excluded(self, scale: float) -> None:
        dice = self.dice
        for i in range(max(5, round(9 * scale))):
            lead = self.planner.add(
                self._someone(), self._form_channel(), self.planner.instant(), "test"
            )
            style = i % 5
            if style < 2:
                name = _TEST_NAMES[(i // 5 + style * 2) % len(_TEST_NAMES)]
                lead.name = ("", "", name)
            elif style == 2:
                self.planner.set_mail(lead, f"test.{i}@{dice.pick(('163.com', 'qq.com'))}")
            elif style == 3:
                lead.company_name = dice.pick(("test", "asdf", "测试"))
            else:
                self.planner.set_mail(lead, f"demo_{i}@{lead.person.company.domain}")
            self._exclude(lead, "test_lead")
        for i in range(max(2, round(5 * scale))):
            lead = self.planner.add(
                self._someone(), self._form_channel(), self.planner.instant(), "staff"
            )
            self.planner.set_mail(
                lead, f"{dice.pick(('wang', 'li', 'chen', 'zhao'))}.xh{i}@{words.OWN_DOMAIN}"
            )
            lead.company_name = dice.pick((words.OWN_NAME, "", "星河软件有限公司"))
            self._exclude(lead, "staff_lead")
        for i in range(max(len(words.COMPETITOR_ENTRIES), round(9 * scale))):
            self._plan_competitor(i)
        for i in range(max(len(phones.JUNK_MOBILES), round(10 * scale))):
            lead = self.planner.add(
                self._someone(), self._form_channel(), self.planner.instant(), "junk_phone"
            )
            lead.phone = ""
            junk = phones.JUNK_MOBILES[i % len(phones.JUNK_MOBILES)]
            self.planner.set_mobile(lead, junk)
            lead.shared |= {"mobile"}
            self._exclude(lead, *phones.verdicts(junk))
        for i in range(max(3, round(6 * scale))):
            lead = self.planner.add(
                self._someone(), self._form_channel(), self.planner.instant(), "disposable"
            )
            domain = words.DISPOSABLE_MAIL[i % len(words.DISPOSABLE_MAIL)]
            self.planner.set_mail(lead, f"u{i}x{dice.between(100, 999)}@{domain}")
            self._exclude(lead, "disposable_email")

    def _plan_competitor(self, i: int) -> None:
        dice = self.dice
        company, domain = words.COMPETITOR_ENTRIES[i % len(words.COMPETITOR_ENTRIES)]
        lead = self.planner.add(
            self._someone(), self._form_channel(), self.planner.instant(0, 600), "competitor"
        )
        self.planner.set_mail(
            lead, f"bd{i}.{dice.between(10, 99)}@{domain}" if domain else lead.person.free_email
        )
        lead.company_name = company
        self._exclude(lead, "competitor_lead")
        if i % 6 == 0:  # comes again: excluded and duplicate at once, which counts as excluded
            again = self.planner.add(
                lead.person, "webinar", self.planner.after(lead, 2, 60), "competitor"
            )
            self.planner.set_mail(again, lead.email_clean)
            again.company_name = company
            self._exclude(again, "competitor_lead")
            self.planted.note("competitor_duplicate", lead=again, of=lead)

    def _exclude(self, lead: Lead, *rules: str) -> None:
        lead.excluded = True
        lead.verdicts.update(rules)
        self.planted.note(lead.kind, lead=lead)

    def _plan_near_misses(self) -> None:
        near_companies = self.planner.population.companies[-len(words.NEAR_MISS_COMPANIES) :]
        for company in near_companies:
            for _ in range(2):
                person = self._someone(company=company)
                lead = self.planner.add(person, self._form_channel(), self.planner.instant())
                self.planner.set_mail(lead, person.email)
                lead.company_name = company.legal_name
                self.planted.note("near_miss", lead=lead)
        for name in ("测某", "李测"):
            self.planted.note(
                "near_miss",
                lead=self.planner.add(
                    self._someone(name=name), self._form_channel(), self.planner.instant()
                ),
            )
        for local in ("contest", "latest.li", "demos.zhang"):
            person = self._someone()
            lead = self.planner.add(person, "content", self.planner.instant())
            self.planner.set_mail(lead, f"{local}@{person.company.domain}")
            self.planted.note("near_miss", lead=lead)
        for mobile in phones.SUSPECT_MOBILES:
            lead = self.planner.add(self._someone(), self._form_channel(), self.planner.instant())
            lead.person.mobile = mobile
            lead.phone = ""
            self.planner.set_mobile(lead, mobile)
            lead.verdicts.update(phones.verdicts(mobile))
            self.planted.note("suspect_phone", lead=lead)

    def _plan_shared_identifiers(self, scale: float) -> None:
        dice = self.dice
        for _ in range(max(1, round(scale / 1.5))):
            agent = phones.new_mobile(dice, self.planner.population.mobiles)
            for _ in range(8):
                lead = self.planner.add(
                    self._someone(), "partner", self.planner.instant(), "agent_phone"
                )
                self.planner.set_mail(lead, lead.person.email)
                lead.phone = ""
                self.planner.set_mobile(lead, agent)
                lead.shared |= {"mobile"}
                self.planted.note("agent_phone", lead=lead, mobile=agent)
        for _ in range(max(1, round(scale / 3))):
            company = dice.pick(self.planner.population.companies)
            for _ in range(5):
                lead = self.planner.add(
                    self._someone(company=company), "content", self.planner.instant()
                )
                self.planner.set_mail(lead, f"xinxibu8@{company.domain}")
                lead.phone = ""
                self.planner.set_mobile(lead, lead.person.mobile)
                lead.shared |= {"email"}
                self.planted.note("shared_mailbox", lead=lead)
        company = dice.pick(self.planner.population.companies)
        mobile = phones.new_mobile(dice, self.planner.population.mobiles)
        names: set[str] = set()
        while len(names) < 3:  # exactly three names: still a key
            person = self._someone(company=company)
            if person.full_name in names:
                continue
            names.add(person.full_name)
            lead = self.planner.add(person, "outbound", self.planner.instant(), "three_names")
            lead.email = lead.email_clean = lead.phone = ""
            self.planner.set_mobile(lead, mobile)
            self.planted.note("three_names_mobile", lead=lead, mobile=mobile)
        for _ in range(max(3, round(15 * scale))):
            lead = self.planner.add(
                self._someone(), self._form_channel(), self.planner.instant(), "role_mailbox"
            )
            self.planner.set_mail(
                lead, f"{dice.pick(words.ROLE_MAILBOXES)}@{lead.person.company.domain}"
            )
            lead.shared |= {"email"}
            self.planted.note("role_mailbox", lead=lead)
        for _ in range(max(2, round(2.5 * scale))):
            company = dice.pick(self.planner.population.companies)
            for _ in range(5):
                lead = self.planner.add(
                    self._someone(company=company),
                    self._form_channel(),
                    self.planner.instant(),
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
            person = self.planner.population.add_person(company=company, name=full)
            person.last_name, person.first_name, person.full_name = last, first, full
            person.title = dice.pick(("IT Director", "IT Manager", "CTO", "VP Sales"))
            person.email = f"{first.lower()}.{last.lower()}@{domain}"
            person.mobile = f"+65 9{dice.between(100, 999)} {dice.between(1000, 9999)}"
            lead = self.planner.add(
                person, dice.pick(("organic_search", "direct", "referral")), self.planner.instant()
            )
            self.planner.set_mail(lead, person.email)
            lead.mobile = lead.mobile_clean = ""
            lead.phone = person.mobile
            self.planted.note("abroad", lead=lead)

    def _plan_five_channels(self, count: int) -> None:
        """The same person through five channels, each telling another part of the identifiers."""
        channels = ("content", "webinar", "phone", "wecom", "offline_event")
        for _ in range(count):
            person = self._someone()
            at = self.planner.instant(30, 500)
            for channel in channels:
                lead = self.planner.add(person, channel, at, "five_channels")
                lead.email = lead.email_clean = lead.phone = lead.mobile = lead.mobile_clean = ""
                if channel in ("content", "webinar"):
                    self.planner.set_mail(lead, person.email)
                if channel != "webinar":
                    self.planner.set_mobile(lead, person.mobile)
                self.planted.note("five_channels", lead=lead, person=person.number)
                at += self.dice.between(3, 40) * clock.DAY + self.dice.between(60, 30000)

    def _plan_duplicate_boundary(self) -> None:
        """Ninety days to the second is a duplicate, an hour more is not."""
        for extra, label in ((0, "exactly_90_days"), (3600, "over_90_days")):
            person = self._someone()
            first = self.planner.add(
                person, "organic_search", self.planner.instant(150, 400), "boundary"
            )
            second = self.planner.add(
                person, "direct", first.created_at + DUPLICATE_DAYS * clock.DAY + extra, "boundary"
            )
            for lead in (first, second):
                lead.phone = ""
                self.planner.set_mobile(lead, person.mobile)
            self.planted.note(label, lead=second, of=first)

    def _plan_contradictions(self) -> None:
        """The CRM says referral, the visit says search: the CRM's source goes first."""
        for _ in range(4):
            lead = self.planner.add(self._someone(), "referral", self.planner.instant())
            lead.capture, lead.web_channel = "form", "organic_search"
            self.planted.note("source_against_utm", lead=lead)

    def _plan_merges(self, count: int) -> None:
        """The CRM merges leads of one person; every third pair is known to nobody else."""
        for i in range(count):
            person = self._someone()
            chain = 3 if i % 4 == 0 else 2
            winner = self.planner.add(
                person, self._form_channel(), self.planner.instant(10, 560), "merge_winner"
            )
            losers: list[Lead] = []
            for _ in range(chain - 1):
                at = self.planner.after(losers[-1] if losers else winner, 1, 20)
                loser = self.planner.add(person, self._form_channel(), at, "merge_loser")
                if i % 3 == 1:
                    self.planner.mistype(loser)
                losers.append(loser)
            at = losers[-1].created_at
            # A into B, then B into C: the newest first, the oldest lead survives.
            for loser, into in zip(losers[::-1], [*losers[:-1][::-1], winner], strict=True):
                at = clock.crm_time(at + self.dice.between(1, 9) * clock.DAY + 5000)
                loser.merged_into, loser.merged_at = into, at
                self.planted.note("merge_chain" if chain == 3 else "merge", lead=loser, into=into)
