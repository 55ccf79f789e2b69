"""Hard computations of the models against libraries that are not ours (used in tests only)."""

import csv
import itertools
import random
from pathlib import Path

import numpy as np
import phonenumbers
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.stats import binomtest

from tests.pipeline.warehouse import ROOT, Warehouse

N_PHONES = 20_000
FULL_WIDTH = str.maketrans("0123456789+-", "０１２３４５６７８９＋－")


def test_the_published_interval_is_wilsons(demonstration: Warehouse) -> None:
    """L01: both bounds of every cell, against scipy."""
    rows = demonstration.rows(
        """
        select distinct n_converted, n_mature, conversion_rate_low, conversion_rate_high
        from marts.mart_funnel_cohort where n_mature > 0
        """
    )
    assert len(rows) > 50
    for k, n, low, high in rows:
        interval = binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert (low, high) == pytest.approx((interval.low, interval.high), abs=1e-12)


def test_people_are_the_connected_components_of_their_edges(demonstration: Warehouse) -> None:
    """C01: scipy on the very edges of the demonstration gives the same partition."""
    _assert_components(
        demonstration.rows(
            "select record_key, identifier_key from intermediate.int_identity__person_edges"
        ),
        demonstration.rows(
            "select node, component from intermediate.int_identity__person_components"
        ),
    )


def test_components_of_chains_and_giants_are_right(tmp_path: Path) -> None:
    """The macro alone: a time-ordered chain of 3,000, a giant, many small ones, in random order."""
    dice = random.Random(11)
    chain = [(f"c{n:05}", f"c{n + 1:05}") for n in range(3_000)]
    shuffled = [f"s{n:05}" for n in range(2_000)]
    dice.shuffle(shuffled)
    giant = [(f"g{dice.randrange(3_000)}", f"h{dice.randrange(1_500)}") for _ in range(9_000)]
    small = [(f"a{n}", f"b{n // 3}") for n in range(6_000)]
    edges = [*chain, *itertools.pairwise(shuffled), *giant, *small]
    dice.shuffle(edges)
    warehouse = _project_with_edges(tmp_path, edges)
    warehouse.dbt("build", "--project-dir", str(tmp_path), "--profiles-dir", str(ROOT / "dbt"))
    components = warehouse.rows("select node, component from main.components")
    _assert_components(edges, components)
    assert all(component <= node for node, component in components), "named by its smallest node"


def test_mobiles_are_those_of_the_phone_library(tmp_path: Path) -> None:
    """B05: random numbers in the spellings people use; phonenumbers has the last word."""
    dice = random.Random(5)
    numbers = [_random_number(dice) for _ in range(N_PHONES)]
    folder = tmp_path / "extracts" / "crm_leads" / "extract_date=2026-01-01"
    folder.mkdir(parents=True)
    with (folder / "leads.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["lead_id", "created_at", "status", "mobile_phone"])
        writer.writerows([n, "2026-01-01", "new", raw] for n, raw in enumerate(numbers))
    warehouse = Warehouse(tmp_path / "home", tmp_path / "extracts")
    warehouse.land()
    warehouse.dbt("run", "--select", "+int_identifiers__phones")
    ours = {
        raw: e164 if phone_type == "mobile" else None
        for raw, phone_type, e164 in warehouse.rows(
            "select raw_phone, phone_type, e164 from intermediate.int_identifiers__phones"
        )
    }
    assert len(ours) > N_PHONES * 0.9
    wrong = [(raw, e164, _library(raw)) for raw, e164 in ours.items() if e164 != _library(raw)]
    assert wrong == []
    assert sum(e164 is not None for e164 in ours.values()) > N_PHONES / 4


def _assert_components(edges: list[tuple[str, str]], labels: list[tuple[str, str]]) -> None:
    ids = {node: n for n, node in enumerate(sorted({node for edge in edges for node in edge}))}
    left, right = (np.array([ids[edge[side]] for edge in edges]) for side in (0, 1))
    graph = coo_matrix((np.ones(len(edges)), (left, right)), shape=(len(ids), len(ids)))
    n_components, expected = connected_components(graph, directed=False)
    assert {node for node, _ in labels} == set(ids)
    pairs = {(expected[ids[node]], component) for node, component in labels}
    assert len(pairs) == n_components == len({component for _, component in pairs})


def _project_with_edges(folder: Path, edges: list[tuple[str, str]]) -> Warehouse:
    """A dbt project of one model on our macro, over a CSV of edges."""
    macros = [str(ROOT / "dbt" / "macros" / name) for name in ("domain", "portable")]
    (folder / "models").mkdir()
    (folder / "dbt_project.yml").write_text(
        "name: leadhouse\nprofile: leadhouse\nversion: 1.0.0\nconfig-version: 2\n"
        f"macro-paths: {macros}\n"
        "vars: {reporting_currency: CNY, business_timezone: Asia/Shanghai}\n",
        encoding="utf-8",
    )
    with (folder / "edges.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a", "b"), *edges])
    (folder / "models" / "edges.sql").write_text(
        "{{ config(materialized='table') }} select * from read_csv('"
        + str(folder / "edges.csv")
        + "', all_varchar=true)",
        encoding="utf-8",
    )
    (folder / "models" / "components.sql").write_text(
        "-- depends_on: {{ ref('edges') }}\n"
        "{{ config(materialized='table') }}\n"
        "select node, component from {{ connected_components(ref('edges'), 'a', 'b') }}",
        encoding="utf-8",
    )
    home = folder / "home"
    home.mkdir()
    return Warehouse(home)


def _random_number(dice: random.Random) -> str:
    digits = "1" + "".join(dice.choice("0123456789") for _ in range(10))
    if dice.random() < 0.1:  # one digit too few or too many
        digits = digits[:-1] if dice.random() < 0.5 else digits + "1"
    grouped = dice.choice(
        [
            digits,
            f"{digits[:3]} {digits[3:7]} {digits[7:]}",
            f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
        ]
    )
    spelled = dice.choice(["", "+86", "+86 ", "0086", "0086-", "86", "(+86)"]) + grouped
    return spelled.translate(FULL_WIDTH) if dice.random() < 0.1 else spelled


def _library(raw: str) -> str | None:
    """E.164 of a valid Chinese mobile, else None."""
    try:
        number = phonenumbers.parse(raw, "CN")
    except phonenumbers.NumberParseException:
        return None
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    if number.country_code != 86 or not is_mobile or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
