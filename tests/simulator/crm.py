"""What sales does with the leads: statuses, owners, hand-overs, activities, opportunities.

The planner walks every lead through time once. Each step writes the CRM's own record of it and, at
the same moment, the true stay in :class:`~tests.simulator.journey.Journey`.
"""

from __future__ import annotations

from contextlib import suppress

from tests.simulator import clock, effects, staff
from tests.simulator.dice import Dice
from tests.simulator.journey import STATUS_OF_STAGE
from tests.simulator.leads import Lead
from tests.simulator.planted import Planted
from tests.simulator.sales import (
    COMPETITORS,
    Activity,
    Handoff,
    Opportunity,
    Response,
    Sales,
    close_opportunity,
    new_opportunity,
)
from tests.simulator.scoring import ScoredLead

HOUR, DAY = clock.HOUR, clock.DAY
UNKNOWN_STATUS = "待定(旧)"
#: Chance that somebody marks a lead MQL by hand although its score never crosses the line.
_MANUAL_MQL = {
    "call": 0.62, "wecom": 0.38, "event": 0.40, "import": 0.58, "form": 0.20,
}  # fmt: skip
_JUNK_REASONS = {
    "test": "测试数据", "staff": "内部员工", "competitor": "竞品", "junk_phone": "空号",
    "disposable": "无法联系", "duplicate": "重复", "merge_loser": "重复",
}  # fmt: skip
_RECYCLE_REASONS = ("暂无预算", "时间未到", "联系不上", "需求不明确")


class Stopped(Exception):
    """The lead's story ends here: the window closed or the CRM merged the lead away."""


class LeadDesk:
    """Plans the story of one lead after the other."""

    def __init__(self, seed: int, planted: Planted) -> None:
        self.dice = Dice(seed, "crm")
        self.planted = planted
        self.sales = Sales()
        self._specials = _Specials()

    # -- elementary steps ---------------------------------------------------------------------

    def _begin(self, lead: Lead, scored: ScoredLead) -> None:
        self.lead, self.scored = lead, scored
        self.status = "新线索"
        self.owner = staff.MARKETING
        self.end = min(lead.merged_at or clock.END, clock.END)
        self.rows: list[tuple] = []
        self.changes: list[tuple[int, dict]] = []
        self.sales.status_changes[lead] = self.rows
        self.sales.lead_changes[lead] = self.changes
        if self.dice.chance(0.7):
            self.rows.append((lead.created_at, "status", "", "新线索", staff.RULE_USER, "create"))

    def _time(self, instant: float) -> int:
        """Return the instant as recorded, later than all before; stop when the story is over."""
        at = clock.crm_time(instant)
        last = max(self.lead.journey.last_at, self.lead.created_at)
        if at <= last:
            at = clock.crm_time(last + 61)
        if at >= self.end:
            raise Stopped
        return at

    def _status(
        self, stage: str, at: int, by: str, source: str = "manual", **values: object
    ) -> None:
        """Write a status change and the true entry into its stage."""
        self._log_status(STATUS_OF_STAGE[stage], at, by, source, **values)
        self.lead.journey.enter(stage, at)

    def _log_status(self, status: str, at: int, by: str, source: str, **values: object) -> None:
        self.rows.append((at, "status", self.status, status, by, source))
        self.status = status
        self.changes.append((at, {"status": status, **values}))

    def _own(self, owner: str, at: int, by: str, source: str) -> None:
        if owner == self.owner:
            return
        self.sales.owner_changes.append((self.lead, at, self.owner, owner, by, source))
        self.rows.append((at, "owner_id", self.owner, owner, by, source))
        self.changes.append((at, {"owner_id": owner}))
        self.owner = owner

    def _act(
        self, kind: str, at: float, actor: str, *, outcome: str = "", subject: str = "",
        connected: bool | None = None, direction: str = "outbound", automated: bool = False,
        opportunity: Opportunity | None = None, duration: int | None = None,
    ) -> None:  # fmt: skip
        occurred = clock.crm_time(at)
        if occurred >= self.end:
            return
        lag = 30 if automated else int(min(self.dice.lognormal(1500, 1.4), 6 * DAY))
        recorded = min(clock.crm_time(occurred + lag), clock.END - 1)
        self.sales.activities.append(
            Activity(
                self.lead, occurred, recorded, kind, direction, actor, automated, opportunity,
                duration, outcome, connected, subject,
            )
        )  # fmt: skip

    # -- the story ----------------------------------------------------------------------------

    def work(self, lead: Lead, scored: ScoredLead) -> None:
        """Plan the whole story of a lead."""
        self._begin(lead, scored)
        special = self._specials.take(lead)
        if special != "opportunity_before_lead":
            lead.journey.enter("lead", lead.created_at)
        with suppress(Stopped):
            if special:
                getattr(self, f"_story_{special}")()
            else:
                self._story()

    def _story(self) -> None:
        lead, dice = self.lead, self.dice
        if lead.capture == "form" and dice.chance(0.5):
            self._act("email", lead.created_at + 40, staff.RULE_USER, automated=True,
                      subject="感谢您的关注", outcome="sent")  # fmt: skip
        if lead.kind == "merge_loser":
            if dice.chance(0.4):
                self._status("mql", self._time(lead.created_at + dice.between(1, 20) * HOUR),
                             staff.MARKETING)  # fmt: skip
            return
        if lead.excluded and dice.chance(0.8):
            at = self._time(clock.next_working_time(lead.created_at + dice.between(1, 48) * HOUR))
            self._status("disqualified", at, staff.SDRS[0], junk_reason=_JUNK_REASONS[lead.kind])
            return
        if lead.excluded:  # the CRM does not notice, and marks it like any other
            if dice.chance(0.5):
                at = self._time(lead.created_at + dice.between(2, 40) * HOUR)
                self._status("mql", at, staff.MARKETING)
            return
        if lead.kind == "duplicate" and dice.chance(0.35):
            at = self._time(clock.next_working_time(lead.created_at + dice.between(1, 72) * HOUR))
            self._status("disqualified", at, staff.MARKETING, junk_reason="重复")
            return
        marked = self._first_mql()
        if marked is None:
            self._never_qualified()
            return
        at, source = marked
        for turn in range(4):
            if not self._passage(at, source, turn):
                return
            at, source = self.lead.journey.last_at + dice.between(25, 140) * DAY, "manual"
            at += dice.between(1, 30_000)
            if dice.chance(0.35):
                self._status("lead", self._time(at), staff.MARKETING)
                at += dice.between(1, 20) * DAY

    def _first_mql(self) -> tuple[float, str] | None:
        """Return when and how the CRM marks the lead MQL, usually when the score says so."""
        lead, dice = self.lead, self.dice
        crossings = self.scored.crossings()
        if crossings and dice.chance(0.92):
            return crossings[0] + dice.between(61, 1500), "rule"
        weaker = 0.6 if lead.kind in ("duplicate", "typo", "return") else 1.0
        if dice.chance(_MANUAL_MQL[lead.capture] * weaker):
            at = clock.next_working_time(int(lead.created_at + dice.lognormal(9, 1.1) * HOUR))
            return at, "manual"
        return None

    def _never_qualified(self) -> None:
        dice, created = self.dice, self.lead.created_at
        fate = dice.uniform()
        if dice.chance(0.3):
            self._act("call", clock.next_working_time(created + dice.between(2, 90) * HOUR),
                      dice.pick(staff.SDRS), outcome="no_answer", connected=False)  # fmt: skip
        if fate < 0.26:
            at = self._time(created + dice.between(10, 60) * DAY + dice.between(0, 9000))
            self._status(
                "recycled", at, staff.MARKETING, recycle_reason=dice.pick(_RECYCLE_REASONS)
            )
        elif fate < 0.44:
            at = self._time(clock.next_working_time(created + dice.between(1, 20) * DAY))
            self._status("disqualified", at, dice.pick(staff.SDRS), junk_reason="需求不符")
        elif fate < 0.47:
            at = self._time(clock.next_working_time(created + dice.between(5, 30) * DAY))
            self._status("inactive", at, dice.pick(staff.SDRS))

    def _passage(self, at: float, source: str, turn: int) -> bool:
        """Walk from MQL to the end of the passage; return whether the lead comes back later."""
        dice, lead = self.dice, self.lead
        if dice.chance(0.035):  # Leads -> MQL -> Leads -> MQL: marked too early
            mql_at = self._time(at)
            self._status("mql", mql_at, staff.MARKETING)
            self._status("lead", self._time(mql_at + dice.between(1, 8) * DAY), staff.SDRS[0])
            at = lead.journey.last_at + dice.between(3, 25) * DAY
        mql_at = self._time(at)
        self._status(
            "mql", mql_at, staff.RULE_USER if source == "rule" else staff.MARKETING, source
        )
        sdr = dice.pick(staff.sdrs_at(mql_at))
        self._own(sdr, self._time_or_end(mql_at + dice.between(0, 400)), staff.RULE_USER, "rule")
        counts = self.scored.counts_at(mql_at)
        hours = self._response_hours(mql_at, counts)
        contacted_at = mql_at + hours * HOUR
        if dice.chance(0.05):
            return self._forgotten(mql_at)
        logit = effects.sql_logit(
            lead.channel, counts, lead.person.intent, staff.SDRS.index(sdr), hours
        ) + (0.3 if turn else 0.0)
        converts = dice.chance(effects.logistic(logit))
        if turn == 0:
            self.sales.responses.append(Response(lead, mql_at, hours, logit, converts))
        self._attempts(contacted_at, sdr, converts)
        if converts:
            return self._accepted(contacted_at, sdr)
        return self._rejected(contacted_at, sdr)

    def _time_or_end(self, at: int) -> int:
        return min(clock.crm_time(at), self.end - 1)

    def _response_hours(self, mql_at: int, counts: dict[str, int]) -> float:
        """Return hours to the first attempt: hot leads are called first (the confounding)."""
        dice = self.dice
        hot = 0.25 * counts["pricing_page_visit"] + 0.3 * counts["decision_maker"]
        raw = dice.lognormal(7.0, 1.25) * 2.0**-hot
        at = mql_at + raw * HOUR
        if dice.chance(0.85):
            at = clock.next_working_time(int(at))
        return max(0.03, (at - mql_at) / HOUR)

    def _forgotten(self, mql_at: int) -> bool:
        """Nobody ever calls; sometimes the system recycles the lead after thirty days."""
        if self.dice.chance(0.6):
            at = self._time(mql_at + 30 * DAY + self.dice.between(0, 3 * DAY))
            self._status("recycled", at, staff.RULE_USER, "rule", recycle_reason="联系不上")
            return self.dice.chance(0.12)
        return False

    def _attempts(self, at: float, sdr: str, converts: bool) -> None:
        dice = self.dice
        for number in range(1 + dice.poisson(0.9)):
            reached = dice.chance(0.75 if converts else 0.4)
            kind = dice.pick(("call", "call", "call", "wecom", "email"))
            self._act(
                kind, at, sdr, outcome="connected" if reached else "no_answer",
                connected=reached if kind == "call" else None,
                duration=int(dice.lognormal(180, 0.9)) if reached and kind == "call" else None,
                subject=f"首次联系{number + 1}" if number == 0 else "再次跟进",
            )  # fmt: skip
            if reached and dice.chance(0.5):
                self._act("wecom", at + dice.between(300, 5000), sdr, direction="inbound",
                          outcome="reply", subject="客户回复")  # fmt: skip
            at = clock.next_working_time(int(at + dice.lognormal(30, 0.8) * HOUR))

    # -- hand-over to sales -------------------------------------------------------------------

    def _hand_over(self, at: float, sdr: str, ae: str, decision: str) -> int:
        """Offer the lead to a sales person; return the instant of the decision."""
        dice = self.dice
        offered = self._time(clock.next_working_time(int(at)))
        handoff = Handoff(self.lead, offered, sdr, ae)
        self.sales.handoffs.append(handoff)
        decided = self._time(offered + dice.lognormal(7, 1.0) * HOUR)
        handoff.decision, handoff.decided_at = decision, decided
        if decision == "rejected":
            handoff.reason, handoff.note = "信息不全", "客户电话有误，\n请补充"
            handoff.returned_at = self._time_or_end(decided + 60)
        if decision == "accepted":
            self._own(ae, decided, sdr, "manual")
        return decided

    def _accepted(self, contacted_at: float, sdr: str) -> bool:
        dice = self.dice
        ae = dice.pick(staff.AES)
        ready = contacted_at + dice.lognormal(20, 1.0) * HOUR
        if dice.chance(0.1):
            ready = self._hand_over(ready, sdr, dice.pick(staff.AES), "rejected") + DAY
        decided = self._hand_over(ready, sdr, ae, "accepted")
        path = dice.uniform()
        if path < 0.05:  # a bulk update: all in the same second, only the sequence tells the order
            at = self._time(decided)
            for stage in ("sal", "sql"):
                self._status(stage, at, ae)
            self.planted.note("same_second", lead=self.lead)
        elif path < 0.19:  # no separate acceptance
            self._status("sql", self._time(decided + dice.lognormal(30, 0.8) * HOUR), ae)
        else:
            self._status("sal", self._time(decided), ae)
            if dice.chance(0.14):  # accepted, and then found wanting
                return self._rejected(self.lead.journey.last_at + 2 * DAY, ae)
            if path < 0.25:  # straight to the opportunity
                return self._deal(ae, self.lead.journey.last_at + dice.lognormal(6, 0.6) * DAY)
            self._status("sql", self._time(decided + dice.lognormal(5, 0.8) * DAY), ae)
        if dice.chance(0.02):
            self._log_status("SQL", self._time(self.lead.journey.last_at + DAY), ae, "import")
        self._follow_up(ae, self.lead.journey.last_at)
        if dice.chance(0.08):
            return self._returned_to_sdr(sdr)
        if dice.chance(effects.SQL_TO_OPPORTUNITY):
            return self._deal(ae, self.lead.journey.last_at + dice.lognormal(5, 0.7) * DAY)
        return self._stalled(ae)

    def _returned_to_sdr(self, sdr: str) -> bool:
        """退回SDR: a regression inside the passage, often followed by a second try."""
        dice = self.dice
        at = self._time(self.lead.journey.last_at + dice.between(10, 34) * DAY)
        self._status("mql", at, self.owner)
        self._own(sdr, at, self.owner, "manual")
        self.sales.handoffs[-1].returned_at = at  # the one this lead was accepted with
        self.planted.note("returned_to_sdr", lead=self.lead)
        if not dice.chance(0.65):
            return self._rejected(at + DAY, sdr)
        ae = dice.pick(staff.AES)
        decided = self._hand_over(at + dice.between(2, 15) * DAY, sdr, ae, "accepted")
        self._status("sql", self._time(decided), ae)
        return self._deal(ae, decided + dice.lognormal(9, 0.6) * DAY)

    def _stalled(self, ae: str) -> bool:
        dice = self.dice
        at = self._time(self.lead.journey.last_at + dice.between(20, 60) * DAY + 777)
        if dice.chance(0.3):
            self._status("inactive", at, ae)
            if dice.chance(0.4):
                self._status("sql", self._time(at + dice.between(20, 80) * DAY), ae)
                return self._deal(ae, self.lead.journey.last_at + dice.lognormal(7, 0.6) * DAY)
            return False
        self._status("recycled", at, ae, recycle_reason=dice.pick(_RECYCLE_REASONS))
        return dice.chance(0.25)

    def _rejected(self, contacted_at: float, sdr: str) -> bool:
        dice, fate = self.dice, self.dice.uniform()
        at = clock.next_working_time(int(contacted_at + dice.lognormal(6, 1.0) * DAY))
        if fate < 0.45:
            self._status(
                "recycled", self._time(at), sdr, recycle_reason=dice.pick(_RECYCLE_REASONS)
            )
            return dice.chance(0.22)
        if fate < 0.75:
            self._status("disqualified", self._time(at), sdr, junk_reason="需求不符")
            return dice.chance(0.03)
        if fate < 0.82:
            self._status("inactive", self._time(at), sdr)
            return dice.chance(0.3)
        return False

    # -- deals --------------------------------------------------------------------------------

    def _open(self, ae: str, at: int, kind: str = "new") -> Opportunity:
        """Create an opportunity for the lead and convert it (without a stage entry)."""
        lead, dice = self.lead, self.dice
        opportunity = new_opportunity(dice, lead.person.company, at, ae)
        opportunity.lead, opportunity.person, opportunity.kind = lead, lead.person, kind
        self.sales.opportunities.append(opportunity)
        self.changes.append((at, {"converted_at": at, "converted_opportunity_id": opportunity}))
        return opportunity

    def _deal(self, ae: str, at: float, kind: str = "new") -> bool:
        """Open an opportunity and see it through; return whether the lead comes back later."""
        dice, lead = self.dice, self.lead
        created = self._time(at)
        opportunity = self._open(ae, created, kind)
        if dice.chance(0.6):  # the CRM logs the conversion itself, at the same instant
            self._log_status("已转商机", created, ae, "convert")
        lead.journey.enter("opportunity", created)
        self._meetings(opportunity)
        closes = created + dice.lognormal(52, 0.6) * DAY
        logit = effects.WIN_BASE_LOGIT + effects.WIN_INTENT_LOGIT * lead.person.intent
        won = dice.chance(effects.logistic(logit))
        self._close(opportunity, closes, won)
        if won:
            if dice.chance(0.12):
                again = lead.journey.last_at + dice.between(90, 260) * DAY
                return self._deal(ae, again, "upsell")
            return False
        if dice.chance(0.3):
            later = self._time(lead.journey.last_at + dice.between(1, 20) * DAY)
            self._status("recycled", later, ae, recycle_reason="输单后培育")
        return dice.chance(0.12)

    def _close(self, opportunity: Opportunity, at: float, won: bool) -> None:
        """Close an opportunity and move its lead to account or lost."""
        closed = self._time(at)
        close_opportunity(self.dice, opportunity, closed, won)
        self.lead.journey.enter("account" if won else "lost", closed)

    def _meetings(self, opportunity: Opportunity) -> None:
        dice, at = self.dice, opportunity.created_at
        for _ in range(1 + dice.poisson(1.6)):
            at = clock.next_working_time(int(at + dice.lognormal(9, 0.7) * DAY))
            kind = dice.pick(("meeting", "visit", "call", "note"))
            actor = opportunity.owner if dice.chance(0.85) else dice.pick(staff.PRESALES)
            subject = dice.pick(("方案沟通", "报价讨论", "上门拜访", "演示", "商务谈判"))
            self._act(kind, at, actor, opportunity=opportunity, outcome="done", subject=subject)

    def _follow_up(self, ae: str, at: int) -> None:
        dice = self.dice
        if not dice.chance(0.8) or at >= self.end:
            return
        recorded = min(clock.crm_time(at + dice.lognormal(5, 1.3) * HOUR), clock.END - 1)
        known = dice.uniform()
        cells = [
            ae, at, recorded, "客户希望打通市场与销售数据",
            "现有CRM，无自动化" if known < 0.8 else "", "年度数字化立项" if known < 0.6 else "",
            dice.pick(("1个月", "3个月", "半年", "")),
            "预算未批\n需法务审核" if known < 0.15 else "",
            dice.weighted(COMPETITORS), "需求沟通", "", at + dice.between(3, 15) * DAY,
            dice.pick(("good", "good", "fair", "poor")), "",
        ]  # fmt: skip
        self.sales.followups.append((self.lead, at, cells))

    # -- stories told on purpose --------------------------------------------------------------

    def _story_opportunity_before_lead(self) -> None:
        """Sales created the opportunity two days before anybody created the lead.

        The earliest event's instant is then the lead's first entry, into ``lead``.
        """
        lead, ae = self.lead, staff.AES[2]
        opened = clock.crm_time(lead.created_at - 2 * DAY - 1234)
        opportunity = self._open(ae, opened)
        self.changes.clear()
        self.changes.append(
            (lead.created_at, {"converted_at": opened, "converted_opportunity_id": opportunity})
        )
        lead.journey.enter("lead", opened)
        lead.journey.enter("opportunity", opened)
        self.planted.note("event_before_creation", lead=lead, opportunity=opportunity)
        self._close(opportunity, lead.created_at + 40 * DAY, won=True)

    def _story_overlapping_deals(self) -> None:
        """Two opportunities of one lead overlap: the first is lost, the second won.

        While the second runs the lead is an opportunity and not lost.
        """
        lead, ae, dice = self.lead, staff.AES[4], self.dice
        self._status("mql", self._time(lead.created_at + 5 * HOUR), staff.MARKETING)
        first_at = self._time(lead.created_at + 6 * DAY)
        first = self._open(ae, first_at)
        lead.journey.enter("opportunity", first_at)
        second_at = self._time(first_at + 20 * DAY)
        second = self._open(ae, second_at)
        lead.journey.enter("opportunity", second_at)  # already there: one stay
        close_opportunity(dice, first, self._time(second_at + 30 * DAY), False)
        self._close(second, second_at + 65 * DAY, won=True)
        self.planted.note("overlapping_deals", lead=lead)

    def _story_back_and_forth(self) -> None:
        """MQL, SQL and back to MQL within one second, told apart by the sequence alone."""
        lead = self.lead
        at = self._time(lead.created_at + 26 * HOUR)
        for stage in ("mql", "sql", "mql"):
            self._status(stage, at, staff.MARKETING, "import")
        self._status("sal", self._time(at + 3 * DAY), staff.AES[1])
        self.planted.note("same_second_regression", lead=lead)

    def _story_unknown_status(self) -> None:
        """A status of the old CRM turns up between two known ones and means nothing."""
        lead = self.lead
        self._status("mql", self._time(lead.created_at + 30 * HOUR), staff.MARKETING)
        at = self._time(lead.journey.last_at + 2 * DAY)
        self._log_status(UNKNOWN_STATUS, at, staff.MARKETING, "import")
        self.planted.note("unknown_status", lead=lead)
        self._status("sal", self._time(at + 3 * DAY), staff.AES[0])
        self._status("recycled", self._time(at + 30 * DAY), staff.AES[0], recycle_reason="时间未到")

    def _story_lead_mql_lead_mql_sql(self) -> None:
        """The document's own example: Leads, MQL, Leads, MQL, SQL."""
        at = self.lead.created_at
        for stage in ("mql", "lead", "mql", "sql"):
            at = self._time(at + 4 * DAY)
            self._status(stage, at, staff.MARKETING)
        self.planted.note("lead_mql_lead_mql_sql", lead=self.lead)

    def _story_deal_abroad(self) -> None:
        """A customer who pays in dollars."""
        lead, ae = self.lead, staff.AES[7]
        self._status("mql", self._time(lead.created_at + 4 * HOUR), staff.MARKETING)
        self._status("sql", self._time(lead.created_at + 4 * DAY), ae)
        opened = self._time(lead.created_at + 9 * DAY)
        opportunity = self._open(ae, opened)
        lead.journey.enter("opportunity", opened)
        self._close(opportunity, opened + 33 * DAY, won=True)
        self.planted.note("deal_in_dollars", lead=lead, opportunity=opportunity)


#: Stories told on purpose -> to how many leads.
_STORIES = {
    "opportunity_before_lead": 2,
    "overlapping_deals": 3,
    "back_and_forth": 3,
    "unknown_status": 6,
    "lead_mql_lead_mql_sql": 3,
}
_DEALS_ABROAD = 3


class _Specials:
    """Hands the stories told on purpose to ordinary leads of the right age."""

    def __init__(self) -> None:
        self._queue = [story for story, count in _STORIES.items() for _ in range(count)]
        self._abroad = _DEALS_ABROAD
        self._seen = 0

    def take(self, lead: Lead) -> str | None:
        """Return the story for this lead: every second fitting one gets one until all are told."""
        if lead.kind != "normal" or not lead.keys or lead.excluded:
            return None
        if not clock.LEGACY_CRM_END + DAY < lead.created_at < clock.END - 250 * DAY:
            return None
        if lead.country != "CN":
            self._abroad -= 1
            return "deal_abroad" if self._abroad >= 0 else None
        self._seen += 1
        return self._queue.pop() if self._queue and self._seen % 2 == 0 else None
