"""Who was one person (or one account) at every instant: components under guards, replayed.

A neighbourhood is everything that was ever connected. At each instant at which one of its edges,
records or overrides begins or ends, the live edges are united anew. A component without conflicting
evidence is one entity. In a conflicting one edges are taken strongest first, and an edge that would
bring two different names, too many ids of a kind, or two records that must stay apart into one
entity is refused and kept for review (constrained Kruskal; Kruskal 1956, with must-not pairs as in
Wagstaff et al. 2001). The result depends on the evidence live at that instant only, never on the
order in which it came.

Belongs here: edges over time in, memberships and refusals over time out. Does not belong here: the
evidence (models of intermediate/identity) and the ids (hashes of the anchor, given in SQL).
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

from dagster_project.lib.identity.timeline import LongestPeriods, Period, live_sets

CANNOT_LINK, OTHER_NAME, TOO_MANY = "cannot_link", "other_name", "too_many"


@dataclass(frozen=True)
class Edge:
    """A record carries an identifier: `node`, of a `kind`, in a period."""

    record: str
    node: str
    kind: str
    value: str
    strength: int
    name: Hashable | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Life:
    """A record exists in a period. `rank` orders records by when they were first loaded."""

    record: str
    rank: tuple
    may_anchor: bool
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Override:
    """A decision on records in force in a period: `kind` is cannot_link or pin_id."""

    kind: str
    records: tuple[str, ...]
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Rules:
    """What makes evidence conflict.

    caps: by kind, the most different values one entity may have, and the strength from which on an
    edge is no longer bound by the cap. certain: the strength from which on a different name is no
    conflict.
    """

    caps: Mapping[str, tuple[int, int]]
    certain: int
    same_name: Callable[[Hashable, Hashable], bool]


@dataclass(frozen=True)
class Membership:
    """A record belongs to the entity named by `anchor` in a period."""

    record: str
    anchor: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Refusal:
    """An edge was refused in a period, for a reason."""

    record: str
    node: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass
class _Part:
    """What the records united so far say."""

    records: set[str] = field(default_factory=set)
    names: set[Hashable] = field(default_factory=set)
    values: dict[str, set[str]] = field(default_factory=dict)

    def absorb(self, other: "_Part") -> None:
        self.records |= other.records
        self.names |= other.names
        for kind, values in other.values.items():
            self.values[kind] = self.values.get(kind, set()) | values


class _Parts:
    """Union-find over records and nodes, every part with what it says."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self.part: dict[str, _Part] = {}

    def find(self, item: str) -> str:
        parent = self._parent
        parent.setdefault(item, item)
        root = item
        while parent[root] != root:
            root = parent[root]
        while parent[item] != root:
            parent[item], item = root, parent[item]
        return root

    def of(self, item: str) -> _Part:
        return self.part.setdefault(self.find(item), _Part())

    def unite(self, left: str, right: str) -> None:
        a, b = self.find(left), self.find(right)
        if a == b:
            return
        kept, gone = self.of(a), self.of(b)
        if len(kept.records) < len(gone.records):
            a, b, kept, gone = b, a, gone, kept
        self._parent[b] = a
        kept.absorb(gone)
        del self.part[b]


def replay(
    edges: Sequence[Edge],
    lives: Sequence[Life],
    overrides: Sequence[Override],
    rules: Rules,
) -> tuple[list[Membership], list[Refusal]]:
    """Memberships and refusals of one neighbourhood, each over its longest periods.

    A record in an entity without any record that may anchor (a cookie nobody has named) is a member
    of nothing. Input in any order gives the same output, sorted.
    """
    ranks = {life.record: (life.rank, life.may_anchor) for life in lives}
    memberships, refusals = LongestPeriods(), LongestPeriods()
    for since, until, live in live_sets([*edges, *lives, *overrides]):
        live_edges = [thing for thing in live if isinstance(thing, Edge)]
        alive = {thing.record for thing in live if isinstance(thing, Life)}
        decisions = [thing for thing in live if isinstance(thing, Override)]
        parts, refused = _partition(live_edges, alive, decisions, ranks, rules)
        pinned = {r for d in decisions if d.kind == "pin_id" for r in d.records}
        for records in parts:
            anchor = _anchor(records, pinned, ranks)
            if anchor is not None:
                for record in records:
                    memberships.add((record, anchor), since, until)
        for edge, reason in refused:
            refusals.add((edge.record, edge.node, reason), since, until)
    return (
        [Membership(*key, *period) for key, period in sorted(memberships, key=_by_key_and_start)],
        [Refusal(*key, *period) for key, period in sorted(refusals, key=_by_key_and_start)],
    )


def _by_key_and_start(found: tuple[tuple, Period]) -> tuple:
    key, (since, _) = found
    return key, since


def _anchor(
    records: Iterable[str], pinned: set[str], ranks: Mapping[str, tuple[tuple, bool]]
) -> str | None:
    """The record that names the entity: pinned first, else the first one ever loaded."""
    able = [record for record in records if ranks[record][1]]
    return min(able, key=lambda r: (r not in pinned, ranks[r][0]), default=None)


def _partition(
    edges: Sequence[Edge],
    alive: set[str],
    decisions: Sequence[Override],
    ranks: Mapping[str, tuple[tuple, bool]],
    rules: Rules,
) -> tuple[list[set[str]], list[tuple[Edge, str]]]:
    """Parts of the live records at one instant, and the edges refused."""
    enemies: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.kind == CANNOT_LINK:
            for record in decision.records:
                enemies.setdefault(record, set()).update(set(decision.records) - {record})
    edges = [edge for edge in edges if edge.record in alive]
    said = _said(edges)
    loose = _Parts()
    for record in alive:
        loose.part[loose.find(record)] = said(record)
    for edge in edges:
        loose.unite(edge.record, edge.node)
    parts, refused = [], []
    by_part: dict[str, list[Edge]] = {}
    for edge in edges:
        by_part.setdefault(loose.find(edge.record), []).append(edge)
    for root, part in loose.part.items():
        if not _conflicts(part, enemies, rules):
            parts.append(part.records)
        else:
            strict, no = _kruskal(by_part.get(root, []), part.records, said, ranks, enemies, rules)
            parts += strict
            refused += no
    return parts, refused


def _said(edges: Sequence[Edge]) -> Callable[[str], _Part]:
    """Gives what one record says by itself: its names and its values of every kind."""
    names: dict[str, set[Hashable]] = {}
    values: dict[str, dict[str, set[str]]] = {}
    for edge in edges:
        if edge.name is not None:
            names.setdefault(edge.record, set()).add(edge.name)
        values.setdefault(edge.record, {}).setdefault(edge.kind, set()).add(edge.value)
    return lambda record: _Part(
        {record},
        set(names.get(record, ())),
        {kind: set(held) for kind, held in values.get(record, {}).items()},
    )


def _conflicts(part: _Part, enemies: Mapping[str, set[str]], rules: Rules) -> bool:
    return (
        any(not rules.same_name(a, b) for a, b in combinations(part.names, 2))
        or any(len(part.values.get(kind, ())) > cap for kind, (cap, _) in rules.caps.items())
        or any(enemies.get(record, set()) & part.records for record in part.records & set(enemies))
    )


def _kruskal(
    edges: Sequence[Edge],
    records: set[str],
    said: Callable[[str], _Part],
    ranks: Mapping[str, tuple[tuple, bool]],
    enemies: Mapping[str, set[str]],
    rules: Rules,
) -> tuple[list[set[str]], list[tuple[Edge, str]]]:
    """Unites by the strongest edges first and refuses what would conflict."""
    popularity = Counter(edge.node for edge in edges)
    parts = _Parts()
    for record in records:
        parts.part[parts.find(record)] = said(record)
    refused = []
    for edge in sorted(
        edges, key=lambda e: (-e.strength, popularity[e.node], e.node, ranks[e.record][0])
    ):
        left, right = parts.of(edge.record), parts.of(edge.node)
        if left is right:
            continue
        reason = _objection(edge, left, right, enemies, rules)
        if reason:
            refused.append((edge, reason))
        else:
            parts.unite(edge.record, edge.node)
    return [part.records for part in parts.part.values() if part.records], refused


def _objection(
    edge: Edge,
    left: _Part,
    right: _Part,
    enemies: Mapping[str, set[str]],
    rules: Rules,
) -> str | None:
    """Why the edge must not unite two parts, or None."""
    if any(enemies.get(record, set()) & right.records for record in left.records & set(enemies)):
        return CANNOT_LINK
    if (
        edge.strength < rules.certain
        and left.names
        and right.names
        and not any(rules.same_name(a, b) for a in left.names for b in right.names)
    ):
        return OTHER_NAME
    for kind, (cap, free_from) in rules.caps.items():
        together = left.values.get(kind, set()) | right.values.get(kind, set())
        if edge.strength < free_from and len(together) > cap:
            return f"{TOO_MANY}:{kind}"
    return None
