"""What the two languages have in common: names, the dice, and the ways to damage a text."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol


class Dice(random.Random):
    """Named random numbers: one seed and one label always give the same ones."""

    def __init__(self, seed: int, label: str) -> None:
        super().__init__(f"{seed}/{label}")

    def chance(self, rate: float) -> bool:
        return self.random() < rate

    def digits(self, count: int) -> str:
        return "".join(self.choices("0123456789", k=count))


class Weighted:
    """Words with weights, drawn fast."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._words = list(weights)
        self._totals = list(accumulate(weights.values()))

    def draw(self, dice: Dice) -> str:
        return dice.choices(self._words, cum_weights=self._totals)[0]


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name: as in the passport, and in Latin letters."""

    full: str
    family: str
    given: str
    latin_family: str
    latin_given: str
    nickname: str


@dataclass(frozen=True, slots=True)
class CompanyName:
    """Names of one legal person."""

    legal: str
    brand: str  # what sets it apart from its group: without city and legal form
    short: str  # what its people call it
    city: str
    domain: str  # proposal for a mail domain, without suffix


class Language(Protocol):
    """How people, companies and numbers are named and written in one language."""

    free_mail: Weighted
    role_locals: Sequence[str]
    titles: Sequence[str]
    junk_companies: Sequence[str]
    mail_suffixes: Sequence[str]
    country: str

    def name(self, dice: Dice) -> Name: ...
    def married(self, dice: Dice, name: Name) -> Name: ...
    def honorific(self, dice: Dice, name: Name) -> str: ...
    def romanised(self, dice: Dice, name: Name) -> str: ...
    def name_typo(self, dice: Dice, full: str) -> str: ...
    def traditional(self, text: str) -> str: ...
    def mobile(self, dice: Dice) -> str: ...
    def written_mobile(self, dice: Dice, number: str) -> str: ...
    def landline(self, dice: Dice, city: str) -> str: ...
    def written_landline(self, dice: Dice, number: str) -> str: ...
    def junk_phone(self, dice: Dice) -> str: ...
    def company(self, dice: Dice) -> CompanyName: ...
    def subsidiary(self, dice: Dice, parent: CompanyName) -> CompanyName: ...
    def branch(self, dice: Dice, name: CompanyName) -> str: ...
    def respelt_company(self, dice: Dice, name: CompanyName) -> str: ...
    def short_names(self, name: CompanyName) -> tuple[str, ...]: ...
    def loose_names(self, name: CompanyName) -> tuple[str, ...]: ...


FULL_WIDTH = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


def full_width(text: str) -> str:
    """The text with its printable ASCII characters as full-width ones."""
    return text.translate(FULL_WIDTH)


def mistyped(dice: Dice, text: str, alphabet: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    """The text with one slip of the finger: never the text itself."""
    while True:
        place = dice.randrange(len(text))
        slip = dice.random()
        if slip < 0.35:
            wrong = text[:place] + text[place + 1 :]
        elif slip < 0.65:
            wrong = text[:place] + text[place + 1 : place + 2] + text[place] + text[place + 2 :]
        elif slip < 0.85:
            wrong = text[:place] + dice.choice(alphabet) + text[place + 1 :]
        else:
            wrong = text[:place] + text[place] + text[place:]
        if wrong not in (text, ""):
            return wrong


def mistyped_digits(dice: Dice, number: str) -> str:
    """The number with one digit wrong or two neighbours exchanged, of the same length."""
    while True:
        place = dice.randrange(3, len(number) - 1)
        if dice.chance(0.5):
            wrong = number[:place] + dice.choice("0123456789") + number[place + 1 :]
        else:
            wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if wrong != number:
            return wrong
