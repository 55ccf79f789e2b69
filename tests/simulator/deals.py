"""From opportunity to cash: accounts, contacts, contracts, invoices, payments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from tests.simulator import clock, staff
from tests.simulator.dice import Dice
from tests.simulator.leads import Lead
from tests.simulator.people import Company, Person, Population
from tests.simulator.planted import Planted
from tests.simulator.sales import Opportunity, Sales, close_opportunity, new_opportunity

DAY = clock.DAY


@dataclass(slots=True, eq=False)
class Contact:
    """A person as sales knows him or her; ``keys`` are the identifiers the row carries."""

    person: Person
    created_at: int
    owner: str
    role: str
    email: str
    mobile: str
    phone: str
    keys: list[str]
    contact_id: str = ""


@dataclass(slots=True, eq=False)
class Contract:
    """A signed contract; ``opportunity`` is None for renewals that had none."""

    company: Company
    opportunity: Opportunity | None
    kind: str
    signed_at: int
    years: int
    tcv: int
    currency: str
    channel: str = "direct"
    contract_id: str = ""
    invoices: list[Invoice] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Invoice:
    """One instalment."""

    contract: Contract
    issued_at: int
    amount: int
    invoice_id: str = ""
    paid_at: int | None = None


@dataclass(slots=True, eq=False)
class Payment:
    """One receipt, or a refund when the amount is negative."""

    contract: Contract
    invoice: Invoice | None
    received_at: int
    amount: int
    payment_id: str = ""
    names_invoice: bool = True


class Deals:
    """Everything that follows from the opportunities."""

    def __init__(self, seed: int, sales: Sales, population: Population, planted: Planted) -> None:
        self.dice = Dice(seed, "deals")
        self.population = population
        self.planted = planted
        self.opportunities = sales.opportunities
        self.accounts: dict[Company, int] = {}  # company -> created_at
        self.contacts: list[Contact] = []
        self.roles: list[list] = []
        self.contracts: list[Contract] = []
        self.payments: list[Payment] = []
        self._contact_of: dict[Person, Contact] = {}
        self._add_deals_without_lead(len(self.opportunities))
        self.opportunities.sort(key=lambda o: (o.created_at, o.company.number, o.amount))
        for number, opportunity in enumerate(self.opportunities, start=1):
            opportunity.opportunity_id = f"O{number:06d}"
        for opportunity in self.opportunities:
            self._buying_group(opportunity)
        self._number_accounts_and_contacts()
        for opportunity in self.opportunities:
            if opportunity.is_won and opportunity.closed_at:
                self._contract(opportunity)
        self._renewals()
        self._number_money()

    # -- deals sales found alone --------------------------------------------------------------

    def _add_deals_without_lead(self, with_lead: int) -> None:
        dice = self.dice
        for _ in range(max(4, with_lead // 9)):
            person = self.population.add_person()
            at = clock.crm_time(clock.START + dice.between(2 * DAY, (clock.DAYS - 3) * DAY))
            opportunity = new_opportunity(dice, person.company, at, dice.pick(staff.AES))
            opportunity.person = person
            closes = clock.crm_time(at + dice.lognormal(60, 0.5) * DAY)
            won = dice.chance(0.42)
            if closes < clock.END:
                close_opportunity(dice, opportunity, closes, won)
            self.opportunities.append(opportunity)
            if opportunity.is_won:
                self.planted.note("win_without_lead", opportunity=opportunity)

    # -- accounts and people ------------------------------------------------------------------

    def _buying_group(self, opportunity: Opportunity) -> None:
        dice, company = self.dice, opportunity.company
        self.accounts.setdefault(company, opportunity.created_at)
        assert opportunity.person
        main = self._contact(
            opportunity.person, opportunity.created_at, opportunity.owner, opportunity.lead
        )
        opportunity.contact = main
        if opportunity.lead:
            opportunity.lead.contact = main
        self._role(opportunity, main, "决策人" if main.person.is_decision_maker else "使用者", True)
        colleagues = [p for p in company.people if p is not opportunity.person][:6]
        for _ in range(dice.poisson(0.8)):
            if not colleagues:
                break
            colleague = colleagues.pop(dice.between(0, len(colleagues) - 1))
            at = min(
                clock.crm_time(opportunity.created_at + dice.between(1, 20) * DAY), clock.END - 1
            )
            contact = self._contact(colleague, at, opportunity.owner, None)
            self._role(opportunity, contact, dice.pick(("影响者", "采购", "使用者")), False)

    def _role(self, opportunity: Opportunity, contact: Contact, role: str, primary: bool) -> None:
        at = max(opportunity.created_at, contact.created_at)
        self.roles.append([opportunity, contact, role, primary, at])

    def _contact(self, person: Person, at: int, owner: str, lead: Lead | None) -> Contact:
        """Return the person's contact; a new one copies what the converted lead carries."""
        known = self._contact_of.get(person)
        if known:
            known.created_at = min(known.created_at, at)
            return known
        email, mobile = person.email, person.mobile
        if lead and lead.keys:
            email = "" if "email" in lead.shared else lead.email_clean
            mobile = "" if "mobile" in lead.shared else lead.mobile_clean
        abroad = mobile.startswith("+")
        keys = [f"email:{email}"] if email else []
        if mobile and not abroad:
            keys.append(f"mobile:{mobile}")
        contact = Contact(
            person, at, owner, person.title, email, "" if abroad else mobile,
            person.mobile if abroad else person.company.switchboard, keys,
        )  # fmt: skip
        self._contact_of[person] = contact
        self.contacts.append(contact)
        return contact

    def _number_accounts_and_contacts(self) -> None:
        ordered = sorted(self.accounts, key=lambda c: (self.accounts[c], c.number))
        for number, company in enumerate(ordered, start=1):
            company.account_id = f"A{number:05d}"
        self.contacts.sort(key=lambda c: (c.created_at, c.person.number))
        for number, contact in enumerate(self.contacts, start=1):
            contact.contact_id = f"K{number:06d}"

    # -- money --------------------------------------------------------------------------------

    def _contract(self, opportunity: Opportunity) -> None:
        dice = self.dice
        assert opportunity.closed_at
        signed = clock.next_working_time(
            opportunity.closed_at + dice.between(2, 12 * 24) * clock.HOUR
        )
        if signed >= clock.END:
            return
        years = 3 if dice.chance(0.1) else 1
        partner = opportunity.lead is not None and opportunity.lead.channel == "partner"
        contract = Contract(
            opportunity.company, opportunity, opportunity.kind, signed, years, opportunity.amount,
            opportunity.currency, "partner" if partner else "direct",
        )  # fmt: skip
        self._bill(contract)

    def _renewals(self) -> None:
        for contract in list(self.contracts):
            due = contract.signed_at + 365 * contract.years * DAY
            if due + 20 * DAY < clock.END and self.dice.chance(0.78):
                at = clock.next_working_time(due - self.dice.between(-10, 25) * DAY)
                tcv = round(contract.tcv / 100 * (0.95 + 0.25 * self.dice.uniform())) * 100
                self._bill(
                    Contract(contract.company, None, "renewal", at, 1, tcv, contract.currency)
                )

    def _bill(self, contract: Contract) -> None:
        dice = self.dice
        self.contracts.append(contract)
        parts = 1 + int(dice.uniform() ** 2 * 4)
        share, at = contract.tcv // parts, contract.signed_at + 3 * DAY
        for part in range(parts):
            amount = contract.tcv - share * (parts - 1) if part == parts - 1 else share
            issued = clock.next_working_time(int(at))
            if issued >= clock.END:
                break
            invoice = Invoice(contract, issued, amount)
            contract.invoices.append(invoice)
            if dice.chance(0.93):
                self._pay(invoice)
            at += dice.between(60, 110) * DAY

    def _pay(self, invoice: Invoice) -> None:
        dice = self.dice
        received = clock.next_working_time(int(invoice.issued_at + dice.lognormal(24, 0.6) * DAY))
        if received >= clock.END:
            return
        amounts = [invoice.amount]
        if dice.chance(0.1):
            amounts = [invoice.amount // 3, invoice.amount - invoice.amount // 3]
        last = received
        for part, amount in enumerate(amounts):
            at = received + part * dice.between(5, 30) * DAY
            if at >= clock.END:
                return
            payment = Payment(invoice.contract, invoice, at, amount)
            payment.names_invoice = not dice.chance(0.06)
            self.payments.append(payment)
            last = at
        invoice.paid_at = last
        if dice.chance(0.035):
            at = last + dice.between(15, 70) * DAY
            if at < clock.END:
                back = -round(invoice.amount * dice.pick((0.2, 0.5, 1.0)))
                refund = Payment(invoice.contract, invoice, at, back)
                self.payments.append(refund)
                self.planted.note("refund", payment=refund)

    def _number_money(self) -> None:
        self.contracts.sort(key=lambda c: (c.signed_at, c.company.number, c.tcv))
        for number, contract in enumerate(self.contracts, start=1):
            contract.contract_id = f"CT{number:05d}"
        invoices = [invoice for contract in self.contracts for invoice in contract.invoices]
        invoices.sort(key=lambda i: (i.issued_at, i.contract.contract_id))
        for number, invoice in enumerate(invoices, start=1):
            invoice.invoice_id = f"INV{number:06d}"
        self.invoices = invoices
        self.payments.sort(key=lambda p: (p.received_at, p.contract.contract_id, p.amount))
        for number, payment in enumerate(self.payments, start=1):
            payment.payment_id = f"PAY{number:06d}"

    def signed_date(self, contract: Contract) -> tuple[str, str]:
        """Return first and last day of the contract's term."""
        start = clock.day_of(clock.day_index(contract.signed_at) + 5)
        return start.isoformat(), (start + timedelta(days=365 * contract.years - 1)).isoformat()
