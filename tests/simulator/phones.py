"""Telephone numbers: clean Chinese mobiles, fixed lines, junk numbers and their spellings."""

from __future__ import annotations

from itertools import pairwise

from tests.simulator.dice import Dice

PREFIXES = (
    "130", "131", "132", "135", "136", "137", "138", "139", "150", "151", "152", "155", "157",
    "158", "159", "166", "173", "176", "177", "180", "181", "185", "186", "187", "188", "189",
    "191", "198", "199",
)  # fmt: skip
AREA_CODES = {
    "北京": "010", "上海": "021", "广州": "020", "深圳": "0755", "杭州": "0571", "南京": "025",
    "苏州": "0512", "成都": "028", "武汉": "027", "西安": "029", "天津": "022", "重庆": "023",
    "青岛": "0532", "长沙": "0731", "宁波": "0574", "厦门": "0592", "合肥": "0551", "郑州": "0371",
}  # fmt: skip

#: Numbers nobody owns: found on forms all over the country, or typed to get past the field.
JUNK_MOBILES = (
    "13800138000", "13888888888", "13812345678", "18888888888", "15555555512", "13900000000",
    "18698765432", "12345678901", "11111111111", "15699999123",
)  # fmt: skip
#: Four equal or sequential digits in a row: suspect, but dialable.
SUSPECT_MOBILES = ("13900001111", "13566668025", "18712341907", "15897876591", "17722220835")

_FULL_WIDTH = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


def longest_run(digits: str) -> int:
    """Return the length of the longest run of equal or stepwise rising or falling digits."""
    best = 1
    for step in (0, 1, -1):
        run = 1
        for left, right in pairwise(digits):
            run = run + 1 if (int(right) - int(left) - step) % 10 == 0 else 1
            best = max(best, run)
    return best


def _is_plain(digits: str) -> bool:
    """Return whether no rule about repeated, sequential or periodic digits could object."""
    return (
        longest_run(digits) < 4
        and digits[-2:] * 2 != digits[-4:]
        and digits[-3:] * 2 != digits[-6:]
        and digits[-4:] * 2 != digits[-8:]
    )


def new_mobile(dice: Dice, taken: set[str]) -> str:
    """Return a plain mobile number nobody has yet, and take it."""
    while True:
        number = dice.pick(PREFIXES) + f"{dice.between(0, 99_999_999):08d}"
        if number not in taken and _is_plain(number):
            taken.add(number)
            return number


def mistyped(dice: Dice, number: str, taken: set[str]) -> str:
    """Return the number with one digit wrong: still plain, and nobody else's; take it."""
    while True:
        place = dice.between(3, 10)
        wrong = number[:place] + str(dice.between(0, 9)) + number[place + 1 :]
        if wrong not in taken and _is_plain(wrong):
            taken.add(wrong)
            return wrong


def new_fixed_line(dice: Dice, city: str, taken: set[str]) -> str:
    """Return the switchboard number of a company, e.g. ``021-62581947``, and take it."""
    area = AREA_CODES.get(city, "010")
    while True:
        local = f"{dice.pick('5678')}{dice.between(0, 9_999_999):07d}"
        number = f"{area}-{local}"
        if number not in taken and longest_run(local) < 4 and longest_run(area + local) < 4:
            taken.add(number)
            return number


def full_width(text: str) -> str:
    """Return the text with its printable ASCII characters as full-width ones."""
    return text.translate(_FULL_WIDTH)


def written(dice: Dice, number: str) -> str:
    """Return a mobile number the way somebody writes it."""
    style = dice.uniform()
    if style < 0.72:
        return number
    if style < 0.79:
        return f"+86 {number[:3]} {number[3:7]} {number[7:]}"
    if style < 0.84:
        return f"+86{number}"
    if style < 0.88:
        return f"0086-{number}"
    if style < 0.93:
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    if style < 0.96:
        return f" {number[:3]} {number[3:7]} {number[7:]} "
    if style < 0.98:
        return f"86{number}"
    return full_width(number)


def _run(digits: str, steps: tuple[int, ...]) -> int:
    best = 1
    for step in steps:
        run = 1
        for left, right in pairwise(digits):
            run = run + 1 if int(right) - int(left) == step else 1
            best = max(best, run)
    return best


#: Numbers on the block list whatever their digits.
BLOCKED = frozenset({"13800138000", "13888888888", "13812345678", "18888888888", "13900000000"})


def verdicts(digits: str) -> set[str]:
    """Return the cleaning rules a Chinese mobile number violates."""
    rules = {"blocked_phone"} if digits in BLOCKED else set()
    for kind, run in (("repeat", _run(digits, (0,))), ("sequence", _run(digits, (1, -1)))):
        if run >= 5:
            rules.add(f"phone_{kind}_run")
        elif run == 4:
            rules.add(f"phone_{kind}_suspect")
    return rules
