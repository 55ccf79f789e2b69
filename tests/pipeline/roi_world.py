"""Small companies with cost lines, deals and money, made up by dice; knows no SQL of ours."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CHANNELS = ("paid_search", "display", "content", "webinar", "partner", "referral")
MODELS = ("first_touch", "linear")
AS_OF = datetime(2026, 6, 30, 15, 59, 59)
USD = Decimal("7.25")


def half_up(value: Fraction) -> int:
    """Round half away from zero, exactly."""
    whole = abs(value.numerator) * 2 // value.denominator
    return (1 if value >= 0 else -1) * ((whole + 1) // 2)


def telescoped(amount: int, parts: list[int]) -> list[int]:
    """Split an integer by weights: differences of rounded running shares."""
    total, so_far, before, result = sum(parts), 0, 0, []
    for part in parts:
        so_far += part
        running = half_up(Fraction(amount * so_far, total))
        result.append(running - before)
        before = running
    return result


def month(day: date) -> date:
    """First day of the month."""
    return day.replace(day=1)


@dataclass
class RoiWorld:
    """One company; `lines`, `documents` … are rows as the models below the marts deliver them."""

    seed: int
    vat_percent: int = 0
    lines: list[dict] = field(default_factory=list)
    enquiries: list[dict] = field(default_factory=list)
    deals: list[dict] = field(default_factory=list)
    documents: list[dict] = field(default_factory=list)
    credits: list[dict] = field(default_factory=list)
    partner_deals: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.vat_percent = self.dice.choice((0, 6, 13))
        for number in range(self.dice.randint(20, 60)):
            self._line(number)
        for number in range(self.dice.randint(30, 120)):
            self._enquiry(number)
        for number in range(self.dice.randint(5, 25)):
            self._deal(number)

    def _day(self) -> date:
        return date(2024, 7, 1) + timedelta(self.dice.randint(0, 700))

    def _line(self, number: int) -> None:
        first = self._day()
        last = first + timedelta(self.dice.choice((0, 0, 0, 5, 40, 200)))
        currency = self.dice.choice(("CNY", "CNY", "USD"))
        paid = Decimal(self.dice.randint(-20_000, 3_000_000)) / 100
        self.lines.append(
            {
                "cost_key": f"c{number:03}", "channel": self.dice.choice(CHANNELS[:5]),
                "cost_type": self.dice.choice(("media", "event", "tool", "puzzle")),
                "first": first, "last": last, "amount": paid, "currency": currency,
                "list": paid + Decimal(self.dice.randint(0, 5_000)) / 100,
            }
        )  # fmt: skip

    def _enquiry(self, number: int) -> None:
        created = datetime.combine(self._day(), datetime.min.time()) + timedelta(hours=4)
        self.enquiries.append(
            {"key": f"e{number:03}", "channel": self.dice.choice(CHANNELS), "created": created}
        )

    def _deal(self, number: int) -> None:
        key = f"d{number:03}"
        enquiry = self.dice.choice([*self.enquiries, None])
        start = enquiry["created"] if enquiry else datetime(2025, 3, 3, 4)
        deal = {
            "key": key, "enquiry": enquiry, "created": start + timedelta(days=5),
            "won": start + timedelta(days=self.dice.randint(6, 300)),
            "account": f"a{number % 7}", "route": "direct",
        }  # fmt: skip
        self._partner(deal)
        receipts = []
        for basis, most in (("contract", 1), ("invoiced", 3), ("cash", 4)):
            for piece in range(self.dice.randint(0, most)):
                amount = self.dice.randint(-400_000, 5_000_000) if piece else 3_333_334
                at = deal["won"] + timedelta(days=self.dice.randint(-3, 500), seconds=piece)
                row = {"basis": basis, "key": f"{key}-{basis}-{piece}", "deal": key, "at": at,
                       "amount": amount}  # fmt: skip
                self.documents.append(row)
                receipts += [row] if basis == "cash" else []
        if self.dice.random() < 0.15:  # paid back to the cent
            row = {"basis": "cash", "key": f"{key}-cash-back", "deal": key,
                   "at": deal["won"] + timedelta(days=520),
                   "amount": -sum(receipt["amount"] for receipt in receipts)}  # fmt: skip
            self.documents.append(row)
            receipts.append(row)
        self.deals.append(deal)
        self._credit(deal, sum(receipt["amount"] for receipt in receipts))

    def _partner(self, deal: dict) -> None:
        fate = self.dice.random()
        if fate < 0.2:
            deal["route"] = "partner_sourced"
            at = deal["created"] - timedelta(days=1)
        elif fate < 0.35:
            deal["route"] = "partner_influenced"
            at = deal["created"] + timedelta(days=1)
        else:
            return
        self.partner_deals.append({"opportunity": deal["key"], "at": at})

    def _credit(self, deal: dict, cash: int) -> None:
        if self.dice.random() < 0.1:
            touches = ["(unattributed)"]
        else:
            touches = [self.dice.choice(CHANNELS) for _ in range(self.dice.randint(1, 6))]
        for model in MODELS:
            parts = [1] * len(touches)
            if model == "first_touch":
                parts = [1] + [0] * (len(touches) - 1)
            micros, cents = telescoped(1_000_000, parts), telescoped(cash, parts)
            for position, channel in enumerate(touches):
                self.credits.append(
                    {
                        "deal": deal["key"], "model": model, "position": position + 1,
                        "channel": channel, "micro": micros[position], "cents": cents[position],
                    }
                )  # fmt: skip

    def gross(self, line: dict) -> int:
        """Minor units of a line in the reporting currency, as billed."""
        rate = USD if line["currency"] == "USD" else Decimal(1)
        return int((line["amount"] * rate * 100).quantize(Decimal(1), ROUND_HALF_UP))

    def cost_cells(self) -> dict[tuple[str, date], int]:
        """Net cost per channel and month of service, day by day."""
        cells: dict[tuple[str, date], int] = {}
        for line in self.lines:
            net = half_up(Fraction(self.gross(line) * 100, 100 + self.vat_percent))
            days: dict[date, int] = {}
            for n in range((line["last"] - line["first"]).days + 1):
                first = month(line["first"] + timedelta(n))
                days[first] = days.get(first, 0) + 1
            for first, cents in zip(days, telescoped(net, list(days.values())), strict=True):
                key = (line["channel"], first)
                cells[key] = cells.get(key, 0) + cents
        return cells
