"""The planned way of one lead through the stages, kept as true intervals while it is planned."""

from __future__ import annotations

from dataclasses import dataclass, field

RANK = {"lead": 10, "mql": 20, "sal": 30, "sql": 40, "opportunity": 50, "account": 60}
DETOURS = frozenset({"recycled", "disqualified", "inactive", "lost"})
STATUS_OF_STAGE = {
    "lead": "新线索",
    "mql": "MQL",
    "sal": "销售已接收",
    "sql": "SQL",
    "opportunity": "已转商机",
    "recycled": "培育中",
    "disqualified": "无效",
    "inactive": "暂停跟进",
}


@dataclass(slots=True)
class Visit:
    """One stay in a stage: the truth the warehouse has to find again."""

    stage: str
    entered_at: int
    passage_no: int
    visit_no: int
    move: str


@dataclass(slots=True)
class Journey:
    """A lead's stays in the order in which they happen."""

    visits: list[Visit] = field(default_factory=list)

    @property
    def stage(self) -> str | None:
        """Return the stage the lead is in now (None before the first)."""
        return self.visits[-1].stage if self.visits else None

    @property
    def last_at(self) -> int:
        """Return the instant of the last entry."""
        return self.visits[-1].entered_at

    def enter(self, stage: str, at: int) -> None:
        """Move the lead into a stage; saying again where it is already changes nothing."""
        if not self.visits:
            self.visits.append(Visit(stage, at, 1, 1, "create"))
            return
        before = self.visits[-1]
        if at < before.entered_at:
            raise ValueError(f"{stage} at {at} comes before {before.stage} at {before.entered_at}")
        if stage == before.stage:
            return
        left_path = before.stage in DETOURS or before.stage == "account"
        passage = before.passage_no
        if (before.stage in DETOURS and stage not in DETOURS) or (
            before.stage == "account" and stage not in DETOURS
        ):
            passage += 1
        visit_no = 1 + sum(v.passage_no == passage and v.stage == stage for v in self.visits)
        if stage in DETOURS:
            move = "exit"
        elif left_path:
            move = "reenter"
        elif RANK[stage] < RANK[before.stage]:
            move = "regress"
        else:
            move = "skip" if RANK[stage] - RANK[before.stage] > 10 else "advance"
        self.visits.append(Visit(stage, at, passage, visit_no, move))

    def reached_at(self, stage: str) -> int | None:
        """Return when the lead first stood at this stage or beyond it, in any passage."""
        return min(
            (v.entered_at for v in self.visits if RANK.get(v.stage, 0) >= RANK[stage]),
            default=None,
        )
