"""Components under guards, replayed: against scipy, against every day anew, planted conflicts."""

import datetime as dt
import random

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dagster_project.lib.identity.replay import Edge, Life, Override, Rules, replay

DAYS = [dt.datetime(2026, 1, day) for day in range(1, 30)]
RULES = Rules(caps={"crm": (2, 100), "mobile": (4, 90)}, certain=90, same_name=lambda a, b: a == b)
FREE = Rules(caps={}, certain=0, same_name=lambda *_: True)


def edge(record: str, node: str, strength: int = 80, name: str | None = None, **more) -> Edge:
    kind = more.pop("kind", "email")
    return Edge(
        record, node, kind, node, strength, name, **{"since": DAYS[0], "until": None, **more}
    )


def life(record: str, *, anchors: bool = True, since: int = 0, until: int | None = None) -> Life:
    end = None if until is None else DAYS[until]
    return Life(record, (DAYS[since], record), anchors, DAYS[since], end)


def people(
    edges: list[Edge], lives: list[Life], overrides: list[Override] = (), rules: Rules = RULES
) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Anchor of every record, and (node, reason) of the refused edges, on the last day."""
    members, refusals = replay(edges, lives, list(overrides), rules)
    return (
        {m.record: m.anchor for m in members if m.until is None},
        {(r.node, r.reason) for r in refusals if r.until is None},
    )


def test_without_rules_people_are_the_components_of_each_day() -> None:
    """C01: scipy on what is live, for random graphs over time, in any order."""
    dice = random.Random(5)
    for _ in range(40):
        n_records, n_nodes = dice.randrange(2, 12), dice.randrange(1, 8)
        lives = [life(f"r{n:02}", since=dice.randrange(10)) for n in range(n_records)]
        edges = []
        for _ in range(dice.randrange(1, 20)):
            since = dice.randrange(20)
            edges.append(
                edge(
                    f"r{dice.randrange(n_records):02}", f"n{dice.randrange(n_nodes)}",
                    since=DAYS[since], until=dice.choice([None, DAYS[since + 5]]),
                )
            )  # fmt: skip
        members, refusals = replay(edges, lives, [], FREE)
        again, _ = replay(dice.sample(edges, len(edges)), lives[::-1], [], FREE)
        assert members == again
        assert refusals == []
        for day in DAYS:
            alive = {o.record for o in lives if o.since <= day}
            live = [e for e in edges if e.since <= day and (not e.until or day < e.until)]
            assert _named(members, day) == _components(alive, live, lives)


def _named(members: list, day: dt.datetime) -> dict[str, str]:
    return {
        m.record: m.anchor for m in members if m.since <= day and (not m.until or day < m.until)
    }


def _components(alive: set[str], edges: list[Edge], lives: list[Life]) -> dict[str, str]:
    edges = [e for e in edges if e.record in alive]
    nodes = sorted(alive | {e.node for e in edges})
    place = {node: n for n, node in enumerate(nodes)}
    left, right = ([place[getattr(e, end)] for e in edges] for end in ("record", "node"))
    graph = coo_matrix((np.ones(len(edges)), (left, right)), shape=(len(nodes), len(nodes)))
    _, label = connected_components(graph, directed=False)
    rank = {o.record: o.rank for o in lives}
    return {
        record: min((r for r in alive if label[place[r]] == label[place[record]]), key=rank.get)
        for record in alive
    }


def test_the_first_loaded_record_names_the_person_and_a_cookie_never_does() -> None:
    lives = [life("cookie", anchors=False), life("a", since=2), life("b", since=1)]
    edges = [edge("cookie", "v"), edge("a", "v", since=DAYS[2]), edge("b", "v", since=DAYS[3])]
    members, _ = replay(edges, lives, [], RULES)
    assert ("cookie", "a", DAYS[2], DAYS[3]) in [
        (m.record, m.anchor, m.since, m.until) for m in members
    ]
    assert {m.anchor for m in members if m.until is None} == {"b"}
    assert not [m for m in members if m.record == "cookie" and m.since < DAYS[2]]


def test_another_name_refuses_the_weaker_edge() -> None:
    edges = [
        edge("a", "e1", 80, "王伟"), edge("b", "e1", 80, "王伟"),
        edge("b", "m1", 78, "王伟"), edge("c", "m1", 78, "李明"),
    ]  # fmt: skip
    found, refused = people(edges, [life(r) for r in "abc"])
    assert found["a"] == found["b"] != found["c"]
    assert refused == {("m1", "other_name")}


def test_a_certain_edge_joins_in_spite_of_names() -> None:
    edges = [edge("a", "c1", 100, "王伟", kind="crm"), edge("b", "c1", 100, "王小伟", kind="crm")]
    found, refused = people(edges, [life("a"), life("b")])
    assert found["a"] == found["b"]
    assert refused == set()


def test_too_many_ids_of_a_kind_are_taken_apart() -> None:
    edges = [edge(r, f"c{r}", 100, kind="crm") for r in "abc"] + [edge(r, "e", 80) for r in "abc"]
    found, refused = people(edges, [life(r) for r in "abc"])
    assert len(set(found.values())) == 2
    assert refused == {("e", "too_many:crm")}


def test_a_cannot_link_parts_and_its_end_restores_exactly() -> None:
    edges = [edge("a", "m", 78), edge("b", "m", 78), edge("b", "e", 80), edge("c", "e", 80)]
    lives = [life(r) for r in "abc"]
    apart = Override("cannot_link", ("a", "c"), DAYS[3], DAYS[6])
    members, refusals = replay(edges, lives, [apart], RULES)
    before, during, after = (_named(members, DAYS[day]) for day in (1, 4, 8))
    assert before == after
    assert during["b"] == during["c"] != during["a"]
    assert [(r.since, r.until) for r in refusals] == [(DAYS[3], DAYS[6])]


def test_cannot_wins_over_must() -> None:
    edges = [edge("a", "o1", 99, kind="must_link"), edge("b", "o1", 99, kind="must_link")]
    apart = Override("cannot_link", ("a", "b"), DAYS[0], None)
    found, refused = people(edges, [life("a"), life("b")], [apart])
    assert found["a"] != found["b"]
    assert refused == {("o1", "cannot_link")}


def test_a_pinned_record_gives_the_id() -> None:
    edges = [edge("a", "m"), edge("b", "m")]
    pin = Override("pin_id", ("b",), DAYS[2], None)
    members, _ = replay(edges, [life("a"), life("b")], [pin], RULES)
    assert _named(members, DAYS[1]) == {"a": "a", "b": "a"}
    assert _named(members, DAYS[2]) == {"a": "b", "b": "b"}


@pytest.mark.parametrize("seed", range(3))
def test_guards_keep_their_promises_on_any_graph(seed: int) -> None:
    """No entity holds a forbidden pair, and only conflicting neighbourhoods have refusals."""
    dice = random.Random(seed)
    for _ in range(60):
        records = [f"r{n}" for n in range(dice.randrange(2, 9))]
        edges = [
            edge(r, f"n{dice.randrange(5)}", dice.choice([40, 78, 80]), dice.choice("xyz"))
            for r in records
            for _ in range(2)
        ]
        pair = tuple(dice.sample(records, 2))
        found, refused = people(
            edges, [life(r) for r in records], [Override("cannot_link", pair, DAYS[0], None)]
        )
        assert found[pair[0]] != found[pair[1]]
        assert set(found) == set(records)
        again, _ = people(
            dice.sample(edges, len(edges)), [life(r) for r in records[::-1]],
            [Override("cannot_link", pair[::-1], DAYS[0], None)],
        )  # fmt: skip
        assert again == found
        free, _ = people(edges, [life(r) for r in records], rules=FREE)
        if free[pair[0]] != free[pair[1]] and len({e.name for e in edges}) == 1:
            assert refused == set()
