"""Phone numbers as people write them, to E.164 and a type.

Belongs here: everything but a plainly written Chinese mobile, which the model
int_identifiers__phone_spellings reads in SQL with the same result. Does not belong here: which
numbers are junk or shared (rules). Parsing, validity and numbering plans are those of
`phonenumbers`, the port of Google's libphonenumber; ours is what comes before it: Chinese words for
an extension, two numbers in a cell.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, shortnumberinfo

if TYPE_CHECKING:
    import pyarrow as pa

REGION, COUNTRY_CODE = "CN", 86

_CHINESE = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.PAGER: "mobile",
    PhoneNumberType.PERSONAL_NUMBER: "mobile",
    PhoneNumberType.FIXED_LINE: "fixed_line",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "fixed_line",
    PhoneNumberType.VOIP: "fixed_line",
}
# Abroad a mobile often can't be told from a fixed line (all of North America): may be a person's.
_FOREIGN = {
    PhoneNumberType.MOBILE: "foreign",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "foreign",
    PhoneNumberType.PAGER: "foreign",
    PhoneNumberType.PERSONAL_NUMBER: "foreign",
    PhoneNumberType.VOIP: "foreign",
    PhoneNumberType.FIXED_LINE: "fixed_line",
}

_EXTENSION = re.compile(
    r"(?<=[\d)])\s*(?:转|轉|分机|分機|内线|內線|ext(?:ension|n)?|x|;ext=)[号號]?"
    r"[:：. ]*\d{1,6}\D*$",
    re.I,
)
# 010-62345678-801: to the library one number of too many digits.
_DASHED_EXTENSION = re.compile(
    r"^(\(?(?:\+?86|0086)?[ -]*\(?0?\d{2,4}\)?[ -]*\d{7,8}|\d{7,8})[ ]*[-*#][ ]*\d{1,6}$"
)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc\u4e00](?=\s*\d)")
_SEVERAL = re.compile(r"[/、|;,]|或|\s{2,}|\s(?=1[3-9]\d{9}\b)")
_NOT_WRITTEN_IN_NUMBERS = re.compile(r"[^\x00-\x7f]+")
_LETTERS = re.compile(r"[a-z]+", re.I)
_LOCAL_LINE = re.compile(r"[2-8]\d{6,7}")
_COUNTRY_PREFIX = re.compile(r"^(?:00|\+)86(?=\d{5})")


@dataclass(frozen=True)
class Phone:
    """One number.

    national_number   Chinese: the national significant number; foreign: country code and number;
                      not a number: the digits as typed. Digits only, "" when there is none
    phone_type        mobile, foreign (mobile or of unknown kind, abroad), fixed_line, service
                      (400, 800, 95xxx, 12306 …), invalid, empty (no digit at all)
    e164              "+8613812345678"; None when the number isn't whole: invalid, or a fixed line
                      without its area code
    """

    national_number: str
    phone_type: str
    e164: str | None


def parser_version(region: str = REGION) -> str:
    """What `parse` depends on besides the spelling: region, version of the library, this file."""
    code = hashlib.md5(Path(__file__).read_bytes(), usedforsecurity=False).hexdigest()
    return f"phonenumbers {phonenumbers.__version__}, {code[:12]}, {region}"


def parse(raw: str, region: str = REGION) -> Phone:
    """Read one spelling; numbers without a country code are of `region`. Raises nothing.

    An extension (转801, -801, ext. 801) is left out of the number. Of several numbers in one cell
    the first valid one counts.
    """
    text = unicodedata.normalize("NFKC", raw).strip()
    text = _DASHES.sub("-", text)
    digits = _digits(text)
    if not digits:
        return Phone("", "empty", None)
    whole = _read(text, region)
    if whole and whole.phone_type != "invalid":
        return whole
    for piece in _SEVERAL.split(text):
        found = _read(piece, region) if piece != text and len(_digits(piece)) >= 7 else None
        if found and found.e164:
            return found
    return Phone(_COUNTRY_PREFIX.sub("", digits).lstrip("+"), "invalid", None)


def parse_all(
    raws: Iterable[str], known: Mapping[str, Phone] | None = None, region: str = REGION
) -> dict[str, Phone]:
    """Every spelling with its number, in text order; what `known` already has isn't parsed again.

    The result is a function of `raws` and `parser_version(region)` alone, if `known` came from the
    same version: values that are gone from `raws` are gone from the result.
    """
    known = known or {}
    return {raw: known.get(raw) or parse(raw, region) for raw in sorted(set(raws))}


def as_table(phones: Mapping[str, Phone], region: str = REGION) -> "pa.Table":
    """The table of int_identifiers__phones_parsed: raw_phone, national_number, phone_type, e164 and
    parser_version, all text; one row per spelling, in the order of `phones`.
    """
    import pyarrow as pa

    version = parser_version(region)
    columns = {
        "raw_phone": list(phones),
        "national_number": [phone.national_number for phone in phones.values()],
        "phone_type": [phone.phone_type for phone in phones.values()],
        "e164": [phone.e164 for phone in phones.values()],
        "parser_version": [version] * len(phones),
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def from_rows(
    rows: Iterable[tuple[str, str, str, str | None, str]], region: str = REGION
) -> dict[str, Phone]:
    """What an earlier `as_table` holds, of the present version only; else nothing."""
    version = parser_version(region)
    return {raw: Phone(*phone) for raw, *phone, parsed_by in rows if parsed_by == version}


def _digits(text: str) -> str:
    """ASCII digits, with a leading + kept to tell 86 as a country code from 86 as a number."""
    found = "".join(c for c in text if c in "0123456789")
    return f"+{found}" if found and re.match(r"\D*\+", text) else found


def _read(text: str, region: str) -> Phone | None:
    """The number in a text, or None when the library finds none that is valid."""
    text = _EXTENSION.sub("", text)
    text = _NOT_WRITTEN_IN_NUMBERS.sub(" ", text).strip()
    # Letters dial digits (+1-800-FLOWERS), but only where the country is said: 1-800-FLOWERS would
    # be a Chinese mobile.
    found = _valid(text, region) if text.startswith("+") else None
    text = _LETTERS.sub(" ", text).strip()
    found = found or _valid(text, region)
    dashed = _DASHED_EXTENSION.match(text)
    if dashed and (found is None or found.phone_type == "fixed_line"):
        return _valid(dashed[1], region) or found
    return found


def _valid(text: str, region: str) -> Phone | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:  # the library's word for a number that is not valid
        return _short(number)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code != COUNTRY_CODE:
        return Phone(e164[1:], _FOREIGN.get(kind, "service"), e164)
    national = phonenumbers.national_significant_number(number)
    return Phone(national, _CHINESE.get(kind, "service"), e164)


def _short(number: PhoneNumber) -> Phone | None:
    """95588 and 12306, and a fixed line that is dialled inside its own city only."""
    if number.country_code != COUNTRY_CODE:
        return None
    national = phonenumbers.national_significant_number(number)
    if _LOCAL_LINE.fullmatch(national):
        # Which city isn't said: no E.164, or the same number of two cities would be one.
        return Phone(national, "fixed_line", None)
    if shortnumberinfo.is_valid_short_number_for_region(number, REGION):
        return Phone(national, "service", f"+{COUNTRY_CODE}{national}")
    return None
