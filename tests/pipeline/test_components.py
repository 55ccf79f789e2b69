"""Connected components: the SQL macro, scipy and the streaming union-find against each other.

The macro runs in a real dbt project of its own, one model a graph; networkx has the last word.
"""

import itertools
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import networkx
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.lib.identity.components import connected_components
from tests.pipeline.warehouse import ROOT, Warehouse

Edge = tuple[int | None, int | None]
ENGINES = ("numpy", "scipy", "streaming")
CHAIN = 10_000


def _graphs() -> dict[str, list[Edge]]:
    dice = random.Random(11)
    shuffled = list(range(CHAIN))
    dice.shuffle(shuffled)
    chain = list(itertools.pairwise(range(CHAIN)))
    dice.shuffle(chain)
    giant = [(dice.randrange(3_000), 3_000 + dice.randrange(1_500)) for _ in range(9_000)]
    small = [(n, 20_000 + n // 3) for n in range(6_000)]
    # The hub is the largest node: all its neighbours are roots of the first round.
    star = [(n, 5_000) for n in range(1_000)]
    # Neighbours far apart in the order of ids: as many rounds as a path can take.
    folded = [int(f"{n:013b}"[::-1], 2) for n in range(2**13)]
    loops = [(1, 1), (2, 2), (2, 3), (None, 4), (5, None), (None, None), (6, 6), (6, None), (7, 3)]
    return {
        "time_ordered_chain": chain,
        "shuffled_chain": list(itertools.pairwise(shuffled)),
        "folded_chain": list(itertools.pairwise(folded)),
        "giant_and_small": [*giant, *small],
        "star": star,
        "duplicates": [*small[:500], *small[:500], *((b, a) for a, b in small[:700])],
        "loops_and_gaps": loops,
        "far_apart": [(-(2**62), 2**62), (2**62, 7), (8, 9), (2**63 - 1, -(2**63))],
        "empty": [],
    }


GRAPHS = _graphs()


def as_text(node: int | None) -> str | None:
    """Texts in the order of the numbers, apart from the sign."""
    return None if node is None else f"n{node:020}"


@dataclass(frozen=True)
class Truth:
    """What networkx says: rows (node, smallest node of its component), ascending."""

    rows: list[tuple]

    @classmethod
    def of(cls, edges: Iterable[tuple]) -> "Truth":
        graph = networkx.Graph()
        for left, right in edges:
            ends = [end for end in (left, right) if end is not None]
            if ends:
                graph.add_edge(ends[0], ends[-1])
        parts = networkx.connected_components(graph)
        return cls(
            sorted((node, smallest) for part in parts for smallest in [min(part)] for node in part)
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A dbt project with the macro on every graph, as text and as whole numbers, built once."""
    folder = tmp_path_factory.mktemp("components")
    project = Project(folder)
    for name, edges in GRAPHS.items():
        project.write(f"{name}_text", [(as_text(a), as_text(b)) for a, b in edges], "varchar")
        project.write(f"{name}_integer", edges, "bigint", "integer_ends=true")
    for name in ("shuffled_chain_text", "shuffled_chain_integer"):
        # After the macro's own hook, on the connection that held the scratch tables.
        look = f"create table left_over_{name} as from duckdb_tables() where temporary"
        project.write_sql(name, f"{project.sql_of(name)} {{{{ config(post_hook={look!r}) }}}}")
    project.write_python("by_library", "star_text")
    project.build()
    return project.warehouse


def cases() -> list[tuple[str, str]]:
    return list(itertools.product(GRAPHS, ("text", "integer")))


class Project:
    """A dbt project of a few models on our macros, with a warehouse of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        macros = [str(ROOT / "dbt" / "macros" / name) for name in ("domain", "portable")]
        (folder / "models").mkdir(parents=True)
        (folder / "dbt_project.yml").write_text(
            "name: leadhouse\nprofile: leadhouse\nversion: 1.0.0\nconfig-version: 2\n"
            f"macro-paths: {macros}\nmodels: {{+materialized: table}}\n"
            "flags: {send_anonymous_usage_stats: false}\n"
            "vars: {reporting_currency: CNY, business_timezone: Asia/Shanghai}\n",
            encoding="utf-8",
        )
        home = folder / "home"
        home.mkdir()
        self.warehouse = Warehouse(home)

    def write(self, name: str, edges: list[tuple], kind: str, options: str = "") -> None:
        """A table of edges and a model of its components."""
        with duckdb.connect(str(self.warehouse.file)) as connection:
            create_edges(connection, f"edges_of_{name}", edges, kind)
        arguments = ", ".join(filter(None, [f"'main.edges_of_{name}'", "'a'", "'b'", options]))
        self.write_sql(
            name, f"select node, component from {{{{ connected_components({arguments}) }}}}"
        )

    def sql_of(self, name: str) -> str:
        return (self.folder / "models" / f"{name}.sql").read_text("utf-8")

    def write_sql(self, name: str, sql: str) -> None:
        (self.folder / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")

    def write_python(self, name: str, graph: str) -> None:
        """A model of the library path over the edges that another model reads."""
        self.write_sql("edges_again", f"select * from main.edges_of_{graph}")
        (self.folder / "models" / f"{name}.py").write_text(
            f"import sys\n\nsys.path.insert(0, {str(ROOT)!r})\n\n\n"
            "def model(dbt, session):\n"
            "    from dagster_project.lib.identity.components import connected_components\n\n"
            "    return connected_components(session, dbt.ref('edges_again'), 'a', 'b')\n",
            encoding="utf-8",
        )

    def build(self, *arguments: str) -> None:
        profiles = str(ROOT / "dbt")
        self.warehouse.dbt(
            *("build", "--threads", "1", "--project-dir", str(self.folder)),
            *("--profiles-dir", profiles, *arguments),
        )


def create_edges(
    connection: duckdb.DuckDBPyConnection, name: str, edges: list[tuple], kind: str
) -> None:
    arrow_type = pa.string() if kind == "varchar" else pa.int64()
    columns = list(zip(*edges, strict=True)) or [(), ()]
    table = pa.table({c: pa.array(v, arrow_type) for c, v in zip("ab", columns, strict=True)})
    connection.register("given_edges", table)
    connection.execute(f"create table {name} as select * from given_edges")
    connection.unregister("given_edges")


def by_library(edges: list[tuple], kind: str, engine: str) -> list[tuple]:
    with duckdb.connect() as connection:
        create_edges(connection, "edges", edges, kind)
        table = connected_components(connection, "edges", "a", "b", engine=engine)
        left_over = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert left_over == [("edges",)], "the scratch table is dropped"
    assert table.column_names == ["node", "component"]
    wanted = pa.large_string() if kind == "varchar" else pa.int64()
    assert {field.type for field in table.schema} == {wanted}
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


@pytest.mark.parametrize(("graph", "kind"), cases())
def test_both_paths_give_the_rows_of_networkx(built: Warehouse, graph: str, kind: str) -> None:
    edges = GRAPHS[graph]
    if kind == "text":
        edges = [(as_text(a), as_text(b)) for a, b in edges]
    truth = Truth.of(edges).rows
    assert built.rows(f"select node, component from main.{graph}_{kind} order by 1") == truth
    column_type = "varchar" if kind == "text" else "bigint"
    for engine in ENGINES:
        assert by_library(edges, column_type, engine) == truth, engine


def test_scratch_tables_are_gone_when_the_model_is_built(built: Warehouse) -> None:
    assert built.rows("from main.left_over_shuffled_chain_text") == []
    assert built.rows("from main.left_over_shuffled_chain_integer") == []


def test_the_library_path_is_a_dbt_model(built: Warehouse) -> None:
    wanted = built.rows("from main.star_text order by 1")
    assert built.rows("from main.by_library order by 1") == wanted


@pytest.mark.parametrize(
    ("options", "edges", "message"),
    [
        ("max_rounds=2", GRAPHS["time_ordered_chain"], "have not reached their root"),
        ("max_rounds=3", GRAPHS["folded_chain"], "edges are left after 3 rounds"),
    ],
    ids=["doublings", "rounds"],
)
def test_a_loop_limit_raises(tmp_path: Path, options: str, edges: list[Edge], message: str) -> None:
    """Neither loop leaves early with what it has."""
    project = Project(tmp_path / "project")
    project.write("limited", edges, "bigint", f"integer_ends=true, {options}")
    with pytest.raises(AssertionError, match=message):
        project.build()
    tables = project.warehouse.rows("select table_name from information_schema.tables")
    assert tables == [("edges_of_limited",)]


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=60, deadline=None)
@given(
    edges=st.lists(
        st.tuples(
            *[st.one_of(st.none(), st.integers(-9, 60), st.integers(-(2**63), 2**63 - 1))] * 2
        ),
        max_size=60,
    )
)
def test_any_graph_is_labelled_right(engine: str, edges: list[Edge]) -> None:
    assert by_library(edges, "bigint", engine) == Truth.of(edges).rows


@pytest.mark.parametrize("engine", ENGINES)
def test_order_direction_and_repetition_change_nothing(engine: str) -> None:
    edges = GRAPHS["giant_and_small"]
    dice = random.Random(3)
    again = [dice.choice([(a, b), (b, a)]) for a, b in [*edges, *dice.sample(edges, 999)]]
    dice.shuffle(again)
    assert by_library(again, "bigint", engine) == by_library(edges, "bigint", engine)


def test_wrong_use_is_told() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table edges as select 1 as a, 'x' as b, 1.5 as c")
        with pytest.raises(TypeError, match=r"INTEGER \(a\) and VARCHAR \(b\): cast both"):
            connected_components(connection, "edges", "a", "b")
        with pytest.raises(TypeError, match="DECIMAL"):
            connected_components(connection, "edges", "c", "c")
        with pytest.raises(ValueError, match="use one of numpy, scipy, streaming"):
            connected_components(connection, "edges", "a", "a", engine="magic")


def test_the_streaming_engine_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_project.lib.identity import components

    monkeypatch.setitem(sys.modules, "numba", None)
    components.union_find.cache_clear()
    try:
        with duckdb.connect() as connection:
            connection.execute("create table edges as select 1 as a, 2 as b")
            with pytest.raises(ImportError, match="the optional extra `streaming`"):
                connected_components(connection, "edges", "a", "b", engine="streaming")
    finally:
        components.union_find.cache_clear()


def test_neighbourhoods_are_the_components_of_the_edges(demonstration: Warehouse) -> None:
    """C01: the very edges of the demonstration, through networkx."""
    edges = demonstration.rows("select record_node, node_key from intermediate.int_identity__edges")
    found = demonstration.rows(
        "select node, component from intermediate.int_identity__neighbourhoods order by 1"
    )
    assert len(edges) > 1_000
    assert found == Truth.of(edges).rows
