"""Who may use a shared identifier: the groups of people, or the one company, behind one value.

A mobile or a mailbox that several full names use joins only the records of the same name; a mail
domain or a switchboard joins only the records that agree with the company most of its records name.
Both are pure functions of what was known of that one value at an instant, so the order of arrival
changes nothing, and the periods given back replay what was known when.

Belongs here: labels in, groups over time out. Does not belong here: where labels come from
(names.py and the models), and what the joined records become (replay.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dagster_project.lib.identity.names import Name, compatible
from dagster_project.lib.identity.timeline import LongestPeriods, live_sets

# What a verdict says of one observation of a shared identifier.
OK, AMBIGUOUS, OUTVOTED = "ok", "ambiguous", "outvoted"


@dataclass(frozen=True)
class Observation:
    """One record that carried the identifier from `since` until before `until` (None = still)."""

    record_key: str
    label: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Verdict:
    """What one observation may do in a period: join `group` (None = everybody), or nothing."""

    record_key: str
    label: str | None
    group: str | None
    status: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Company:
    """A company as one record writes it; `is_short` when no legal form is written (简称)."""

    legal_key: str
    brand_key: str
    is_short: bool


Judge = Callable[[Sequence[Observation]], Sequence[tuple[str | None, str]]]


def verdicts(observations: Sequence[Observation], judge: Judge) -> Iterator[Verdict]:
    """Yields the verdicts on one identifier, one per record and longest period of no change.

    judge: sees the observations live at an instant and gives (group, status) for each of them.
    """
    longest = LongestPeriods()
    for since, until, live in live_sets(observations):
        for observation, (group, status) in zip(live, judge(live), strict=True):
            longest.add((observation.record_key, observation.label, group, status), since, until)
    for key, period in longest:
        yield Verdict(*key, *period)


def name_judge(
    names: Mapping[str, Name],
    tokens: Mapping[str, str],
    *,
    nameless_min_share: float,
    fuzzy_up_to: int,
) -> Judge:
    """Judge of a value that people share: one group per person's name.

    names, tokens: parsed name, and the text that stands for it in a group, by label.
    nameless_min_share: a record without a full name follows the most frequent name when that name
    has at least this share of the named records.
    fuzzy_up_to: with more distinct names than this the value is a hub: only equal names are one.
    """

    def judge(live: Sequence[Observation]) -> list[tuple[str | None, str]]:
        groups = _name_groups(live, names, tokens, fuzzy_up_to)
        sizes = Counter(group for group in groups if group is not None and group != AMBIGUOUS)
        if len(sizes) <= 1 and AMBIGUOUS not in groups:
            return [(None, OK)] * len(live)
        top, n_top = min(sizes.items(), key=lambda item: (-item[1], item[0]))
        follows = n_top >= nameless_min_share * sum(sizes.values())
        return [
            (None, AMBIGUOUS)
            if group == AMBIGUOUS or (group is None and not follows)
            else (group or top, OK)
            for group in groups
        ]

    return judge


def majority_judge(companies: Mapping[str, Company], *, min_share: float) -> Judge:
    """Judge of a value that belongs to a company: the company that most of its records name.

    companies: what a label says; a label that is not there (a mail domain) stands for itself.

    Records of that company, of a short form of it, and records that name none may join; the others
    are outvoted. Without a company that holds more than `min_share` of the votes nobody joins.
    """

    def judge(live: Sequence[Observation]) -> list[tuple[str | None, str]]:
        named = [_company(companies, observation.label) for observation in live]
        votes = Counter(company for company in named if company)
        if not votes:
            return [(None, OK)] * len(live)
        legal = [company for company in votes if not company.is_short] or list(votes)
        backing = {
            company: sum(n for other, n in votes.items() if _may_mean(other, company))
            for company in legal
        }
        top = min(backing, key=lambda company: (-backing[company], company.legal_key))
        if backing[top] <= min_share * votes.total():
            return [(None, AMBIGUOUS)] * len(live)
        return [
            (None, OK if company is None or _may_mean(company, top) else OUTVOTED)
            for company in named
        ]

    return judge


def _company(companies: Mapping[str, Company], label: str | None) -> Company | None:
    return companies.get(label) or Company(label, label, is_short=False) if label else None


def _may_mean(written: Company, meant: Company) -> bool:
    """True when `written` is `meant` or a short form of it."""
    return written.legal_key == meant.legal_key or (
        written.is_short and written.brand_key in (meant.brand_key or meant.legal_key)
    )


def _name_groups(
    live: Sequence[Observation],
    names: Mapping[str, Name],
    tokens: Mapping[str, str],
    fuzzy_up_to: int,
) -> list[str | None]:
    """The group of each observation: a name's token, None without a name, or AMBIGUOUS."""
    parsed = [names.get(observation.label or "") for observation in live]
    counts = Counter(name for name in parsed if name and name.name_key)
    token = {
        name: tokens[observation.label]
        for name, observation in zip(parsed, live, strict=True)
        if name and observation.label
    }
    people = _people(counts, fuzzy_up_to)
    heads = list(dict.fromkeys(people.values()))
    groups: list[str | None] = []
    for name in parsed:
        if name is None or (not name.name_key and not name.family_name):
            groups.append(None)
        elif name.name_key:
            groups.append(token[people[name]])
        else:
            # 王总 is whoever of the people is called 王.
            bearers = [head for head in heads if compatible(name, head)]
            groups.append(AMBIGUOUS if len(bearers) > 1 else token[(bearers or [name])[0]])
    return groups


def _people(counts: Counter[Name], fuzzy_up_to: int) -> dict[Name, Name]:
    """Maps every full name to the spelling that stands for the person.

    Frequent spellings first, Chinese before Latin: a Latin spelling stands for the one Chinese name
    it can be read as, for itself when it can be read as several.
    """
    order = sorted(counts, key=lambda n: (n.is_latin, -counts[n], n.name_key))
    people: dict[Name, Name] = {}
    for name in order:
        heads = [] if len(order) > fuzzy_up_to else list(dict.fromkeys(people.values()))
        alike = [head for head in heads if compatible(name, head)]
        chinese = [head for head in alike if not head.is_latin]
        readable = chinese if len(chinese) == 1 else [] if chinese else alike[:1]
        people[name] = readable[0] if readable else name
    return people
