"""Retention states by definition, instant by instant; shares no code with the models (F20).

All instants are naive UTC datetimes; days of finance and success are days in Shanghai.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
NOTICE, GRACE = 90 * DAY, 30 * DAY
WEEKS_TO_ADOPT, DAYS_IN_A_WEEK = 4, 2
CONTRACT = {"renewal": "renews", "续约": "renews", "upsell": "expands", "cross_sell": "expands"}
DECISION = {"renewed": "renews", "early": "renews", "partial": "renews", "churned": "ends"}
NEVER = datetime(9999, 12, 31)


def midnight(day: date) -> datetime:
    """The UTC instant at which a day begins in Shanghai."""
    return datetime(day.year, day.month, day.day) - timedelta(hours=8)


@dataclass
class Contract:
    contract_id: str
    kind: str | None
    signed: datetime
    last_day: date | None
    auto: bool

    @property
    def end(self) -> datetime | None:
        return midnight(self.last_day) + DAY if self.last_day else None

    @property
    def meaning(self) -> str:
        return CONTRACT.get((self.kind or "").lower(), "starts")


@dataclass
class Renewal:
    renewal_id: str
    contract: Contract
    due_date: date
    decision: str | None
    decided: datetime | None

    @property
    def due(self) -> datetime:
        return midnight(self.due_date)

    @property
    def at(self) -> datetime:
        return self.decided or self.due

    @property
    def meaning(self) -> str:
        return DECISION.get((self.decision or "").lower(), "awaits")


@dataclass
class Win:
    opportunity_id: str
    kind: str
    won: datetime
    contract: Contract | None


@dataclass
class Customer:
    """What all sources said about one account."""

    account_id: str
    contracts: list[Contract] = field(default_factory=list)
    renewals: list[Renewal] = field(default_factory=list)
    wins: list[Win] = field(default_factory=list)
    milestones: list[datetime] = field(default_factory=list)
    use: set[date] = field(default_factory=set)


@dataclass
class Term:
    start: datetime
    lapse: datetime
    window: tuple[datetime, datetime] | None


class States:
    """The state of a customer at any instant up to `as_of`."""

    def __init__(self, customer: Customer, as_of: datetime) -> None:
        self.customer, self.as_of = customer, as_of
        self.signed = [c for c in customer.contracts if c.signed <= as_of]
        self.promises = self._promises()
        self.terms = [*self._contract_terms(), *self._renewal_terms(), *self._promise_terms()]
        self.spells = self._spells()

    def at(self, instant: datetime) -> str | None:
        begun = [i for i, (start, _) in enumerate(self.spells) if start <= instant]
        if not begun:
            return None
        number = begun[-1]
        start, end = self.spells[number]
        if instant >= end:
            return "churn"
        for term in self.terms:
            if term.window and term.window[0] <= instant < term.window[1]:
                return "renewal"
        before = self.spells[number - 1][1] if number else datetime(1, 1, 1)
        signs = [s for s in self.signs() if before <= s < end]
        if signs and max(min(signs), start) <= instant:
            return "adoption"
        return "win_back" if number else "onboarding"

    def signs(self) -> list[datetime]:
        """Instants that show the customer uses what it bought."""
        good = self._good_weeks()
        adopted = [
            midnight(week + 7 * DAY) for week in good if self._streak(week) == WEEKS_TO_ADOPT
        ]
        return [s for s in [*adopted, *self.customer.milestones] if s <= self.as_of]

    def lapses(self) -> list[datetime]:
        """Instants at which a week with too little use was over, after enough good ones."""
        good = self._good_weeks()
        ends = [
            midnight(week + 14 * DAY)
            for week in good
            if self._streak(week) >= WEEKS_TO_ADOPT and week + 7 * DAY not in good
        ]
        return [end for end in ends if end <= self.as_of]

    def _good_weeks(self) -> set[date]:
        weeks: dict[date, int] = {}
        for day in self.customer.use:
            monday = day - timedelta(days=day.weekday())
            weeks[monday] = weeks.get(monday, 0) + 1
        return {week for week, days in weeks.items() if days >= DAYS_IN_A_WEEK}

    def _streak(self, week: date) -> int:
        """Good weeks in a row that end with this one."""
        good, length = self._good_weeks(), 0
        while week - length * 7 * DAY in good:
            length += 1
        return length

    def instants(self) -> list[datetime]:
        """Every instant at which the state might change."""
        found = {edge for spell in self.spells for edge in spell}
        for term in self.terms:
            found |= {term.start, term.lapse, *(term.window or ())}
        return sorted(i for i in found | set(self.signs()) if i <= self.as_of)

    def _spells(self) -> list[tuple[datetime, datetime]]:
        spells: list[list[datetime]] = []
        for term in sorted(self.terms, key=lambda t: t.start):
            if spells and term.start <= spells[-1][1]:
                spells[-1][1] = max(spells[-1][1], term.lapse)
            else:
                spells.append([term.start, term.lapse])
        return [(start, end) for start, end in spells]

    def _promises(self) -> list[tuple[Win, datetime]]:
        """Wins whose contract is not there, with the instant the next contract takes over."""
        found = []
        for win in self.customer.wins:
            if win.won <= self.as_of and win.contract is None:
                later = [c.signed for c in self.signed if c.signed >= win.won]
                found.append((win, min(later, default=NEVER)))
        return [(win, until) for win, until in found if until > win.won]

    def _promise_terms(self) -> list[Term]:
        return [Term(win.won, until, None) for win, until in self.promises]

    def _followed(self, start: datetime, due: datetime) -> datetime | None:
        """When something that renews, and lasts longer, was signed or won."""
        new = [
            c.signed
            for c in self.signed
            if c.meaning == "renews" and c.signed > start and (c.end or NEVER) > due
        ]
        new += [win.won for win, _ in self.promises if win.kind == "renewal" and win.won > start]
        return min(new, default=None)

    def _renewals_of(self, contract: Contract) -> list[Renewal]:
        mine = [r for r in self.customer.renewals if r.contract is contract]
        return sorted(mine, key=lambda r: (r.due_date, r.renewal_id))

    def _contract_terms(self) -> list[Term]:
        terms = []
        for contract in self.signed:
            said = (self._renewals_of(contract) or [None])[0]
            if contract.end is None or contract.end > contract.signed:
                terms.append(self._term(contract.signed, contract.end, said, contract.auto))
        return terms

    def _renewal_terms(self) -> list[Term]:
        terms = []
        for contract in self.customer.contracts:
            mine = self._renewals_of(contract)
            for number, renewal in enumerate(mine):
                if renewal.meaning != "renews" or renewal.at > self.as_of:
                    continue
                new = [
                    c.signed
                    for c in self.signed
                    if c.meaning == "renews"
                    and c.signed > contract.signed
                    and (c.end or NEVER) > renewal.due
                ]
                if any(signed <= renewal.at for signed in new):
                    continue
                following = mine[number + 1] if number + 1 < len(mine) else None
                if following is None and new:
                    terms.append(Term(renewal.at, min(new), None))
                elif following is None or following.due > renewal.at:
                    end = following.due if following else None
                    terms.append(self._term(renewal.at, end, following, auto=False))
        return terms

    def _term(
        self, start: datetime, end: datetime | None, said: Renewal | None, auto: bool
    ) -> Term:
        due = end or (said.due if said else None)
        if due is None:
            return Term(start, NEVER, None)
        happened = said is not None and said.at <= self.as_of
        meaning = said.meaning if happened else None
        followed = self._followed(start, due)
        ended = max(said.at, due, said.due) if meaning == "ends" else None
        renewed = min(said.at, followed or said.at) if meaning == "renews" else followed
        if auto:
            renewed = min(due, renewed or due)
        if ended is not None:
            lapse = ended if auto else min(ended, due + GRACE)
        elif auto:
            lapse = max(followed, due + GRACE) if followed else NEVER
        else:
            lapse = due + GRACE
        first, last = max(due - NOTICE, start), min(renewed or NEVER, lapse)
        return Term(start, lapse, (first, last) if first < last else None)
