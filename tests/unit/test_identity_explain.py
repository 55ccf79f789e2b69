"""What ties records together, what is masked, and what a wrong proposal is told."""

import json
import random
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import networkx as nx
import pytest

from dagster_project.identity import main
from dagster_project.lib.identity.lookup import IdentityError
from dagster_project.lib.identity.masked import masked
from dagster_project.lib.identity.phrases import Words
from dagster_project.lib.identity.rule_files import (
    check,
    merged,
    read_proposal,
    read_rules,
    written,
)
from dagster_project.lib.identity.ties import Edge, shared_counts, spanning_ties

RULES = Path(__file__).resolve().parents[2] / "seeds" / "rules"
HEADER = (RULES / "identity_override.csv").read_text("utf-8").splitlines()[0]
GOOD = "OV-1,person,must_link,crm_lead,crm,L1,crm_lead,crm,L2,,,why,who,2026-01-01,"
TYPES = {"email", "mobile"}


def edges_of(dice: random.Random, n_records: int) -> list[Edge]:
    strengths = {f"n{i}": dice.choice([40, 78, 80, 95]) for i in range(n_records)}
    pairs = {
        (f"r{dice.randrange(n_records)}", dice.choice([*strengths])) for _ in range(2 * n_records)
    }
    return [Edge(r, n, f"k{strengths[n]}", n, strengths[n], False, None) for r, n in pairs]


@pytest.mark.parametrize("seed", range(30))
def test_ties_are_a_maximum_spanning_tree_of_real_evidence(seed: int) -> None:
    dice = random.Random(seed)
    edges = edges_of(dice, 14)
    records = sorted({edge.record_key for edge in edges})
    ties = spanning_ties(edges, records, records[0])
    graph = nx.Graph()
    graph.add_nodes_from(records)
    for a in edges:
        for b in edges:
            if a.node_key == b.node_key and a.record_key < b.record_key:
                known = graph.get_edge_data(a.record_key, b.record_key, {"weight": 0})["weight"]
                graph.add_edge(a.record_key, b.record_key, weight=max(a.strength, known))
    reached = nx.node_connected_component(graph, records[0])
    assert set(ties) == reached - {records[0]}
    tree = nx.maximum_spanning_tree(graph.subgraph(reached))
    assert sum(tie.strength for tie in ties.values()) == tree.size("weight")
    carried = {(edge.record_key, edge.node_key) for edge in edges}
    for tie in ties.values():
        assert {(tie.record_key, tie.node_key), (tie.other_key, tie.node_key)} <= carried
    dice.shuffle(edges)
    assert spanning_ties(edges, records, records[0]) == ties


def test_shared_identifiers_are_counted_once_per_record() -> None:
    edges = [Edge(r, n, "mobile", n, 78, False, None) for r, n in
             [("a", "x"), ("b", "x"), ("a", "y"), ("b", "y"), ("c", "y"), ("d", "z")]]  # fmt: skip
    counts = {record: dict(kinds) for record, kinds in shared_counts(edges).items()}
    assert counts == {"a": {"mobile": 2}, "b": {"mobile": 2}, "c": {"mobile": 2}, "d": {}}


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("mobile", "+8613812348765", "138****8765"),
        ("mobile", "+14155550199", "+14****0199"),
        ("email", "wang@acme.cn", "w***@acme.cn"),
        ("unionid", "oU0040151d776f46", "oU***46"),
        ("openid", "abc", "a***"),
        ("domain", "acme.cn", "acme.cn"),
        ("crm_lead_id", "crm:L000001", "crm:L000001"),
    ],
)
def test_values_are_masked(kind: str, value: str, shown: str) -> None:
    assert masked(kind, value) == shown


def test_days_are_those_of_the_business() -> None:
    instant = datetime(2025, 3, 2, 17, 0)
    zone = ZoneInfo("Asia/Shanghai")
    assert Words("en", zone).day(instant) == "3 March 2025"
    assert Words("zh", zone).day(instant) == "2025年3月3日"
    assert Words("en", zone).tie("new_kind", "X") == "same new kind as X"


def test_nothing_published_says_what_to_do(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("LEADHOUSE_HOME", str(tmp_path))
    assert main(["explain", "--lead", "L1"]) == 1
    assert "make run" in capsys.readouterr().err


def test_an_older_publication_says_what_to_do(tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "published" / "v1").mkdir(parents=True)
    (tmp_path / "published" / "current").symlink_to("v1")
    (tmp_path / "published" / "v1" / "manifest.json").write_text(json.dumps({"version": "v1"}))
    duckdb.connect(str(tmp_path / "published" / "v1" / "leadhouse.duckdb")).close()
    monkeypatch.setenv("LEADHOUSE_HOME", str(tmp_path))
    assert main(["explain", "--lead", "L1"]) == 1
    assert "older leadhouse" in capsys.readouterr().err


def proposal(
    folder: Path, *rows: str, header: str = HEADER, name: str = "identity_override.csv"
) -> Path:
    file = folder / name
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def checked(path: Path) -> None:
    files = read_proposal(path, RULES)
    check(files, RULES, TYPES, {("crm_lead", "crm", "L1"), ("crm_lead", "crm", "L2")}.__contains__)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [GOOD.replace("must_link", "glue")],
            "line 2, column kind: 'glue' is unknown. Use one of:",
        ),
        ([GOOD.replace(",person,", ",people,")], "line 2, column entity: 'people' is unknown"),
        ([GOOD, GOOD], "line 3, column override_id: 'OV-1' is there already"),
        ([GOOD.replace(",L2,", ",L3,")], "line 2, column other_record_id: no extract ever brought"),
        ([GOOD.replace(",L2,", ",,")], "line 2, column other_record_id: must_link needs it"),
        ([GOOD.replace(",who,", ",,")], "line 2, column decided_by: the cell is empty"),
        ([GOOD.replace("2026-01-01", "soon")], "line 2, column decided_at: 'soon' is no timestamp"),
        (
            ["OV-2,person,block_identifier,,,,,,,fax,1,why,who,2026-01-01,"],
            "line 2, column identifier_type: 'fax' is unknown",
        ),
        ([GOOD + ",more"], "line 2: 16 cells, the header has 15"),
        (['OV-2,"two\nlines",x' + "," * 12], "line 2, column kind: 'x' is unknown"),
    ],
)
def test_a_wrong_row_is_named_with_its_remedy(
    tmp_path: Path, rows: list[str], message: str
) -> None:
    with pytest.raises(IdentityError, match=re.escape(message)):
        checked(proposal(tmp_path, *rows))


def test_a_wrong_file_is_named_with_its_remedy(tmp_path: Path) -> None:
    checked(proposal(tmp_path, GOOD))
    with pytest.raises(IdentityError, match="line 1, column colour: there is no such column"):
        checked(proposal(tmp_path, header=HEADER + ",colour"))
    with pytest.raises(IdentityError, match="line 1, column kind: the column is missing"):
        checked(proposal(tmp_path, header=HEADER.replace(",kind,", ",")))
    with pytest.raises(IdentityError, match="Rename it to one of:"):
        checked(proposal(tmp_path, name="overrides.csv"))
    with pytest.raises(IdentityError, match="no rule file and no folder"):
        checked(tmp_path / "nowhere")
    (tmp_path / "latin").mkdir()
    (tmp_path / "latin" / "identity_override.csv").write_bytes(HEADER.encode() + b"\n\xff\xfe\n")
    with pytest.raises(IdentityError, match="is not UTF-8"):
        checked(tmp_path / "latin")


def test_the_rules_as_they_are_pass_their_own_check() -> None:
    files = read_proposal(RULES, RULES)
    check(files, RULES, TYPES, None)
    assert len(files) == len([*RULES.glob("*.csv")])


def test_every_rule_file_is_checked_by_what_is_declared_of_it(tmp_path: Path) -> None:
    """D15: rules of the score are declared in a file of their own."""
    header = "band,band_rank,min_points,max_points,label_en,label_zh,rule_version,"
    bands = proposal(
        tmp_path, "HOT,3,many,100,Hot,热,v2,2000-01-01,",
        header=header + "valid_from,valid_to", name="score_band.csv",
    )  # fmt: skip
    with pytest.raises(IdentityError, match="column min_points: 'many' is no integer"):
        checked(bands)


def test_added_rows_come_after_the_present_ones(tmp_path: Path) -> None:
    file = proposal(tmp_path, "email,x@x.cn,why,2000-01-01,", name="identity_blocked_value.csv",
                    header="identifier_type,blocked_value,reason,valid_from,valid_to")  # fmt: skip
    (new,) = read_proposal(file, RULES)
    present = read_rules(RULES / "identity_blocked_value.csv")
    both = merged(new, present)
    assert both.rows == [*present.rows, *new.rows]
    check([both], RULES, TYPES, None)
    assert written(both).splitlines()[-1] == "email,x@x.cn,why,2000-01-01,"
