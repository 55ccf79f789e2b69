"""What the CRMs and the mailing tool make of the leads: accounts, contacts, merges, corrections."""

from __future__ import annotations

from collections import defaultdict
from hashlib import md5
from itertools import pairwise

from tests.identity_world.channels import Channels
from tests.identity_world.entry import NOBODY, Entry, Scribe, Value, company_name
from tests.identity_world.language import Dice
from tests.identity_world.population import DAYS, Company, Population
from tests.identity_world.records import DELIVERY_DAYS, Book, Record, instant, text

Lead = tuple[Record, Entry, dict[str, str], int]


def account_link(system: str, account: str, company: Company) -> Value:
    """A reference to an account of a CRM."""
    return Value("account", f"{system}:{account}", f"{system}:{account}", company.number)


class Crm:
    """Works on the leads that the channels left."""

    def __init__(self, population: Population, book: Book, channels: Channels) -> None:
        self.population = population
        self.parameters = population.parameters
        self.book = book
        self.leads = channels.leads
        self.dice = Dice(self.parameters.seed, "crm")
        self.scribe = Scribe(population, "contacts")
        self._accounts: dict[tuple[str, int], list[str]] = {}
        self._contacts: dict[tuple[str, int], list[tuple[str, str, int]]] = {}
        self._counts: dict[str, int] = defaultdict(int)

    def run(self) -> None:
        """Convert, correct, merge, deliver; then write to people."""
        by_person: dict[tuple[str, int], list[Lead]] = defaultdict(list)
        for lead in sorted(self.leads, key=lambda lead: (lead[1].day, lead[0].key)):
            self._convert(lead)
            by_person[lead[0].source_system, lead[0].person].append(lead)
        self._merge_leads(by_person)
        self._merge_contacts()
        for lead in self.leads:
            self._deliver(lead)
        self._write_messages()

    # -- accounts and contacts

    def _convert(self, lead: Lead) -> None:
        record, entry, cells, delivery = lead
        if not self.dice.chance(self.parameters.converted) or not entry.company_text:
            return
        system = record.source_system
        account = self._account(system, entry.company, entry.day, delivery)
        contact, owner = self._contact(lead, account)
        cells["converted_contact_id"], cells["converted_account_id"] = contact, account
        cells["converted_at"] = text(instant(entry.day))
        record.values.append(
            Value("crm_contact", f"{system}:{contact}", f"{system}:{contact}", owner)
        )
        record.company_values = [
            *record.company_values, account_link(system, account, entry.company)
        ]  # fmt: skip

    def _account(self, system: str, company: Company, day: float, delivery: int) -> str:
        dice, parameters = self.dice, self.parameters
        known = self._accounts.setdefault((system, company.number), [])
        if known and not dice.chance(parameters.account_duplicate):
            return dice.choice(known)
        self._counts[system] += 1
        account = f"A{self._counts[system]:06d}"  # both systems count from 1
        known.append(account)
        language = self.population.language
        name, kind = company.name.legal, "same"
        if dice.chance(0.12):
            name = language.respelt_company(dice, company.name)
        elif dice.chance(0.10):
            name, kind = dice.choice(language.loose_names(company.name)), "loose"
        domain = company.domains[0] if company.domains and dice.chance(0.7) else ""
        code = company.credit_code if dice.chance(parameters.credit_code) else ""
        if code and dice.chance(parameters.wrong_credit_code):
            code = dice.choice(self.population.companies).credit_code
        if self.population.language.country != "CN":
            code = ""
        owner = company.number
        evidence = [
            account_link(system, account, company),
            company_name(self.population, company, name, kind),
        ]
        if domain:
            evidence.append(Value("domain", domain, domain, owner))
        if code:
            evidence.append(
                Value("credit_code", code, code, owner if code == company.credit_code else NOBODY)
            )
        self.book.add(Record("crm_account", system, account, 0, owner, company_values=evidence))
        self.book.row(
            "crm_accounts", system, delivery, account_id=account, name=name,
            domain=domain,
            unified_credit_code=code, created_at=text(instant(day)),
        )  # fmt: skip
        if len(known) > 1 and dice.chance(0.3):
            self._merge("account", system, account, known[0], day, delivery)
        return account

    def _contact(self, lead: Lead, account: str) -> tuple[str, int]:
        """The contact a lead becomes, and whose it is: sometimes a colleague's by mistake."""
        record, entry, _, delivery = lead
        dice, parameters, system = self.dice, self.parameters, record.source_system
        person = entry.person
        if dice.chance(parameters.wrong_contact):
            for other in entry.company.staff:
                if other is not person and (system, other.number) in self._contacts:
                    return self._contacts[system, other.number][0][0], other.number
        known = self._contacts.setdefault((system, person.number), [])
        if known and dice.chance(parameters.contact_reused):
            return known[-1][0], person.number
        self._counts[f"{system} contact"] += 1
        number = self._counts[f"{system} contact"]
        contact = f"K{number:06d}" if system == "crm" else f"003{number:07d}"
        known.append((contact, account, delivery))
        # Sales cleans up what it converts, and asks again for what is missing.
        said = self.scribe.entry(person, entry.day, by_staff=True) if dice.chance(0.4) else entry
        link = f"{system}:{contact}"
        values = [*said.identifiers, Value("crm_contact", link, link, person.number)]
        said.company_name = entry.company_name
        evidence = [*said.company_evidence, account_link(system, account, entry.company)]
        self.book.add(
            Record(
                "crm_contact",
                system,
                contact,
                person.number,
                entry.company.number,
                values,
                evidence,
            )
        )
        self.book.row(
            "crm_contacts", system, delivery, contact_id=contact, account_id=account,
            full_name=said.name, email=said.email.raw if said.email else "",
            phone=said.phone.raw if said.phone else "",
            mobile_phone=said.mobile.raw if said.mobile else "", title=said.title,
            company_name=entry.company_text, created_at=text(instant(entry.day)),
        )  # fmt: skip
        return contact, person.number

    # -- merges

    def _merge_leads(self, by_person: dict[tuple[str, int], list[Lead]]) -> None:
        dice, parameters = self.dice, self.parameters
        for (system, _), leads in by_person.items():
            for first, second in pairwise(leads):
                (loser, _, cells, delivery), (winner, entry, _, later) = first, second
                if dice.chance(parameters.merged):
                    owner = loser.person
                    self._link_leads(system, loser, winner, owner, entry.day, max(delivery, later))
                    if dice.chance(parameters.deleted_loser):
                        cells["_deleted_by_merge"] = "true"
        solitary = [leads[0] for leads in by_person.values() if len(leads) == 1]
        for loser, entry, _, delivery in solitary:
            if dice.chance(parameters.wrong_merge * parameters.merged * 0.3):
                other = dice.choice(solitary)
                if other[0].source_system == loser.source_system and other[0] is not loser:
                    day = max(entry.day, other[1].day)
                    later = max(delivery, other[3])
                    self._link_leads(loser.source_system, loser, other[0], 0, day, later)

    def _link_leads(
        self, system: str, loser: Record, winner: Record, owner: int, day: float, delivery: int
    ) -> None:
        pair = f"{system}:{loser.record_id}>{winner.record_id}"
        for record in (loser, winner):
            record.values.append(Value("crm_merge", pair, pair, owner))
        self._merge("lead", system, loser.record_id, winner.record_id, day, delivery)

    def _merge_contacts(self) -> None:
        for (system, person), known in self._contacts.items():
            for (loser, _, _), (winner, _, delivery) in pairwise(known):
                if self.dice.chance(0.5):
                    pair = f"{system}:{loser}>{winner}"
                    for contact in (loser, winner):
                        self.book.records["crm_contact", system, contact].values.append(
                            Value("crm_merge", pair, pair, person)
                        )
                    self._merge("contact", system, loser, winner, 0.0, delivery)

    def _merge(
        self, kind: str, system: str, loser: str, winner: str, day: float, delivery: int
    ) -> None:
        self.book.row(
            "crm_merge_log", system, delivery, object_type=kind, winner_id=winner, loser_id=loser,
            merged_at=text(instant(day)) if day else "", source="manual",
        )  # fmt: skip

    # -- deliveries of the leads

    def _deliver(self, lead: Lead) -> None:
        """One row per version: the first words, and sometimes a correction in a later delivery."""
        record, _, cells, delivery = lead
        dice = self.dice
        deleted = cells.pop("_deleted_by_merge", "")
        last = len(DELIVERY_DAYS) - 1
        if delivery < last and dice.chance(self.parameters.corrected):
            delivery = self._correct(lead, dice.randint(delivery + 1, last))
        self.book.row("crm_leads", record.source_system, delivery, **cells)
        if deleted and delivery < last:
            gone = {
                **cells,
                "updated_at": text(instant(DELIVERY_DAYS[delivery] + 1)),
                "_is_deleted": "true",
            }
            self.book.row("crm_leads", record.source_system, delivery + 1, **gone)

    def _correct(self, lead: Lead, later: int) -> int:
        """Deliver a first version with other words; the last version is the lead as it is."""
        record, entry, cells, delivery = lead
        first = self.scribe.entry(entry.person, entry.day, by_staff=True)
        old = {
            **cells,
            "full_name": first.name,
            "email": first.email.raw if first.email else "",
            "mobile_phone": first.mobile.raw if first.mobile else "",
        }
        self.book.row("crm_leads", record.source_system, delivery, **old)
        cells["updated_at"] = text(instant(min(DAYS - 1.0, DELIVERY_DAYS[later - 1] + 5)))
        return later

    # -- messages

    def _write_messages(self) -> None:
        """Mailings to addresses as they stand on leads; they reach who owns the address."""
        dice = self.dice
        for record, entry, _, delivery in self.leads:
            if not dice.chance(0.20):
                continue
            kind, key, value = "lead_id", record.record_id, None
            if entry.email and "@" in entry.email.raw and dice.chance(0.6):
                kind, key, value = "email", entry.email.raw.strip(" 　"), entry.email
            elif entry.mobile and dice.chance(0.7):
                kind, key, value = "mobile", entry.mobile.raw.strip(" 　"), entry.mobile
            if value is None:
                value = Value("crm_lead", key, key, record.person)
                record.values.append(value)
            self.book.add(
                Record(
                    # The warehouse publishes ids, not addresses: the id holds the MD5 of one.
                    "message_recipient",
                    "engagement",
                    f"{kind}|{md5(key.encode()).hexdigest()}",
                    value.owner,
                    values=[value],
                )
            )
            self._counts["send"] += 1
            self.book.row(
                "message_sends", "engagement", delivery, send_id=f"S{self._counts['send']:06d}",
                channel="sms" if kind == "mobile" else "email", person_key_type=kind,
                person_key=key, sent_at=text(instant(min(DAYS - 1.0, entry.day + 3))),
                purpose="marketing",
            )  # fmt: skip
