"""What ties the records of a person together: evidence two records have in common.

Belongs here: edges in, ties out. Does not belong here: where edges come from (facts.py).
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edge:
    """A record carries an identifier. `refused` = why a guard lets it join nobody, else None."""

    record_key: str
    node_key: str
    kind: str
    identifier_key: str
    strength: int
    is_scoped: bool
    refused: str | None


@dataclass(frozen=True)
class Tie:
    """Two records carry the same identifier (both, where names share it, in the same hands)."""

    record_key: str
    other_key: str
    node_key: str
    kind: str
    identifier_key: str
    strength: int
    is_scoped: bool = False


def spanning_ties(
    edges: Sequence[Edge], records: Sequence[str], start: str | None
) -> dict[str, Tie]:
    """Each record's tie to one that is already connected, strongest first, from `start` on.

    A maximum spanning tree of the records (Prim 1957); ties are broken by the order of `records`.
    """
    carriers, carried = defaultdict(list), defaultdict(list)
    for edge in sorted(edges, key=lambda edge: edge.node_key):
        carriers[edge.node_key].append(edge)
        carried[edge.record_key].append(edge)
    place = {record: number for number, record in enumerate(records)}
    ties: dict[str, Tie] = {}
    connected: set[str] = set()
    opened: set[str] = set()
    waiting: list[tuple[int, int, int, str, Edge, Edge]] = []

    def connect(record: str) -> None:
        connected.add(record)
        for mine in carried[record]:
            if mine.node_key in opened:
                continue  # its carriers wait already, beside the record that came first
            opened.add(mine.node_key)
            for other in carriers[mine.node_key]:
                if other.record_key in place and other.record_key not in connected:
                    rank = (-other.strength, place[other.record_key], place[record], mine.node_key)
                    heapq.heappush(waiting, (*rank, other, mine))

    if start in place:
        connect(start)
    while waiting:
        *_, other, mine = heapq.heappop(waiting)
        if other.record_key not in connected:
            ties[other.record_key] = Tie(
                other.record_key, mine.record_key, mine.node_key, mine.kind,
                mine.identifier_key, mine.strength, mine.is_scoped,
            )  # fmt: skip
            connect(other.record_key)
    return ties


def shared_counts(edges: Sequence[Edge]) -> dict[str, dict[str, int]]:
    """Record -> identifier type -> how many other records of the person share such a one."""
    carriers = defaultdict(set)
    for edge in edges:
        carriers[edge.node_key].add(edge.record_key)
    others: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for edge in edges:
        others[edge.record_key][edge.kind] |= carriers[edge.node_key] - {edge.record_key}
    return {
        record: {kind: len(found) for kind, found in sorted(kinds.items()) if found}
        for record, kinds in others.items()
    }
