"""D4: a preview shows exactly what was planted, and nothing where nothing changes."""

import csv
from collections import defaultdict
from pathlib import Path

import networkx as nx
import pytest

from dagster_project.lib.identity import preview as previewing
from dagster_project.lib.identity.lookup import IdentityError
from dagster_project.lib.identity.preview import as_of, preview
from dagster_project.lib.settings import Settings
from tests.pipeline.warehouse import EXTRACTS, ROOT, Warehouse

RULES = ROOT / "seeds" / "rules"
WHO = "marts.bridge_identity where valid_to is null"


@pytest.fixture
def settings(demonstration: Warehouse, monkeypatch) -> Settings:
    """The demonstration as the present state: it was just built from this code and landing."""
    monkeypatch.setattr(previewing, "present_warehouse", lambda _: demonstration.file)
    return Settings(home=demonstration.home, extracts=EXTRACTS)


def written_rules(folder: Path, name: str, change) -> None:
    """Write the rule file `name` with its rows as `change` leaves them."""
    with (RULES / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def decision(name: str, kind: str, one: tuple, other: tuple) -> dict[str, str]:
    first = dict(zip(("record_type", "source_system", "record_id"), one, strict=True))
    second = {f"other_{k}": v for k, v in zip(first, other, strict=True)}
    # Later than any extract: tried as of the newest one.
    about = {"reason": "test", "decided_by": "test", "decided_at": "2099-01-01 00:00:00"}
    return {"override_id": name, "entity": "person", "kind": kind, **first, **second, **about}


def test_as_of_is_that_of_the_build(settings: Settings, demonstration: Warehouse) -> None:
    assert [(as_of(settings),)] == demonstration.rows(
        "from intermediate.int_time__as_of select as_of"
    )


def test_no_change_is_zero_everywhere(settings: Settings, tmp_path: Path) -> None:
    written_rules(tmp_path, "identity_override", lambda rows: rows)
    written_rules(tmp_path, "identity_blocked_value", lambda rows: rows[::-1])
    result = preview(settings, tmp_path, False, lambda _: None)
    for entity in result["entities"].values():
        assert entity["before"] == entity["after"] > 0
        counts = ("merged", "split", "ids_gone", "ids_new", "records_with_another_id")
        assert not any(entity[name] for name in counts)
        assert entity["grown"] == []
    for row in [*result["mql"], result["mql_total"]]:
        assert row["leads_before"] == row["leads_after"] > 0
        assert row["persons_before"] == row["persons_after"] > 0
    assert result["cash"]
    assert all(cell["before_minor"] == cell["after_minor"] for cell in result["cash"])
    assert result["permissions"]["changes"] == []
    assert result["handovers"]["before"] == result["handovers"]["after"]
    scores = result["scores"]
    assert scores["above_both"] > 100
    assert not any(scores[name] for name in ("above_before_only", "above_after_only"))
    assert not any(scores[name] for name in ("outcomes_lost", "outcomes_gained"))
    assert scores["present"] == scores["proposed"]
    assert result["decisions_moved"] == 0
    assert not [*settings.home.glob(".preview-*")]


def test_planted_differences_are_the_only_ones(
    settings: Settings, demonstration: Warehouse, tmp_path: Path
) -> None:
    """One merge, one split, and cookies that no longer count, against a graph of networkx."""
    before = {
        key: (person, kind, (kind, system, record))
        for key, person, kind, system, record in demonstration.rows(
            f"select record_key, person_key, record_type, source_system, record_id from {WHO}"
            " and record_type <> 'crm_account'"
        )
    }
    graph = nx.Graph()
    graph.add_nodes_from(before)
    graph.add_edges_from(
        demonstration.rows(
            "select record_key, node_key from marts.fct_identity_edge where entity = 'person'"
            " and valid_to is null and refused_because is null and identifier_type <> 'visitor'"
        )
    )
    members = defaultdict(list)
    for key, (person, *_) in before.items():
        if person:
            members[person].append(key)
    # Two persons of several records become one; a lead and its form become two.
    large = sorted(members, key=lambda person: (-len(members[person]), person))[:2]
    glued = [
        min(k for k in members[person] if before[k][1] == "crm_lead") for person in large
    ]  # fmt: skip
    cut = min(
        sorted(keys)
        for person, keys in members.items()
        if len(keys) == 2 and {before[k][1] for k in keys} == {"crm_lead", "form_submission"}
        if nx.has_path(graph, *keys)
    )
    decisions = [
        decision("T-1", "must_link", before[glued[0]][2], before[glued[1]][2]),
        decision("T-2", "cannot_link", before[cut[0]][2], before[cut[1]][2]),
    ]
    written_rules(tmp_path, "identity_override", lambda rows: [*rows, *decisions])
    written_rules(
        tmp_path,
        "identity_identifier_type",
        lambda rows: [
            {**row, "is_enabled": "false"} if row["identifier_type"] == "visitor" else row
            for row in rows
        ],
    )
    result = preview(settings, tmp_path, False, lambda _: None)
    graph.add_edge(*glued)
    graph.remove_node(cut[0])
    graph.add_node(cut[0])
    after, addresses = {}, {"web_visitor", "message_recipient", "social_touch"}
    for number, component in enumerate(nx.connected_components(graph)):
        records = [key for key in component if key in before]
        if any(before[key][1] not in addresses for key in records):
            after.update(dict.fromkeys(records, number))
    pairs = {(before[key][0], after[key]) for key in after if before[key][0]}
    n_before, n_after = (len({pair[side] for pair in pairs}) for side in (0, 1))
    person = result["entities"]["person"]
    assert person["before"] == len(members)
    assert person["after"] == len(set(after.values()))
    assert person["merged"] == len(pairs) - n_after == 1
    assert person["split"] == len(pairs) - n_before >= 1
    sizes = [len(members[large[0]]), len(members[large[1]])]
    grown = [row for row in person["grown"] if row["before"] == sizes]
    assert len(grown) == len(person["grown"]) <= 1
    accounts = result["entities"]["account"]
    assert accounts["before"] == accounts["after"]
    assert accounts["records_with_another_id"] == 0
    assert result["decisions_moved"] == 2
    sums = defaultdict(lambda: [0, 0])
    for cell in result["cash"]:
        sums[cell["model"]][0] += cell["before_minor"]
        sums[cell["model"]][1] += cell["after_minor"]
    assert sums
    assert all(before_sum == after_sum for before_sum, after_sum in sums.values())


def test_an_unknown_record_stops_before_any_build(settings: Settings, tmp_path: Path) -> None:
    rows = [decision("T-1", "must_link", ("crm_lead", "crm", "L000001"), ("crm_lead", "crm", "X"))]
    written_rules(tmp_path, "identity_override", lambda _: rows)
    said: list[str] = []
    with pytest.raises(IdentityError, match="line 2, column other_record_id: no extract ever"):
        preview(settings, tmp_path, True, said.append)
    assert said == []
