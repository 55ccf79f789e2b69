"""A lead explained from what is published, and every sentence of it held against the evidence."""

import os
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import networkx as nx
import pytest

from dagster_project.identity import main
from dagster_project.lib.identity.facts import facts_of, shortest_path
from dagster_project.lib.identity.lookup import open_published
from dagster_project.lib.settings import Settings
from tests.pipeline.published import published_copy
from tests.pipeline.warehouse import EXTRACTS, Warehouse

PAIRS = int(os.environ.get("EXPLAIN_PAIRS", "300"))
EDGES = """
select record_key, node_key, entity_key, max(strength) from marts.fct_identity_edge
where entity = ? and valid_to is null and refused_because is null and entity_key is not null
group by all
"""
# A lead older than a year whose person came through most channels.
OLD_LEAD = """
select l.lead_id, l.person_key, count(distinct t.channel), p.n_record_types
from marts.dim_lead as l
inner join marts.dim_person as p on l.person_key = p.person_key
inner join marts.fct_touchpoint as t on l.person_key = t.person_key and t.direction = 'inbound'
where l.created_at < (select max(valid_from) from marts.bridge_identity) - interval 1 year
group by all order by 3 desc, 4 desc, 1 limit 1
"""


@pytest.fixture(scope="module")
def home(demonstration: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explain")
    published_copy(demonstration, home)
    (home / "warehouse.duckdb").symlink_to(demonstration.file)
    return home


@pytest.fixture(scope="module")
def marts(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(Settings(home=home, extracts=EXTRACTS)) as connection:
        yield connection


@pytest.fixture
def told(home: Path, monkeypatch, capsys):
    """Runs the command and returns its exit code and what it printed."""
    monkeypatch.setenv("LEADHOUSE_HOME", str(home))

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["explain", *arguments])
        output = capsys.readouterr()
        return code, output.out + output.err

    return run


@pytest.mark.parametrize("entity", ["person", "account"])
def test_the_path_is_as_short_as_can_be_and_real(marts, entity: str) -> None:
    """Length by networkx; of shortest paths the one whose weakest identifier is strongest."""
    graph, members = nx.Graph(), defaultdict(set)
    for record, node, key, strength in marts.execute(EDGES, [entity]).fetchall():
        graph.add_edge(record, node, strength=strength)
        members[key].add(record)
    groups = sorted(sorted(group) for group in members.values() if len(group) > 2)
    dice, n_longer = random.Random(7), 0
    for _ in range(PAIRS):
        one, other = dice.sample(dice.choice(groups), 2)
        path = shortest_path(marts, one, other, entity)
        vertices = [one, *(v for tie in path for v in (tie.node_key, tie.other_key))]
        assert vertices[-1] == other
        assert nx.is_path(graph, vertices)
        assert 2 * len(path) == nx.shortest_path_length(graph, one, other)
        assert all(a.other_key == b.record_key for a, b in pairwise(path))
        if len(path) > 1:
            n_longer += 1
            weakest = max(
                min(graph[a][b]["strength"] for a, b in pairwise(way))
                for way in nx.all_shortest_paths(graph, one, other)
            )
            assert min(tie.strength for tie in path) == weakest
    assert n_longer > PAIRS / 20
    strangers = [groups[0][0], groups[-1][0]]
    assert shortest_path(marts, *strangers, entity) == []


def test_a_year_old_lead_is_explained(marts, told) -> None:
    lead, person, n_channels, n_kinds = marts.execute(OLD_LEAD).fetchall()[0]
    assert n_channels >= 5
    assert n_kinds >= 5
    facts = facts_of(marts, person)
    code, text = told("--lead", lead)
    assert code == 0
    for record in facts.records:
        shown = record.key[:8] if record.kind == "message_recipient" else record.record_id
        assert f" {shown}" in text
    assert len(facts.ties) == len(facts.records) - 1
    for number, record in enumerate(facts.records, start=1):
        assert f"\n{number:>4}  " in text
        if record.key in facts.ties:
            assert f"(strength {facts.ties[record.key].strength})" in text
    for channel in facts.channels:
        assert channel.label_en in text
    assert person in text
    assert person == marts.execute(
        "select person_key from marts.dim_lead where lead_id = ?", [lead]
    ).fetchall()[0][0]  # fmt: skip
    code, chinese = told("--lead", f"crm_lead:crm:{lead}", "--language", "zh")
    assert code == 0
    assert all(channel.label_zh in chinese for channel in facts.channels)
    assert "手机号" in chinese


def test_nothing_told_is_an_address(marts, told, demonstration: Warehouse) -> None:
    """No e-mail, no number, unless asked for; and then masked."""
    lead, *_ = marts.execute(OLD_LEAD).fetchall()[0]
    values = {value for (value,) in demonstration.rows(
        "select distinct identifier_value from intermediate.int_identity__identifiers"
        " where identifier_type in ('email', 'mobile') and identifier_value is not null"
    )}  # fmt: skip
    plain, shown = told("--lead", lead)[1], told("--lead", lead, "--show-values")[1]
    for text in (plain, shown):
        assert not any(value in text for value in values)
        assert not re.search(r"1[3-9]\d{9}", text)
    assert "@" not in plain
    assert re.search(r"\[\w\*\*\*@[\w.-]+\]", shown)
    assert re.search(r"\[1\d\d\*{4}\d{4}\]", shown)


def test_a_former_id_is_resolved(marts, told) -> None:
    old, new = marts.execute(
        "select entity_key, current_entity_key from marts.bridge_identity_alias"
        " where entity = 'person' and not is_unchanged order by 1 limit 1"
    ).fetchall()[0]
    code, text = told("--person", old)
    assert code == 0
    assert f"{old[:8]} is a former id. Its records are {new[:8]} today." in text
    assert f"{old[:8]} (" in text.split("History of the id")[1]
    assert told("--person", old[:8])[1] == text


def test_two_records_are_told_why_or_why_not(marts, told) -> None:
    lead, person, *_ = marts.execute(OLD_LEAD).fetchall()[0]
    facts = facts_of(marts, person)
    other = next(r for r in reversed(facts.records) if r.kind != "message_recipient")
    code, text = told("--pair", lead, other.reference)
    assert code == 0
    assert f"person {person[:8]} · " in text
    stranger = marts.execute(
        "select lead_id from marts.dim_lead where person_key <> ? order by 1 limit 1", [person]
    ).fetchall()[0][0]
    assert "Not one person: " in told("--pair", lead, stranger)[1]


def test_what_can_not_be_found_is_told_with_a_remedy(told) -> None:
    for arguments, words in [
        (("--lead", "L-none"), "No crm_lead L-none is published"),
        (("--pair", "L000001", "nobody"), "No record nobody is published"),
        (("--person", "0" * 32), "No person ever had a key"),
        (("--person", "x"), "is no person key"),
    ]:
        code, text = told(*arguments)
        assert code == 1
        assert words in text
