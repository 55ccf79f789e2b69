"""The black hole by hand: asks of one lead at one instant whether it is forgotten, many times.

Knows no intervals and shares no code with the models. Everything of a made-up lead happens on a
grid of half days, so asking at every grid point misses nothing and puts many things at one instant.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

STEP = timedelta(hours=12)
START = datetime(2025, 1, 5, 16)
AS_OF = datetime(2025, 9, 30, 15, 59, 59)
RULE_CHANGE = datetime(2025, 5, 31, 16)
DECISION = timedelta(days=7)
EVER, NEVER = datetime(1, 1, 1), datetime(9999, 12, 31)
# Days of silence after a conversation, days of grace without one, and whether entering begins anew;
# from the first of June of the business calendar on an MQL may wait for longer.
LIMITS = {
    "lead": (20, 30, False), "mql": (20, 10, False), "sql": (15, 15, False),
    "recycled": (40, 45, True),
}  # fmt: skip
LATER_LIMITS = {**LIMITS, "mql": (35, 25, False)}
PATHS = {"lead": "success", "mql": "success", "sql": "success", "opportunity": "success",
         "account": "won", "recycled": "detour", "disqualified": "detour"}  # fmt: skip


@dataclass
class Lead:
    """A made-up lead: what happened to it, each list in order of time."""

    key: str
    stays: list[dict] = field(default_factory=list)
    contacts: list[dict] = field(default_factory=list)
    handoffs: list[dict] = field(default_factory=list)
    clocks: list[dict] = field(default_factory=list)
    owners: list[dict] = field(default_factory=list)
    gone_at: datetime | None = None

    @property
    def created_at(self) -> datetime:
        """A lead begins with its first stay."""
        return self.stays[0]["at"]


def made_up_lead(key: str, dice: random.Random) -> Lead:
    """A lead with ties, returns, empty stays, promises and what happens after the as-of instant."""
    lead = Lead(key)
    at = START + STEP * dice.randint(0, 300)
    stage, passage = "lead", 1
    for number in range(dice.choice((1, 2, 2, 3, 4, 6))):
        before = stage
        if number:
            at += STEP * dice.choice((0, 0, 1, 5, 30, 60, 90, 150))
            stage = dice.choice([name for name in PATHS if name != before])
        if at > AS_OF:
            break
        returns = PATHS[before] in ("detour", "won") and PATHS[stage] == "success" and number > 0
        passage += returns
        move = "reenter" if returns else "create" if not number else "advance"
        lead.stays.append({"at": at, "stage": stage, "move": move, "passage": passage})
    first = lead.created_at
    for _ in range(dice.choice((0, 0, 1, 1, 2, 4))):
        lead.contacts.append(
            {"at": first + STEP * dice.choice((-2, 0, 1, 20, 40, 41, 60, 80, dice.randint(0, 400))),
             "attempt": dice.random() < 0.8, "answered": dice.random() < 0.4}
        )  # fmt: skip
    # One exactly when the grace, or the silence after an answered contact, is over.
    if dice.random() < 0.4:
        anchors = [first + timedelta(days=LIMITS["lead"][1])]
        anchors += [c["at"] + timedelta(days=LIMITS["lead"][0]) for c in lead.contacts]
        lead.contacts.append({"at": dice.choice(anchors), "attempt": True, "answered": True})
    lead.contacts = sorted((c for c in lead.contacts if c["at"] <= AS_OF), key=lambda c: c["at"])
    for number in range(dice.choice((0, 0, 1, 2))):
        offered = first + STEP * dice.randint(0, 120)
        decision = dice.choice(("accepted", "rejected", "pending"))
        decided = offered + STEP * dice.randint(0, 40) if decision != "pending" else None
        back = decided and decision == "accepted" and dice.random() < 0.5
        lead.handoffs.append(
            {"at": offered, "number": number + 1, "decision": decision, "decided": decided,
             "back": decided + STEP * dice.randint(0, 30) if back else None}
        )  # fmt: skip
    for number in range(dice.choice((0, 1, 1, 2))):
        started = first + STEP * dice.randint(0, 150)
        lead.clocks.append(
            {"at": started, "due": started + STEP * dice.randint(1, 40),
             "start": dice.choice(("assigned", "handoff_accepted")), "key": f"{key}-{number}",
             "stopped": dice.choice((None, started + STEP * dice.randint(-5, 60))),
             "closed": dice.choice((None, None, started + STEP * dice.randint(0, 60)))}
        )  # fmt: skip
    sides = [dice.choice(("marketing", "nobody", "sdr", "sales")) for _ in range(3)]
    cuts = [first, *sorted({first + STEP * dice.randint(1, 200) for _ in range(2)})]
    lead.owners = [
        {"at": cut, "side": side, "until": until}
        for cut, side, until in zip(cuts, sides, [*cuts[1:], None], strict=False)
    ]
    if dice.random() < 0.1:
        lead.gone_at = first + STEP * dice.randint(0, 300)
    return lead


def state(lead: Lead, now: datetime) -> tuple[str | None, bool]:
    """Stage of the lead, and whether it is forgotten, at an instant."""
    past = [stay for stay in lead.stays if stay["at"] <= now]
    if not past:
        return None, False
    stage = past[-1]["stage"]
    if lead.gone_at is not None and lead.gone_at <= now:
        return stage, False
    limits = LATER_LIMITS if now >= RULE_CHANGE else LIMITS
    if stage not in limits:
        return stage, False
    if is_promised(lead, now):
        return stage, False
    began = max(
        s["at"] for s in past
        if s["move"] in ("create", "reenter") or (s["stage"] in limits and limits[s["stage"]][2])
    )  # fmt: skip
    talks = [at for at in conversations(lead) if at <= now]
    silence, grace, _ = limits[stage]
    if talks and talks[-1] >= began:
        return stage, now - talks[-1] >= timedelta(days=silence)
    return stage, now - began >= timedelta(days=grace)


def is_promised(lead: Lead, now: datetime) -> bool:
    """Somebody still has time: sales to decide, an SDR or sales to act."""
    return any(
        h["at"] <= now < min(h["decided"] or NEVER, h["at"] + DECISION) for h in lead.handoffs
    ) or any(
        c["at"] <= now < min(c["due"], c["stopped"] or c["due"], c["closed"] or c["due"])
        for c in lead.clocks
    )


def conversations(lead: Lead) -> list[datetime]:
    """Answered contacts: ours, or theirs once we had tried."""
    attempts = [c["at"] for c in lead.contacts if c["attempt"]]
    return [
        c["at"] for c in lead.contacts
        if c["answered"] and (c["attempt"] or (attempts and attempts[0] <= c["at"]))
    ]  # fmt: skip


def falls(lead: Lead) -> list[tuple[datetime, datetime | None]]:
    """Uninterrupted times in the hole, found by asking at every half day."""
    found: list[tuple[datetime, datetime | None]] = []
    since = None
    now = lead.created_at
    while now <= AS_OF:
        inside = state(lead, now)[1]
        if inside and since is None:
            since = now
        if not inside and since is not None:
            found.append((since, now))
            since = None
        now += STEP
    return [*found, (since, None)] if since is not None else found


def cause(lead: Lead, entered: datetime) -> str:
    """Why the lead fell in, after the shipped rules read aloud."""
    past = [stay for stay in lead.stays if stay["at"] <= entered]
    if past[-1]["stage"] == "recycled":
        return "nurture_ended"
    passage = past[-1]["passage"]
    begun = min(s["at"] for s in past if s["passage"] == passage) if passage > 1 else EVER
    offers = [h for h in lead.handoffs if begun <= h["at"] <= entered]
    if offers:
        last = max(offers, key=lambda h: h["number"])
        if last["back"] and last["back"] <= entered:
            return "returned_dropped"
        if last["decision"] == "rejected" and last["decided"] <= entered:
            return "returned_dropped"
    tried = [c for c in lead.contacts if c["attempt"] and begun <= c["at"] <= entered]
    talked = [at for at in conversations(lead) if begun <= at <= entered]
    assigned = any(o["side"] in ("sdr", "sales") and o["at"] <= entered for o in lead.owners)
    if not assigned and not tried and not talked:
        return "never_assigned"
    if any(
        begun <= c["at"] and c["due"] <= entered
        and (c["stopped"] is None or c["stopped"] > entered)
        and (c["closed"] is None or c["closed"] > entered)
        for c in lead.clocks
    ):  # fmt: skip
        return "breached"
    if not tried and not talked:
        return "not_tried"
    if len(tried) <= 1:
        return "one_touch"
    return "went_quiet" if talked else "never_reached"


def exit_kind(lead: Lead, left: datetime) -> str:
    """What took the lead out, the strongest of what happened at that instant."""
    if lead.gone_at is not None and lead.gone_at <= left:
        return "erased"
    stage = state(lead, left)[0]
    if stage not in LIMITS:
        return {"opportunity": "became_opportunity", "account": "became_customer"}.get(stage, stage)
    if left in conversations(lead):
        return "re_engaged"
    last = [stay for stay in lead.stays if stay["at"] <= left][-1]
    here = [stay for stay in lead.stays if stay["at"] == left]
    if here and last["move"] == "reenter":
        return "came_back"
    if any(s["move"] == "reenter" or s["stage"] == "recycled" for s in here):
        return "into_nurture"
    return "handed_over" if is_promised(lead, left) else "limit_changed"


def found_again(lead: Lead, entered: datetime) -> datetime | None:
    """The first conversation, return or deal after a fall."""
    instants = [
        *conversations(lead),
        *(s["at"] for s in lead.stays if s["move"] == "reenter"),
        *(s["at"] for s in lead.stays if s["stage"] in ("opportunity", "account")),
    ]
    return min((at for at in instants if at > entered), default=None)


@dataclass(frozen=True)
class Worth:
    """What leads like a forgotten one brought: who they are, how many, how many were won."""

    basis: str | None
    n_trials: int
    n_won: int | None


def worths(
    leads: list[Lead], bands: dict[str, str], dwells: list[tuple[str, int, int | None]],
    win_days: int, small_n: int,
) -> dict[str, Worth]:  # fmt: skip
    """Of every lead forgotten now: the finest group of enough leads that were as long in it."""
    seen: list[tuple[str, str, str, bool]] = []
    for lead in leads:
        for name, since, _ in dwells:
            reached = [
                entered + timedelta(days=since) for entered, left in falls(lead)
                if entered + timedelta(days=since) < (left or NEVER)
                and entered + timedelta(days=since + win_days) <= AS_OF
            ]  # fmt: skip
            if reached:
                at = min(reached)
                wins = [s["at"] for s in lead.stays if PATHS[s["stage"]] == "won"]
                won = any(at < win <= at + timedelta(days=win_days) for win in wins)
                stage = [stay for stay in lead.stays if stay["at"] <= at][-1]["stage"]
                seen.append((name, stage, bands[lead.key], won))
    found = {}
    for lead in leads:
        since = [entered for entered, left in falls(lead) if left is None]
        if not since:
            continue
        days = (AS_OF - since[0]).total_seconds() / 86400
        dwell = next(n for n, low, high in dwells if low <= days < (high or 1e9))
        alike = [row for row in seen if row[0] == dwell]
        same_stage = [row for row in alike if row[1] == lead.stays[-1]["stage"]]
        same_band = [row for row in same_stage if row[2] == bands[lead.key]]
        groups = {"stage_band": same_band, "stage": same_stage, "all": alike}
        basis = next((b for b, rows in groups.items() if len(rows) >= small_n), "all")
        rows = groups[basis]
        found[lead.key] = (
            Worth(basis, len(rows), sum(row[3] for row in rows)) if rows else Worth(None, 0, None)
        )
    return found
