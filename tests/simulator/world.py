"""The whole simulated company, built in the order in which its parts depend on each other."""

from __future__ import annotations

from dataclasses import dataclass

from tests.simulator.crm import LeadDesk
from tests.simulator.deals import Deals
from tests.simulator.engagement import Engagement
from tests.simulator.enquiries import Enquiries
from tests.simulator.media import Media
from tests.simulator.people import Person, Population
from tests.simulator.planted import Planted
from tests.simulator.sales import Sales
from tests.simulator.scoring import Act, ScoredLead
from tests.simulator.web import Website, acts_by_visitor


@dataclass(slots=True)
class World:
    """Everything that happened, before anybody exports it."""

    population: Population
    enquiries: Enquiries
    website: Website
    sales: Sales
    deals: Deals
    engagement: Engagement
    media: Media
    planted: Planted


def build(n_leads: int, seed: int) -> World:
    """Simulate a company with this many CRM leads (at least 150, to have room for every case)."""
    if n_leads < 150:
        raise ValueError(f"{n_leads} leads are too few to plant every case: ask for at least 150")
    planted = Planted()
    population = Population(n_leads, seed)
    enquiries = Enquiries(n_leads, seed, population, planted)
    website = Website(seed, enquiries, planted)
    desk = LeadDesk(seed, planted)
    acts = _acts_by_person(website)
    for lead in enquiries.leads:
        # What drives the story is the person's own behaviour. The truth about the score, which
        # counts only what exact keys can tie to the lead, is computed later and apart.
        behaviour = acts.get(lead.person, [])
        scored = ScoredLead(lead.created_at, behaviour, *lead.attributes_now(), lead.changes)
        desk.work(lead, scored)
    deals = Deals(seed, desk.sales, population, planted)
    engagement = Engagement(seed, enquiries, website, planted)
    media = Media(seed)
    engagement.add_event_costs(media)
    return World(population, enquiries, website, desk.sales, deals, engagement, media, planted)


def _acts_by_person(website: Website) -> dict[Person, list[Act]]:
    acts: dict[Person, list[Act]] = {}
    for visitor, found in acts_by_visitor(website).items():
        if visitor.person:
            acts.setdefault(visitor.person, []).extend(found)
    return acts
