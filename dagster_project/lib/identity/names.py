"""Personal names: what is a full name, what a form of address, which names may be one person.

Belongs here: parsing one spelling and comparing two parsed ones. Does not belong here: the words
(seeds honorific_name, family_name and traditional_simplified, handed in as NameRules) and what a
difference of names leads to (the guards). Readings of characters are those of `pypinyin`, except
for family names that are read otherwise (seed family_name). No message carries a name.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

FULL, ADDRESS, PARTIAL, NONE = "full", "address", "partial", "none"

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,4}")
_BRACKETED = re.compile(r"[(\[{<《【「『〈].*?[)\]}>》】」』〉]")
_MIDDLE_DOTS = re.compile(r"[·•・‧∙⋅●]")
# What stands between a name and something else: 王伟-华为, Kevin|Acme, 王伟_2.
_PARTS = re.compile(r"[/\\|_;,:+&=~*#!?、。—–-]+")
_TOKEN = re.compile(r"[^\W\d_]+")
_APOSTROPHES = re.compile(r"[-'’‘`´‐‑]")
_NEVER_A_NAME = re.compile(r"@|://|www\.")


@dataclass(frozen=True)
class Name:
    """One parsed name; every text in lower case, Simplified characters, no accents.

    name_key      the comparable full name: Han without blanks (王伟), else the words as written
                  (wei wang); None unless kind is full
    kind          full; address (family name with a form of address: 王总, Mr Wang); partial (one
                  word, one character, a nickname); none (placeholder or no name at all)
    family_name   in the script it was written in; None when it can't be told
    latin_key     what all romanised spellings of the name share: 王伟, Wang Wei, Wei Wang and
                  wangwei give wangwei. Of an address: the family name. None without such a reading
    """

    name_key: str | None
    kind: str
    family_name: str | None = None
    latin_key: str | None = None

    @property
    def is_latin(self) -> bool:
        """True of a full name in letters rather than Han characters."""
        return self.name_key is not None and not _is_han(self.name_key)


@dataclass(frozen=True)
class NameRules:
    """The words that parsing goes by. Build it with `from_rows`.

    patterns     (regular expression, kind) in the order they are tried
    families     Han family name -> its reading (letters a-z)
    ranks        reading of a family name -> how common it is, 1 = most; rare ones have 1,000
    simplified   table for str.translate from Traditional to Simplified characters
    """

    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    families: Mapping[str, str] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    simplified: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def from_rows(
        cls,
        patterns: Iterable[tuple[str, str]],
        families: Iterable[tuple[str, str | None, int | None]],
        simplified: Iterable[tuple[str, str]],
    ) -> "NameRules":
        """From rows of the seeds that are in force: (name_regex, name_kind), (family_name, reading,
        frequency_rank) and (trad, simp). Raises re.error for a bad regular expression.
        """
        readings, ranks = {}, {}
        for family, reading, rank in sorted(families, key=lambda row: row[0]):
            readings[family] = reading or _reading(family)
            ranks[readings[family]] = min(rank or 1_000, ranks.get(readings[family], 1_000))
        # Placeholders and nicknames first: 老师 is no family name with a form of address.
        order = {"placeholder": 0, "nickname": 1, "address": 2, "title": 3}
        ranked = sorted(patterns, key=lambda row: (order[row[1]], row[0]))
        return cls(
            patterns=tuple((re.compile(regex), kind) for regex, kind in ranked),
            families=readings,
            ranks=ranks,
            simplified=str.maketrans(dict(simplified)),
        )


def parse(raw: str, rules: NameRules) -> Name:
    """Read one spelling. Raises nothing.

    A Han name counts before Latin words beside it (王伟 Vivian). Digits, signs and what stands in
    brackets are no part of a name. Two to four characters are a full name when they begin with a
    known family name; otherwise a nickname.
    """
    text = unicodedata.normalize("NFKC", raw).strip().lower()
    if _NEVER_A_NAME.search(text):
        return Name(None, NONE)
    text = (_BRACKETED.sub(" ", text).strip() or text).translate(rules.simplified)
    if _placeholder(text, rules):
        return Name(None, NONE)
    for part in _PARTS.split(text):
        if _HAN_RUN.search(part) and not _other_letters(part):
            found = _han(part, rules)
            if found.kind != NONE:
                return found
    if _HAN_RUN.search(text) and not _other_letters(text):
        return Name(None, NONE)
    return _words(text, rules)


def parse_all(raws: Iterable[str], rules: NameRules) -> dict[str, Name]:
    """Every distinct spelling with its name, in text order."""
    return {raw: parse(raw, rules) for raw in sorted(set(raws))}


def as_table(names: Mapping[str, Name]) -> "pa.Table":
    """The table of int_identifiers__names: raw_name, name_key, name_kind, family_name, latin_key,
    all text; one row per spelling, in the order of `names`.
    """
    import pyarrow as pa

    columns = {
        "raw_name": list(names),
        "name_key": [name.name_key for name in names.values()],
        "name_kind": [name.kind for name in names.values()],
        "family_name": [name.family_name for name in names.values()],
        "latin_key": [name.latin_key for name in names.values()],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def compatible(a: Name, b: Name) -> bool:
    """False when two names are evidence of two people; symmetric, and true of a name with itself.

    - A part of a name, or none, says nothing: compatible with everything.
    - A form of address speaks for its family name only.
    - Han and Han: the same characters, or the same sound (郭艳, 郭燕: who types Chinese picks from
      a list). A shared family name (王伟, 王芳) is no agreement.
    - Han and Latin: the same latin_key.
    - Latin and Latin: the same latin_key; or the first and the last word agree, in either order:
      the same, an initial or the beginning (Steve, Steven B.), or one letter mistyped; or written
      together they differ by one letter (from 5 letters on) or two (from 9 on). A shared first or
      family name alone is no agreement: offices are full of people called John.
    """
    if PARTIAL in (a.kind, b.kind) or NONE in (a.kind, b.kind):
        return True
    if ADDRESS in (a.kind, b.kind):
        return _same_family(a, b)
    if a.name_key == b.name_key:
        return True
    if a.latin_key is not None and a.latin_key == b.latin_key:
        return True
    if _is_han(a.name_key) or _is_han(b.name_key):
        return False
    a_words, b_words = a.name_key.split(" "), b.name_key.split(" ")
    return _ends_agree(a_words, b_words) or _one_typo(a_words, b_words)


# --- Han -------------------------------------------------------------------------------------


def _han(part: str, rules: NameRules) -> Name:
    """A part that holds Han characters; anything else in it is left out."""
    dotted = [_HAN_RUN.findall(piece) for piece in _MIDDLE_DOTS.split(part)]
    if len(dotted) > 1 and all(dotted):
        # 阿卜杜拉·买买提: no family name that could be told.
        runs = ["".join(piece) for piece in dotted]
        keys = ("".join(runs), "".join(runs[1:] + runs[:1]))
        return Name(keys[0], FULL, None, min(_reading(key) for key in keys))
    runs = _HAN_RUN.findall(part)
    first, joined = runs[0], "".join(runs)
    # 王伟 华为: the second word is no given name of the first; 欧阳 晓明 and 王 伟 are one name.
    if len(runs) > 1 and len(first) > 1 and first not in rules.families:
        title = _titled(joined, rules)
        return title if title else _han_name(first, rules)
    return _titled(joined, rules) or _han_name(joined, rules)


def _titled(key: str, rules: NameRules) -> Name | None:
    """王总, 王伟经理 or a placeholder: what a pattern says; None when no pattern decides."""
    for pattern, kind in rules.patterns:
        match = pattern.search(key)
        if not match:
            continue
        if kind == "placeholder":
            return Name(None, NONE)
        if kind == "nickname":
            return Name(None, PARTIAL)
        rest = match[1]
        if rest in rules.families:
            return Name(None, ADDRESS, rest, rules.families[rest])
        if kind == "title":
            found = _han_name(rest, rules)
            # 技术总监 is a function, nobody's name.
            return found if found.kind == FULL else Name(None, NONE)
    return None


def _han_name(key: str, rules: NameRules) -> Name:
    """Characters without any form of address."""
    family = next((key[:n] for n in (4, 3, 2, 1) if key[:n] in rules.families and n < len(key)), "")
    if not 2 <= len(key) <= max(4, len(family) + 2) or not family:
        return Name(None, PARTIAL)
    # 司马 alone is a family name.
    if key in rules.families and len(key) > 1:
        return Name(None, PARTIAL, key, rules.families[key])
    reading, given = rules.families[family], _reading(key[len(family) :])
    return Name(key, FULL, family, min(reading + given, given + reading))


@lru_cache(maxsize=200_000)
def _reading(text: str) -> str:
    """Letters of a text in pinyin, without tones; lü and nü as lu and nu."""
    from pypinyin import lazy_pinyin

    return "".join(_plain_syllable(syllable) for syllable in lazy_pinyin(text, errors="ignore"))


# --- Latin and other alphabets -----------------------------------------------------------------


def _words(text: str, rules: NameRules) -> Name:
    """A name in letters; words are told by blanks and signs, digits and accents left out."""
    comma = re.match(r"^([^\W\d_]+), *([^,]+)$", text)
    words = _tokens(f"{comma[2]} {comma[1]}" if comma else text)
    letters = "".join(words)
    if len(set(letters)) < 2:
        return Name(None, NONE)
    if _placeholder(" ".join(words), rules):
        return Name(None, NONE)
    for pattern, kind in rules.patterns:
        match = pattern.search(" ".join(words)) if kind == "title" else None
        if match:
            rest = match[1].split(" ")
            if len(rest) == 1:
                return Name(None, ADDRESS, rest[0], _plain_word(rest[0]))
            words = rest
    if len(words) == 1:
        if _HANGUL.fullmatch(letters):
            return Name(letters, FULL, letters[0])
        return Name(None, PARTIAL, None, _one_word_key(letters, rules))
    if sum(len(word) >= 2 for word in words) < 2:
        return Name(None, PARTIAL)
    at = _family_position(words, rules)
    family, given = words[at], words[:at] + words[at + 1 :]
    key = None
    if letters.isascii():
        ends = _plain_word(family), "".join(_plain_word(word) for word in given)
        key = min(ends[0] + ends[1], ends[1] + ends[0])
    return Name(" ".join(words), FULL, family, key)


def _tokens(text: str) -> list[str]:
    text = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


def _family_position(words: list[str], rules: NameRules) -> int:
    """Index of the family name: the end that is the commoner Chinese family name, else the last.

    Only where every word is made of pinyin syllables; elsewhere Li may be a given name.
    """
    if all(_syllables(word) for word in words):
        first, last = (rules.ranks.get(_plain_word(words[at]), 2_000) for at in (0, -1))
        if first <= last and first < 2_000:
            return 0
    return len(words) - 1


def _one_word_key(word: str, rules: NameRules) -> str | None:
    """wangwei and weiwang: the same key as Wang Wei, if one end is a Chinese family name."""
    if not word.isascii():
        return None
    syllables = [_plain_syllable(syllable) for syllable in _syllables(word) or ()]
    best = None
    for size in (1, 2):
        for family, given in (
            (syllables[:size], syllables[size:]),
            (syllables[-size:], syllables[:-size]),
        ):
            rank = rules.ranks.get("".join(family)) if given and len(given) <= 3 else None
            # A family name of two syllables is the surer find: ouyangming isn't Mr Ou.
            order = (-size, rank)
            if rank is not None and (best is None or order < best[0]):
                best = order, "".join(family), "".join(given)
    return min(best[1] + best[2], best[2] + best[1]) if best else word


@lru_cache(maxsize=200_000)
def _syllables(word: str) -> tuple[str, ...] | None:
    """A word as the fewest pinyin syllables, the longer first; None when it isn't made of them."""
    inventory, best = _inventory(), {0: ()}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            if start in best and word[start:end] in inventory:
                found = (*best[start], word[start:end])
                if end not in best or _rank(found) < _rank(best[end]):
                    best[end] = found
    return best.get(len(word)) or None


def _rank(syllables: tuple[str, ...]) -> tuple[int, ...]:
    return len(syllables), *(-len(syllable) for syllable in syllables)


@lru_cache(maxsize=1)
def _inventory() -> frozenset[str]:
    """All syllables of Mandarin in letters a-z, with the three spellings of lü and nü."""
    from pypinyin import Style
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.style import convert

    found = {
        convert(reading, Style.NORMAL, strict=False)
        for readings in PINYIN_DICT.values()
        for reading in readings.split(",")
    }
    plain = {s for s in found if s.isascii() and s.isalpha() and re.search("[aeiouv]", s)}
    return frozenset(plain | {s.replace("v", "yu") for s in plain if "v" in s})


def _plain_syllable(syllable: str) -> str:
    return re.sub(r"^([ln])(?:v|yu|ü)", r"\1u", syllable)


@lru_cache(maxsize=200_000)
def _plain_word(word: str) -> str:
    """A word with lü and nü written as lu and nu, if it is pinyin."""
    return "".join(_plain_syllable(syllable) for syllable in _syllables(word) or (word,))


# --- both ----------------------------------------------------------------------------------------


def _placeholder(text: str, rules: NameRules) -> bool:
    squeezed = " ".join(text.split())
    for key in {squeezed, squeezed.replace(" ", "")}:
        if any(kind == "placeholder" and p.search(key) for p, kind in rules.patterns):
            return True
    return False


def _other_letters(part: str) -> bool:
    """Japanese or Korean beside Han characters: not a Chinese name."""
    return bool(re.search(r"[\u3041-\u30fa\uac00-\ud7a3]", part))


def _is_han(key: str | None) -> bool:
    return bool(key) and bool(_HAN_RUN.match(key))


def _same_family(a: Name, b: Name) -> bool:
    """Two names of which at least one is a form of address."""
    if a.family_name is None or b.family_name is None or a.family_name == b.family_name:
        return True
    if _is_han(a.family_name) and _is_han(b.family_name):
        return False
    if a.kind == b.kind:
        return a.latin_key == b.latin_key
    address, full = (a, b) if a.kind == ADDRESS else (b, a)
    if address.latin_key is None or full.latin_key is None:
        return True
    if not _is_han(full.name_key):
        words = full.name_key.split(" ")
        return address.latin_key in (_plain_word(words[0]), _plain_word(words[-1]))
    # The family name is at one of the ends of what both orders of the name share.
    key = full.latin_key
    return key.startswith(address.latin_key) or key.endswith(address.latin_key)


def _ends_agree(a_words: list[str], b_words: list[str]) -> bool:
    """Whether first and last words agree, one of them letter by letter, in either order."""
    first, last = a_words[0], a_words[-1]
    return any(
        (first == x and _word_agrees(last, y)) or (last == y and _word_agrees(first, x))
        for x, y in ((b_words[0], b_words[-1]), (b_words[-1], b_words[0]))
    )


def _word_agrees(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    if len(short) == 1 or len(short) >= 3:
        return long.startswith(short) or (len(short) >= 4 and _within(a, b, 1))
    return a == b


def _one_typo(a_words: list[str], b_words: list[str]) -> bool:
    a = "".join(a_words)
    length = min(len(a), sum(map(len, b_words)))
    allowed = 2 if length >= 9 else 1 if length >= 5 else 0
    return allowed > 0 and any(_within(a, b, allowed) for b in _orders(b_words))


def _orders(words: list[str]) -> Iterator[str]:
    yield "".join(words)
    yield "".join(words[1:] + words[:1])
    yield "".join(words[-1:] + words[:-1])


def _within(a: str, b: str, allowed: int) -> bool:
    """Whether the Levenshtein distance of two texts is at most `allowed`.

    V. I. Levenshtein, Soviet Physics Doklady 10 (1966); rows of Wagner and Fischer (1974), left as
    soon as none of a row is small enough.
    """
    if abs(len(a) - len(b)) > allowed:
        return False
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        above, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
        if min(row) > allowed:
            return False
    return row[-1] <= allowed
