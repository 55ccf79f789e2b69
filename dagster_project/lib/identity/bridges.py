"""Which single edges hold an entity together although its sides tell different stories.

A bridge is an edge whose removal takes a graph apart (Tarjan 1974; networkx finds them). It is
worth a human's look when the records on its two sides share no company, or no name.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

import networkx

OTHER_COMPANY, OTHER_NAME = "other_company", "other_name"


@dataclass(frozen=True)
class Tie:
    """A record carries a node; what the record says of name and company (None = nothing)."""

    record: str
    node: str
    name: Hashable | None
    company: str | None


@dataclass(frozen=True)
class Bridge:
    """An edge that alone holds `n_small` records to `n_large` others."""

    record: str
    node: str
    reason: str
    n_small: int
    n_large: int


def conflicting_bridges(
    ties: Iterable[Tie], same_name: Callable[[Hashable, Hashable], bool]
) -> Iterator[Bridge]:
    """Yields the bridges of one entity whose sides share no company or no name, in text order."""
    ties = sorted(ties, key=lambda tie: (tie.record, tie.node))
    records = {tie.record for tie in ties}
    graph = networkx.Graph((tie.record, tie.node) for tie in ties)
    names: dict[str, set[Hashable]] = {}
    companies: dict[str, set[str]] = {}
    for tie in ties:
        if tie.name is not None:
            names.setdefault(tie.record, set()).add(tie.name)
        if tie.company is not None:
            companies.setdefault(tie.record, set()).add(tie.company)
    for edge in sorted(tuple(sorted(edge)) for edge in networkx.bridges(graph)):
        graph.remove_edge(*edge)
        near = networkx.node_connected_component(graph, edge[0]) & records
        graph.add_edge(*edge)
        far = records - near
        sides = [(_gather(names, side), _gather(companies, side)) for side in (near, far)]
        reason = _conflict(*sides, same_name=same_name) if near and far else None
        if reason:
            record, node = edge if edge[0] in records else edge[::-1]
            yield Bridge(record, node, reason, *sorted((len(near), len(far))))


def _gather(told: dict[str, set], records: set[str]) -> set:
    return set().union(*(told.get(record, set()) for record in records))


def _conflict(
    left: tuple[set, set], right: tuple[set, set], same_name: Callable[[Hashable, Hashable], bool]
) -> str | None:
    if left[0] and right[0] and not any(same_name(a, b) for a in left[0] for b in right[0]):
        return OTHER_NAME
    if left[1] and right[1] and not left[1] & right[1]:
        return OTHER_COMPANY
    return None
