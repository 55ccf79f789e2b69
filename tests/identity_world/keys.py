"""What exact keys can find in a world: the oracle that never errs, and the graphs without guards.

Every function gives one label per record of the truth.
"""

from collections.abc import Hashable, Iterable

from tests.identity_world.truth import Truth


def components(nodes: int, keyed: Iterable[tuple[int, Hashable]]) -> list[int]:
    """Labels of the components of `nodes` records, of which those with an equal key are joined."""
    parent = list(range(nodes))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    first: dict[Hashable, int] = {}
    for node, key in keyed:
        parent[root(node)] = root(first.setdefault(key, node))
    return [root(node) for node in range(nodes)]


def clean_key_oracle(truth: Truth) -> list[int]:
    """Joined by identifiers that are right and the person's own: exact keys, never wrong."""
    return components(
        len(truth.keys),
        (
            (planted.place, (truth.persons[planted.place], planted.kind, planted.canonical))
            for planted in truth.identifiers
            if planted.is_clean
        ),
    )


def any_key_oracle(truth: Truth) -> list[int]:
    """Joined by any equal identifier of the same person, typos and borrowed numbers included.

    No exact matcher can find more; only one who knows the truth can find this much without errors.
    """
    return components(
        len(truth.keys),
        (
            (planted.place, (truth.persons[planted.place], planted.kind, planted.canonical))
            for planted in truth.identifiers
            if truth.persons[planted.place]
        ),
    )


def account_oracle(truth: Truth) -> list[int]:
    """Joined by company evidence that is right: the full name in any spelling, domain, code."""
    return components(
        len(truth.keys),
        (
            (planted.place, (truth.companies[planted.place], planted.kind, planted.canonical))
            for planted in truth.company_evidence
            if planted.is_clean
        ),
    )


def naive_raw(truth: Truth) -> list[int]:
    """Joined by whatever is written alike."""
    return components(
        len(truth.keys),
        ((planted.place, (planted.kind, planted.raw)) for planted in truth.identifiers),
    )


def naive_canonical(truth: Truth) -> list[int]:
    """Joined by whatever is alike after perfect normalisation, without any guard."""
    return components(
        len(truth.keys),
        ((planted.place, (planted.kind, planted.canonical)) for planted in truth.identifiers),
    )
