"""Finds what only one SQL engine understands, in dbt models and macros that are written for two.

The text is read, not compiled: compiled SQL has been through `dbt/macros/portable/`, where engines
may differ. Comments and string literals are left out; text inside Jinja strings is read too, since
macros hand SQL around in them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

JINJA = re.compile(r"\{\{-?(?P<value>.*?)-?\}\}|\{%-?(?P<block>.*?)-?%\}", re.S)
JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.S)
JINJA_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.S)
SQL_SILENT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.S)

# What stands for a Jinja value of unknown text.
VALUE = "jinja_value"

# Construct -> what to write instead.
FORBIDDEN = {
    r"\bhash\s*\(": "md5(): hash() differs between engines and versions",
    r"\b(str_|string_)?split\s*\(": "split_part(), or a portable macro",
    r"\[": "no lists or subscripts in models: flatten when landing",
    r"\bunnest\s*\(": "no lists in models: flatten when landing",
    r"\basof\b": "a portable macro, or qualify over an inner join",
    r"\bexclude\b": "the columns by name",
    r"\*\s*replace\s*\(": "the columns by name",
    r"\bcolumns\s*\(": "the columns by name",
    r"\bby\s+name\b": "the same column order on both sides of the union",
    r"\bdistinct\s+on\b": "qualify row_number() over (…) = 1",
    r"->": "the portable macro json_text",
    r"\bdate_?diff\s*\(": "the portable macro seconds_between, or a subtraction of dates",
    r"\bregexp_\w+\s*\(": "the portable macros regex_like and regex_replace_all",
    r"\barg_(max|min)(_null)?\s*\(": "max_by() and min_by()",
    r"\blist(_\w+)?\s*\(": "a portable macro for aggregates",
    r"\b(string_agg|group_concat|listagg)\s*\(": "the portable macro ordered_text_agg",
    r"\bstruct_\w+\s*\(": "plain columns",
    r"\bepoch(_\w+)?\s*\(": "the portable macro seconds_between",
    r"\b(try_)?str[fp]time\s*\(": "a portable macro for time",
    r"\bgenerate_series\s*\(": "the portable macro series",
    r"\bread_(parquet|csv|json)\w*\s*\(": "the macro landing, or a seed",
    r"//": "floor(a / b)",
    # Not a difference of engines, but a rebuild must give the same rows.
    r"\b(current_date|current_timestamp|localtimestamp)\b": "the instant in int_time__as_of",
    r"\b(now|today|get_current_timestamp)\s*\(": "the instant in int_time__as_of",
    r"\b(random|rand|uuid|gen_random_uuid)\s*\(": "a hash of the natural key",
}
FORBIDDEN_MACROS = {
    r"\bdbt\.safe_cast\b": "try_cast(): dbt.safe_cast raises on both engines",
    r"\bdbt\.split_part\b": "split_part()",
    r"\bdbt\.listagg\b": "the portable macro ordered_text_agg",
    r"\bdbt\.date_spine\b": "the portable macro day_series: date_spine queries while compiling",
}
ORDER_BY = re.compile(r"\border\s+by\b", re.I)
ORDER_BY_ENDS = re.compile(
    r"\b(limit|offset|rows|range|groups|union|except|intersect|qualify|window|separator)\b|;", re.I
)


@dataclass(frozen=True)
class Finding:
    """One construct that has to go: 1-based line, the text found, what to write instead."""

    line: int
    found: str
    instead: str


def findings(text: str) -> list[Finding]:
    """Returns what is not portable in the text of a model or macro file, in order of lines."""
    text = JINJA_COMMENT.sub(_blank, text)
    found = set()
    for match in JINJA.finditer(text):
        code = match["value"] or match["block"] or ""
        offset = match.start("value") if match["value"] else match.start("block")
        bare = JINJA_STRING.sub(_blank, code)
        found.update(_matches(FORBIDDEN_MACROS, bare, text, offset))
        for start, sql in _strings(code):
            sql = SQL_SILENT.sub(_blank, sql)
            # A regular expression has brackets of its own.
            rules = {rule: instead for rule, instead in FORBIDDEN.items() if rule != r"\["}
            found.update(_matches(rules, sql, text, offset + start))
            found.update(_unordered_nulls(sql, text, offset + start))
    sql = SQL_SILENT.sub(_blank, JINJA.sub(_stand_in, text))
    found.update(_matches(FORBIDDEN, sql, text, 0))
    found.update(_unordered_nulls(sql, text, 0))
    return sorted(found, key=lambda finding: (finding.line, finding.found))


def _strings(code: str) -> Iterator[tuple[int, str]]:
    """Yields position and text of the strings in Jinja code, joined where `~` concatenates them."""
    start, parts, end = 0, "", None
    for match in JINJA_STRING.finditer(code):
        between = code[end : match.start()] if end is not None else ""
        string = match[1] if match[1] is not None else match[2]
        if end is not None and between.count("~") == 2:
            parts += _padded(VALUE, between) + string
        elif end is not None and between.strip() == "~":
            parts += _padded("", between) + string
        else:
            if end is not None:
                yield start, parts
            start, parts = match.start(), string
        end = match.end()
    if end is not None:
        yield start, parts


def _padded(stand_in: str, replaced: str) -> str:
    return stand_in + "\n" * replaced.count("\n") + " "


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _stand_in(match: re.Match[str]) -> str:
    if match["value"] is None:
        return _blank(match)
    # As long as what it replaces, so that positions stay.
    stand_in = VALUE.ljust(len(match[0]))[: len(match[0])]
    return "".join(old if old == "\n" else new for old, new in zip(match[0], stand_in, strict=True))


def _matches(rules: dict[str, str], sql: str, text: str, offset: int) -> Iterator[Finding]:
    for rule, instead in rules.items():
        for match in re.finditer(rule, sql, re.I):
            line = text.count("\n", 0, offset) + sql.count("\n", 0, match.start()) + 1
            yield Finding(line, match[0], instead)


def _unordered_nulls(sql: str, text: str, offset: int) -> Iterator[Finding]:
    for match in ORDER_BY.finditer(sql):
        for term in _order_terms(sql, match.end()):
            # A macro that stands alone is read where it is written.
            if term and term != VALUE and not re.search(r"\bnulls\s+(last|first)$", term, re.I):
                line = text.count("\n", 0, offset) + sql.count("\n", 0, match.start()) + 1
                yield Finding(line, f"order by … {term}", "nulls last after every sort key")


def _order_terms(sql: str, start: int) -> list[str]:
    """Returns the sort keys of the clause that starts at a position, whitespace squeezed."""
    depth, terms, term_start, position = 0, [], start, start
    while position < len(sql):
        character = sql[position]
        if character == "(":
            depth += 1
        elif character == ")":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and character == ",":
            terms.append(sql[term_start:position])
            term_start = position + 1
        elif depth == 0 and ORDER_BY_ENDS.match(sql, position):
            break
        position += 1
    terms.append(sql[term_start:position])
    return [" ".join(term.split()) for term in terms]
