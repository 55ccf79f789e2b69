"""What the CRM records about sales: opportunities, activities, hand-overs, responses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.simulator import clock
from tests.simulator.dice import Dice, Weighted
from tests.simulator.leads import Lead
from tests.simulator.people import Company, Person

_LOST_REASONS = ("价格", "竞品", "项目取消", "无响应", "功能不符")
COMPETITORS = Weighted({"云帆科技": 5, "蓝鲸软件": 3, "": 6, "自研": 1})


@dataclass(slots=True, eq=False)
class Opportunity:
    """One deal; ``lead`` is None when sales found it without a lead."""

    company: Company
    created_at: int
    owner: str
    amount: int
    currency: str
    lead: Lead | None = None
    kind: str = "new"
    opportunity_id: str = ""
    closed_at: int | None = None
    is_won: bool = False
    lost_reason: str = ""
    competitor: str = ""
    stages: list[tuple[int, str]] = field(default_factory=list)
    person: Person | None = None
    contact: Any = None  # deals.Contact of the person, known once the buying group is
    is_tender: bool = False


@dataclass(slots=True, eq=False)
class Response:
    """The first response to an MQL, with the odds it was part of (for the planted effect)."""

    lead: Lead
    mql_at: int
    hours: float
    logit: float
    converted: bool


@dataclass(slots=True, eq=False)
class Activity:
    """One call, mail, visit … with or without an opportunity."""

    lead: Lead
    at: int
    recorded_at: int
    kind: str
    direction: str
    actor: str
    automated: bool
    opportunity: Opportunity | None
    duration: int | None
    outcome: str
    connected: bool | None
    subject: str


@dataclass(slots=True, eq=False)
class Handoff:
    """One offer of a lead by an SDR to a sales person; pending until decided."""

    lead: Lead
    offered_at: int
    sdr: str
    ae: str
    decision: str = "pending"
    decided_at: int | None = None
    reason: str = ""
    note: str = ""
    returned_at: int | None = None


@dataclass(slots=True)
class Sales:
    """Everything the CRM recorded, as rows that writers order and number later."""

    status_changes: dict[Lead, list[tuple]] = field(default_factory=dict)
    lead_changes: dict[Lead, list[tuple[int, dict]]] = field(default_factory=dict)
    owner_changes: list[tuple] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    followups: list[tuple[Lead, int, list]] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)


def new_opportunity(dice: Dice, company: Company, at: int, owner: str) -> Opportunity:
    """Return an opportunity with an amount that grows with the size of the company."""
    abroad = company.country != "CN"
    size = min(3.0, (company.employees / 200) ** 0.35)
    amount = dice.lognormal((16_000 if abroad else 98_000) * size, 0.6)
    opportunity = Opportunity(
        company, at, owner, int(amount) * 100, "USD" if abroad else "CNY",
        competitor=dice.weighted(COMPETITORS), is_tender=dice.chance(0.18),
    )  # fmt: skip
    opportunity.stages.append((at, "需求确认"))
    return opportunity


def close_opportunity(dice: Dice, opportunity: Opportunity, at: int, won: bool) -> None:
    """Close an opportunity, with the stages it passed on the way."""
    opportunity.closed_at, opportunity.is_won = at, won
    span = at - opportunity.created_at
    if span > 4 * clock.HOUR:
        opportunity.stages.append(
            (clock.crm_time(opportunity.created_at + span * 0.35), "方案报价")
        )
        if dice.chance(0.7 if won else 0.45):
            opportunity.stages.append(
                (clock.crm_time(opportunity.created_at + span * 0.7), "商务谈判")
            )
    opportunity.stages.append((at, "赢单" if won else "输单"))
    if not won:
        opportunity.lost_reason = dice.pick(_LOST_REASONS)
