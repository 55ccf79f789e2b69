"""Everybody who enquires: the special cases first, then ordinary people until it is enough."""

from __future__ import annotations

from tests.simulator import clock
from tests.simulator import vocabulary as words
from tests.simulator.lead_planner import CHANNELS, LeadPlanner
from tests.simulator.leads import Lead
from tests.simulator.people import Population
from tests.simulator.planted import Planted
from tests.simulator.special_leads import SpecialLeads

_TO_SIMPLIFIED = str.maketrans({t: s for s, t in words.TRADITIONAL.items()})


class Enquiries(LeadPlanner):
    """Plans every lead of the world; :attr:`leads` is in the order of creation with ids set."""

    def __init__(self, n_leads: int, seed: int, population: Population, planted: Planted) -> None:
        super().__init__(seed, population)
        self.n_leads = n_leads
        self.planted = planted
        self._unused = iter(self.dice.shuffled(population.people))
        SpecialLeads(self, planted).plan(n_leads)
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
                first.person, dice.weighted(CHANNELS), self.after(first, 0, 80), "duplicate"
            )
            if dice.chance(0.12) and len(self.leads) < self.n_leads:
                self.add(
                    first.person, dice.weighted(CHANNELS), self.after(again, 0, 85), "duplicate"
                )
            self._share_a_key(first, again)
        elif fate < 0.115:
            self.add(
                first.person, dice.weighted(CHANNELS),
                self.after(first, 100, min(400, clock.DAYS - 1 - day)), "return",
            )  # fmt: skip
        elif fate < 0.135:
            typo = self.add(first.person, dice.weighted(CHANNELS), self.after(first, 0, 50), "typo")
            self.mistype(typo)
            self.planted.note("typo_duplicate", lead=typo, of=first)

    def _share_a_key(self, first: Lead, again: Lead) -> None:
        """Most duplicates can be found by an exact key; a few cannot, as in life."""
        if not set(first.keys) & set(again.keys) and self.dice.chance(0.85) and first.mobile_clean:
            self.set_mobile(again, first.mobile_clean)
