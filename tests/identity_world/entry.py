"""What is typed about a person at one occasion, by himself or by somebody else, noise included."""

from __future__ import annotations

from dataclasses import dataclass

from tests.identity_world.language import Dice, full_width, mistyped, mistyped_digits
from tests.identity_world.population import Company, Person, Population

NOBODY = 0
_DOTLESS = {"gmail.com", "googlemail.com"}


@dataclass(frozen=True, slots=True)
class Value:
    """One identifier as written and in canonical form, and whose it is (0: nobody's or many's)."""

    kind: str
    raw: str
    canonical: str
    owner: int


@dataclass(slots=True)
class Entry:
    """One occasion. `company` is the legal person meant, whether it shows or not."""

    person: Person
    day: float
    company: Company
    name: str = ""
    email: Value | None = None
    phone: Value | None = None
    mobile: Value | None = None
    company_text: str = ""
    company_name: Value | None = None
    title: str = ""

    @property
    def identifiers(self) -> list[Value]:
        """What may tell the person."""
        return [value for value in (self.email, self.phone, self.mobile) if value]

    @property
    def company_evidence(self) -> list[Value]:
        """What tells the company: its name, its mail domain, its switchboard."""
        evidence = [self.company_name] if self.company_name else []
        domain = self.email.canonical.partition("@")[2] if self.email else ""
        if domain in self.company.domains:
            evidence.append(Value("domain", domain, domain, self.company.number))
        evidence += [
            Value("switchboard", value.raw, value.canonical, self.company.number)
            for value in (self.phone, self.mobile)
            if value and value.canonical == self.company.switchboard
        ]
        return evidence


def canonical_mail(mail: str) -> str:
    """The mailbox an address reaches: providers that ignore dots and tags are read so."""
    local, _, domain = mail.lower().partition("@")
    if domain in _DOTLESS:
        return f"{local.partition('+')[0].replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def company_name(population: Population, company: Company, text: str, kind: str) -> Value:
    """What a text tells: the `same` name, a `loose` one that fits one company, or a `wrong` one."""
    tells = kind == "same" or (kind == "loose" and population.means_one_company(text))
    canonical = company.name.legal if tells else text
    return Value("company_name", text, canonical, company.number if tells else NOBODY)


class Scribe:
    """Fills in forms for people."""

    def __init__(self, population: Population, label: str) -> None:
        self.population = population
        self.parameters = population.parameters
        self.language = population.language
        self.dice = Dice(population.parameters.seed, label)

    def entry(self, person: Person, day: float, *, by_staff: bool = False) -> Entry:
        """What is written about a person; `by_staff`: by an agent or sales person, from hearsay."""
        dice, parameters = self.dice, self.parameters
        job = person.job(day)
        if job is not person.jobs[0] and dice.chance(parameters.stale_job):
            job = person.jobs[0]
        entry = Entry(person, day, job.company, title=job.title if dice.chance(0.7) else "")
        entry.name = self._name(person, day, by_staff=by_staff)
        entry.email = self._email(person, job.email, job.company)
        entry.phone, entry.mobile = self._phones(person, day, job.company, by_staff=by_staff)
        entry.company_text, entry.company_name = self._company(job.company)
        if dice.chance(parameters.on_behalf) and not person.is_agent:
            self._register_for(entry, dice.choice(self.population.agents))
        return entry

    # -- name

    def _name(self, person: Person, day: float, *, by_staff: bool) -> str:
        dice, parameters, language = self.dice, self.parameters, self.language
        name = person.name
        if person.former_name and day < person.jobs[-1].since:
            name = person.former_name
        style = dice.random()
        for rate, write in (
            (parameters.no_name, lambda: ""),
            (parameters.honorific * (4 if by_staff else 1), lambda: language.honorific(dice, name)),
            (parameters.romanised, lambda: language.romanised(dice, name)),
            (parameters.nickname, lambda: name.nickname),
            (parameters.given_name_only, lambda: name.given),
            (parameters.name_typo, lambda: language.name_typo(dice, name.full)),
            (parameters.traditional, lambda: language.traditional(name.full)),
        ):
            if style < rate:
                return write()
            style -= rate
        return name.full

    # -- addresses

    def _email(self, person: Person, corporate: str, company: Company) -> Value | None:
        dice, parameters = self.dice, self.parameters
        if dice.chance(parameters.no_email):
            return None
        if dice.chance(parameters.junk_email):
            junk = dice.choice(
                ("test@test.com", "123@qq.com", "a@a.com", "123456@qq.com", "1@1.com", "no@no.com",
                 "111111@163.com", "abc@abc.com", "none", "xx@xx.com", "asdf@asdf.com")
            )  # fmt: skip
            return Value("email", junk, junk, NOBODY)
        if company.domains and dice.chance(parameters.role_mailbox):
            role = f"{dice.choice(self.language.role_locals)}@{company.domains[0]}"
            return Value("email", role, role, NOBODY)
        own = [mail for mail in (corporate, person.private_mail) if mail]
        if not own:
            return None
        mail, owner = dice.choices(own, weights=(70, 30)[: len(own)])[0], person.number
        if dice.chance(parameters.colleague_email):
            other = dice.choice(company.staff) if company.staff else person
            if other.jobs[0].email:
                mail, owner = other.jobs[0].email, other.number
        if dice.chance(parameters.email_typo):
            local, _, domain = mail.partition("@")
            wrong = (
                f"{mistyped(dice, local)}@{domain}"
                if dice.chance(0.7)
                else f"{local}@{mistyped(dice, domain)}"
            )
            return Value("email", wrong, wrong.lower(), NOBODY)
        return Value("email", self._spelt_mail(mail), canonical_mail(mail), owner)

    def _spelt_mail(self, mail: str) -> str:
        dice = self.dice
        if not dice.chance(self.parameters.odd_email_spelling):
            return mail
        local, _, domain = mail.partition("@")
        if domain in _DOTLESS:
            dotted = local.replace(".", "")
            dotted = f"{dotted[:2]}.{dotted[2:]}" if len(dotted) > 4 else dotted
            return dice.choice(
                (
                    f"{dotted}@{domain}",
                    f"{local}+work@{domain}",
                    f"{local.replace('.', '')}@gmail.com",
                )
            )
        return dice.choice(
            (mail.title(), mail.upper(), f" {mail}", f"{mail} ", full_width(mail), f"<{mail}>",
             mail.replace("@", "＠"), f"{local}@{domain.title()}", f"mailto:{mail}", f"{mail}　")
        )  # fmt: skip

    # -- numbers

    def _phones(
        self, person: Person, day: float, company: Company, *, by_staff: bool
    ) -> tuple[Value | None, Value | None]:
        """What stands in the phone field and in the mobile field."""
        dice, parameters = self.dice, self.parameters
        if dice.chance(parameters.no_phone):
            return None, None
        line = self.language.written_landline(dice, company.switchboard)
        switchboard = Value("phone", line, company.switchboard, NOBODY)
        if dice.chance(parameters.switchboard_as_mobile):
            return None, switchboard
        mobile = self._mobile(person, day, company, by_staff=by_staff)
        if dice.chance(parameters.switchboard):
            return switchboard, mobile if dice.chance(0.5) else None
        return None, mobile

    def _mobile(self, person: Person, day: float, company: Company, *, by_staff: bool) -> Value:
        dice, parameters = self.dice, self.parameters
        if dice.chance(parameters.junk_phone):
            junk = self.language.junk_phone(dice)
            return Value("phone", junk, junk, NOBODY)
        if by_staff and dice.chance(parameters.rep_phone * 3):
            rep = dice.choice(self.population.reps)
            return Value("phone", self.spelt_mobile(rep), rep, NOBODY)
        number, owner = person.mobile(day), person.number
        if person.second_mobile and dice.chance(0.3):
            number = person.second_mobile
        if person.secretary and dice.chance(0.7):
            number, owner = person.secretary.mobile(day), person.secretary.number
        elif dice.chance(parameters.colleague_phone) and company.staff:
            other = dice.choice(company.staff)
            number, owner = other.mobile(day), other.number
        if dice.chance(parameters.phone_typo):
            wrong = mistyped_digits(dice, number)
            return Value("phone", wrong, wrong, NOBODY)
        return Value("phone", self.spelt_mobile(number), number, owner)

    def spelt_mobile(self, number: str) -> str:
        if self.dice.chance(self.parameters.odd_phone_spelling):
            return self.language.written_mobile(self.dice, number)
        return number

    # -- company

    def _company(self, company: Company) -> tuple[str, Value | None]:
        """The text in the company field, and what it tells, if anything.

        A branch is part of the legal person: its name tells the company.
        """
        dice, parameters, name = self.dice, self.parameters, company.name
        if dice.chance(parameters.no_company):
            return "", None
        if dice.chance(parameters.junk_company):
            return dice.choice(self.language.junk_companies), None
        style = dice.random()
        text, kind = name.legal, "same"
        for rate, other, write in (
            (
                parameters.short_company,
                "loose",
                lambda: dice.choice(self.language.short_names(name)),
            ),
            (
                parameters.loose_company,
                "loose",
                lambda: dice.choice(self.language.loose_names(name)),
            ),
            (parameters.company_typo, "wrong", lambda: self.language.name_typo(dice, name.legal)),
            (
                parameters.company_spelling,
                "same",
                lambda: self.language.respelt_company(dice, name),
            ),
            (
                parameters.branch_named,
                "same",
                lambda: dice.choice(company.branches or [name.legal]),
            ),
        ):
            if style < rate:
                text, kind = write(), other
                break
            style -= rate
        return text, company_name(self.population, company, text, kind)

    # -- somebody registers for a client

    def _register_for(self, entry: Entry, agent: Person) -> None:
        """The client's name and company, but the agent's address, number, or both."""
        job = agent.job(entry.day)
        what = self.dice.random()
        mail = job.email or agent.private_mail
        if mail and what < 0.8:
            entry.email = Value("email", self._spelt_mail(mail), canonical_mail(mail), agent.number)
        if what > 0.35 or not mail:
            number = agent.mobile(entry.day)
            entry.phone = None
            entry.mobile = Value("phone", self.spelt_mobile(number), number, agent.number)
