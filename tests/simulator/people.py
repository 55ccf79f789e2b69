"""Companies and the people who work there, before anybody visits a web site."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.simulator import phones
from tests.simulator import vocabulary as words
from tests.simulator.dice import Dice, Weighted

_COMPANIES_PER_LEAD = 0.235
_PEOPLE_PER_LEAD = 1.25
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(slots=True, eq=False)
class Company:
    """A legal person."""

    number: int
    core_name: str
    legal_name: str
    city: str
    province: str
    domain: str
    industry: str
    employees: int
    credit_code: str
    switchboard: str
    country: str = "CN"
    account_id: str = ""
    people: list[Person] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Person:
    """A human being with the identifiers that really belong to him or her."""

    number: int
    last_name: str
    first_name: str
    full_name: str
    company: Company
    title: str
    email: str
    free_email: str
    mobile: str
    unionid: str
    external_userid: str
    intent: float  # how much the person wants a solution: moves behaviour and conversion

    @property
    def is_decision_maker(self) -> bool:
        """Return whether the title is one of a decision maker."""
        return self.title in words.DECISION_TITLES


class Population:
    """All companies and people, and the identifiers already given away."""

    def __init__(self, n_leads: int, seed: int) -> None:
        self.dice = Dice(seed, "population")
        self.mobiles: set[str] = set(phones.JUNK_MOBILES) | set(phones.SUSPECT_MOBILES)
        self.emails: set[str] = set()
        self.people: list[Person] = []
        self._lines: set[str] = set()
        self._domains: set[str] = set()
        self._company_count = 0
        self._surnames = Weighted({s: w for s, (_, w) in words.SURNAMES.items()})
        self._free_mail = Weighted(words.FREE_MAIL)
        self._titles = Weighted(words.DECISION_TITLES), Weighted(words.OTHER_TITLES)
        self._given = list(words.GIVEN)
        self.companies = self._make_companies(max(40, round(n_leads * _COMPANIES_PER_LEAD)))
        self._employers = Weighted(
            {i: 1.0 + min(c.employees, 3000) ** 0.4 for i, c in enumerate(self.companies)}
        )
        for _ in range(max(60, round(n_leads * _PEOPLE_PER_LEAD))):
            self.add_person()

    # -- companies ----------------------------------------------------------------------------

    def _make_companies(self, count: int) -> list[Company]:
        cities = Weighted({city: weight for city, (_, weight) in words.CITIES.items()})
        business = list(words.BUSINESS)
        companies: list[Company] = []
        names: set[str] = set()
        while len(companies) < count:
            city = self.dice.weighted(cities)
            root = self.dice.pick(list(words.ROOT_FIRST)) + self.dice.pick(list(words.ROOT_SECOND))
            word = self.dice.pick(business)
            core = root + word
            if core in names:
                if len(names) < 0.9 * 28 * 28 * len(business):
                    continue
                core = f"{root}{len(names)}{word}"  # benchmark worlds outgrow the word list
            names.add(core)
            form = "股份有限公司" if self.dice.chance(0.18) else "有限公司"
            companies.append(
                self.add_company(core, f"{city}{core}{form}", city, self._domain(root, word))
            )
            companies[-1].industry = words.BUSINESS[word][1]
        for name, domain, industry in words.NEAR_MISS_COMPANIES:
            city = "北京" if name.startswith("北京") else "上海"
            company = self.add_company(name, name, city, domain)
            company.industry = industry
            companies.append(company)
        return companies

    def add_company(self, core: str, legal: str, city: str, domain: str) -> Company:
        """Add a company with its switchboard and register number (not an employer by itself)."""
        self._domains.add(domain)
        self._company_count += 1
        return Company(
            number=self._company_count,
            core_name=core,
            legal_name=legal,
            city=city,
            province=words.CITIES[city][0],
            domain=domain,
            industry="其他",
            employees=max(5, round(self.dice.lognormal(210, 1.3))),
            credit_code=self._credit_code(),
            switchboard=phones.new_fixed_line(self.dice, city, self._lines),
        )

    def _domain(self, root: str, word: str) -> str:
        first, second = words.ROOT_FIRST[root[0]], words.ROOT_SECOND[root[1]]
        base = first + second + self.dice.pick(("", "-", "")) + words.BUSINESS[word][0]
        for suffix in (".com", ".cn", ".com.cn", ".net"):
            if base + suffix not in self._domains and self.dice.chance(0.75):
                return base + suffix
        return f"{base}{len(self._domains)}.com"

    def _credit_code(self) -> str:
        """Return a unified social credit code with its check character (GB 32100-2015)."""
        body = (
            "91"
            + f"{self.dice.between(110000, 650000)}"
            + "".join(self.dice.pick(_CREDIT_ALPHABET) for _ in range(9))
        )
        total = sum(
            _CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body)
        )
        return body + _CREDIT_ALPHABET[(31 - total % 31) % 31]

    # -- people -------------------------------------------------------------------------------

    def add_person(self, company: Company | None = None, name: str | None = None) -> Person:
        """Add a person (a random employer, a random name unless given)."""
        dice = self.dice
        company = company or self.companies[dice.weighted(self._employers)]
        if name is None:
            last = dice.weighted(self._surnames)
            first = dice.pick(self._given)
            if dice.chance(0.62):
                first += dice.pick(self._given)
        else:
            last, first = name[:1], name[1:]
        person = Person(
            number=len(self.people) + 1,
            last_name=last,
            first_name=first,
            full_name=last + first,
            company=company,
            title=dice.weighted(self._titles[0 if dice.chance(0.36) else 1]),
            email=self._corporate_mail(last, first, company),
            free_email=self._private_mail(last, first),
            mobile=phones.new_mobile(dice, self.mobiles),
            unionid=f"oU{len(self.people) + 1:06d}{dice.between(0, 16**8 - 1):08x}",
            external_userid=f"wm{dice.between(0, 16**10 - 1):010x}{len(self.people) + 1:06d}",
            intent=dice.normal(),
        )
        company.people.append(person)
        self.people.append(person)
        return person

    def _corporate_mail(self, last: str, first: str, company: Company) -> str:
        last_py = words.SURNAMES.get(last, ("ce", 0))[0]
        first_py = "".join(words.GIVEN.get(char, "x") for char in first)
        initials = "".join(words.GIVEN.get(char, "x")[0] for char in first)
        local = self.dice.pick(
            (
                last_py + first_py,
                f"{first_py}.{last_py}",
                last_py + initials,
                f"{last_py}.{initials}",
            )
        )
        return self._take_mail(local, company.domain)

    def _private_mail(self, last: str, first: str) -> str:
        domain = self.dice.weighted(self._free_mail)
        if domain in ("qq.com", "foxmail.com") and self.dice.chance(0.7):
            return self._take_mail(str(self.dice.between(10**7, 10**10)), domain)
        first_py = "".join(words.GIVEN.get(char, "x") for char in first)
        last_py = words.SURNAMES.get(last, ("ce", 0))[0]
        return self._take_mail(f"{last_py}{first_py}{self.dice.between(1, 9999)}", domain)

    def _take_mail(self, local: str, domain: str) -> str:
        mail, number = f"{local}@{domain}", 1
        while mail in self.emails:
            number += 1
            mail = f"{local}{number}@{domain}"
        self.emails.add(mail)
        return mail

    # -- the ways people write things ---------------------------------------------------------

    def mistyped_mail(self, dice: Dice, mail: str) -> str:
        """Return the address with two neighbouring letters of the local part exchanged; take it."""
        local, _, domain = mail.partition("@")
        while True:
            place = dice.between(0, max(0, len(local) - 2))
            wrong = local[:place] + local[place + 1 : place + 2] + local[place] + local[place + 2 :]
            if wrong == local:
                wrong = local + dice.pick("abcdefgh")
            if f"{wrong}@{domain}" not in self.emails:
                self.emails.add(f"{wrong}@{domain}")
                return f"{wrong}@{domain}"


def company_as_written(dice: Dice, company: Company) -> str:
    """Return the name of a company the way somebody writes it on a form."""
    style = dice.uniform()
    if style < 0.5 or company.core_name == company.legal_name:
        return company.legal_name
    if style < 0.62:
        return company.core_name
    if style < 0.72:
        return f"{company.core_name}有限公司"
    if style < 0.80:
        return f"({company.city}){company.core_name}有限公司"
    if style < 0.86:
        return company.legal_name.translate(_TO_TRADITIONAL)
    if style < 0.91:
        branch = "上海" if company.city != "上海" else "深圳"
        return f"{company.legal_name}{branch}分公司"
    if style < 0.95:
        return company.legal_name.replace("股份有限公司", "有限公司")
    if style < 0.98:
        return f"　{company.legal_name} "
    return f"{company.city}{company.core_name}股份有限公司"


_TO_TRADITIONAL = str.maketrans(words.TRADITIONAL)


def mail_as_written(dice: Dice, mail: str) -> str:
    """Return an e-mail address the way somebody writes it; the clean form is always the same."""
    style = dice.uniform()
    if style < 0.88:
        return mail
    if style < 0.94:
        return mail.title()
    if style < 0.97:
        return f" {mail} "
    return phones.full_width(mail)
