"""Companies, and the people who work there with the numbers, addresses and devices they own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.identity_world.chinese import Chinese
from tests.identity_world.english import English
from tests.identity_world.language import CompanyName, Dice, Language, Name
from tests.identity_world.parameters import Parameters

DAYS = 730  # the simulated window, in days since its first
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = tuple(3**place % 31 for place in range(17))


@dataclass(slots=True, eq=False)
class Company:
    """A legal person. `domains` may be empty; a subsidiary may share them with its parent."""

    number: int
    name: CompanyName
    domains: list[str]
    switchboard: str
    credit_code: str
    parent: Company | None = None
    branches: list[str] = field(default_factory=list)
    staff: list[Person] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Job:
    """Where somebody works from a day on, with the mailbox there ('' when none)."""

    since: float
    company: Company
    email: str
    title: str


@dataclass(slots=True, eq=False)
class Person:
    """A human being with what really belongs to him or her."""

    number: int
    name: Name
    former_name: Name | None
    jobs: list[Job]
    mobiles: list[tuple[float, str]]  # (since day, number); the last one that has begun counts
    second_mobile: str
    private_mail: str
    cookies: list[str]
    unionid: str
    external_userid: str
    openids: dict[str, str]
    is_agent: bool = False
    secretary: Person | None = None

    def job(self, day: float) -> Job:
        """The job of that day."""
        return next(job for job in reversed(self.jobs) if job.since <= day)

    def mobile(self, day: float) -> str:
        """The mobile number of that day."""
        return next(number for since, number in reversed(self.mobiles) if since <= day)


class Population:
    """Everybody and every company of a world."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self.language: Language = Chinese() if parameters.language == "zh" else English()
        self.dice = Dice(parameters.seed, "population")
        self._taken: set[str] = set()
        self._loose_names: Counter[str] = Counter()
        self.companies: list[Company] = []
        self._make_companies()
        # Few large employers, many small ones.
        weights = [self.dice.paretovariate(1.15) for _ in self.companies]
        employers = self.dice.choices(
            self.companies, [min(w, 60.0) for w in weights], k=parameters.persons
        )
        self.persons = [self._person(number, at) for number, at in enumerate(employers, start=1)]
        self._give_numbers_away()
        self._appoint_secretaries()
        self.agents = self._appoint_agents()
        self.reps = [self._new_mobile() for _ in range(max(3, parameters.persons // 1_800))]
        self.tablets = [
            (self._new_cookie(), self._new_mobile())
            for _ in range(max(2, round(parameters.persons * parameters.tablets)))
        ]

    # -- companies

    def _make_companies(self) -> None:
        parameters, dice = self.parameters, self.dice
        legal_names: set[str] = set()
        while len(self.companies) < parameters.companies:
            parent = None
            if self.companies and dice.chance(parameters.in_group):
                parent = dice.choice(self.companies)
                parent = parent.parent or parent
                name = self.language.subsidiary(dice, parent.name)
            else:
                name = self.language.company(dice)
            if name.legal in legal_names:
                continue
            legal_names.add(name.legal)
            company = Company(
                number=len(self.companies) + 1,
                name=name,
                domains=self._domains(name, parent),
                switchboard=self.language.landline(dice, name.city),
                credit_code=self._credit_code(),
                parent=parent,
            )
            if dice.chance(parameters.branches):
                company.branches = [
                    self.language.branch(dice, name) for _ in range(dice.randint(1, 3))
                ]
            self.companies.append(company)

    def _domains(self, name: CompanyName, parent: Company | None) -> list[str]:
        if parent and parent.domains and self.dice.chance(self.parameters.group_domain):
            return parent.domains
        if not self.dice.chance(self.parameters.own_domain):
            return []
        domains = [self._domain(name.domain)]
        if self.dice.chance(self.parameters.second_domain):
            domains.append(self._domain(name.domain))
        return domains

    def _domain(self, base: str) -> str:
        for suffix in self.language.mail_suffixes:
            if base + suffix not in self._taken and self.dice.chance(0.7):
                self._taken.add(base + suffix)
                return base + suffix
        return self._domain(base + self.dice.choice(("-cn", "group", "tech", "1", "sh", "hq", "x")))

    def _credit_code(self) -> str:
        """A unified social credit code with its check character (GB 32100-2015)."""
        body = (
            "91"
            + f"{self.dice.randint(110000, 659000)}"
            + "".join(self.dice.choices(_CODE_ALPHABET, k=9))
        )
        total = sum(
            _CODE_ALPHABET.index(char) * weight
            for char, weight in zip(body, _CODE_WEIGHTS, strict=True)
        )
        return body + _CODE_ALPHABET[-total % 31]

    def means_one_company(self, text: str) -> bool:
        """Whether a name without city or legal form fits one company of the world only."""
        if not self._loose_names:
            for company in self.companies:
                names = {
                    *self.language.short_names(company.name),
                    *self.language.loose_names(company.name),
                    company.name.legal,
                }
                self._loose_names.update(names)
        return self._loose_names[text] == 1

    # -- people

    def _person(self, number: int, employer: Company) -> Person:
        parameters, dice = self.parameters, self.dice
        name = self.language.name(dice)
        former = None
        jobs = [self._job(0.0, employer, name)]
        if dice.chance(parameters.job_change):
            since = dice.uniform(60, DAYS - 30)
            jobs.append(self._job(since, dice.choice(self.companies), name))
            if parameters.language == "en" and dice.chance(0.1):
                former, name = name, self.language.married(dice, name)
        mobiles = [(0.0, self._new_mobile())]
        if dice.chance(parameters.number_change):
            mobiles.append((dice.uniform(90, DAYS - 90), self._new_mobile()))
        person = Person(
            number=number,
            name=name,
            former_name=former,
            jobs=jobs,
            mobiles=mobiles,
            second_mobile=self._new_mobile() if dice.chance(parameters.second_mobile) else "",
            private_mail=self._private_mail(name) if dice.chance(parameters.private_mail) else "",
            cookies=[
                self._new_cookie()
                for _ in range(dice.choices((1, 2, 3, 4), weights=(50, 33, 12, 5))[0])
            ],
            unionid=f"o6_bm{self._token(22)}" if dice.chance(parameters.unionid_known) else "",
            external_userid=f"wm{self._token(30)}",
            openids={},
        )
        employer.staff.append(person)
        return person

    def _job(self, since: float, company: Company, name: Name) -> Job:
        email = ""
        if company.domains and self.dice.chance(self.parameters.corporate_mail):
            email = self._new_mail(self._corporate_local(name), self.dice.choice(company.domains))
        return Job(since, company, email, self.dice.choice(self.language.titles))

    def _corporate_local(self, name: Name) -> str:
        family, given = name.latin_family, name.latin_given
        return self.dice.choice(
            (f"{family}{given}", f"{given}.{family}", f"{family}{given[0]}", f"{given[0]}{family}",
             f"{given}{family[0]}", given)
        )  # fmt: skip

    def _private_mail(self, name: Name) -> str:
        domain = self.language.free_mail.draw(self.dice)
        if domain in ("qq.com", "foxmail.com") and self.dice.chance(0.75):
            return self._new_mail(str(self.dice.randint(10_000_000, 3_900_000_000)), domain)
        if domain == "139.com":
            return self._new_mail(self.language.mobile(self.dice), domain)
        family, given = name.latin_family, name.latin_given
        local = self.dice.choice((f"{family}{given}", f"{given}.{family}", f"{given}{family}"))
        return self._new_mail(
            f"{local}{self.dice.choice(('', str(self.dice.randint(1, 2025))))}", domain
        )

    def _new_mail(self, local: str, domain: str) -> str:
        mail = f"{local}@{domain}"
        # Dots mean nothing to some providers: people there never differ by dots alone.
        while mail.replace(".", "") in self._taken:
            mail = f"{local}{self.dice.randint(1, 9999)}@{domain}"
        self._taken.add(mail.replace(".", ""))
        return mail

    def _new_mobile(self) -> str:
        while (number := self.language.mobile(self.dice)) in self._taken:
            pass
        self._taken.add(number)
        return number

    def _new_cookie(self) -> str:
        return f"{self.dice.getrandbits(64):016x}"

    def _token(self, length: int) -> str:
        return "".join(
            self.dice.choices(
                "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz0123456789_-", k=length
            )
        )

    # -- relations between people

    def _give_numbers_away(self) -> None:
        """Numbers given up are sold again some months later."""
        for person in [p for p in self.persons if len(p.mobiles) > 1]:
            if self.dice.chance(self.parameters.recycled):
                since = person.mobiles[1][0] + self.dice.uniform(90, 200)
                heir = self.dice.choice(self.persons)
                if since < DAYS and heir is not person and len(heir.mobiles) == 1:
                    heir.mobiles.append((since, person.mobiles[0][1]))

    def _appoint_secretaries(self) -> None:
        for person in self.persons:
            staff = person.jobs[0].company.staff
            if len(staff) > 2 and self.dice.chance(self.parameters.secretary):
                secretary = self.dice.choice(staff)
                if secretary is not person and secretary.secretary is None:
                    person.secretary = secretary

    def _appoint_agents(self) -> list[Person]:
        agents = self.dice.sample(
            self.persons, max(2, round(len(self.persons) * self.parameters.agents))
        )
        for agent in agents:
            agent.is_agent = True
        return agents

    def colleague(self, dice: Dice, person: Person, day: float) -> Person | None:
        """Somebody else who began in the same company."""
        staff = person.job(day).company.staff
        other = dice.choice(staff) if staff else person
        return None if other is person else other
