"""Connected components of an edge table in DuckDB: the compiled-library path beside the SQL macro.

The macro `connected_components` is the portable path. Here the same algorithm runs on numpy arrays;
scipy's search and a union-find compiled by numba are the other engines. All name a component by its
smallest node (text in byte order), so their results are the same rows, and each is the others'
oracle (tests/pipeline/test_components.py). What they cost: benchmarks/README.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array, csgraph

INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
TEXT = "VARCHAR"
# A streamed batch: 8 bytes an edge.
BATCH_ROWS = 1_000_000
# Codes have 32 bits, of which scipy too takes one for the sign.
MAX_NODES = 2**31 - 2
NODES = "leadhouse_component_nodes"


def connected_components(
    session: duckdb.DuckDBPyConnection,
    edges: str | duckdb.DuckDBPyRelation,
    left: str,
    right: str,
    *,
    engine: str = "numpy",
) -> pa.Table:
    """Returns the component of every node of an undirected graph that lies in DuckDB.

    An edge with one end missing (NULL), like one from a node to itself, makes its node known and
    joins nothing. Duplicates and the direction of edges mean nothing.

    Args:
        session: connection that can read the edges; a temp table of its own is made and dropped.
        edges: one row an edge: name of a relation, query in parentheses, or a DuckDB relation.
        left: column, or SQL expression over the columns, of one end of an edge.
        right: the other end; both BIGINT or narrower, or both text.
        engine: "numpy" holds the coded edges in memory (8 bytes each, some times over); "scipy"
            too, and is slower; "streaming" holds 4 bytes a node and a batch of edges, and needs
            numba.

    Returns:
        Columns `node` and `component`, the smallest node of the component; int64 for whole numbers,
        large_string for text; one row a node, in ascending order.

    Raises:
        ValueError: an unknown engine, or more than 2**31 - 2 nodes.
        TypeError: ends that are neither both whole numbers nor both text.
        ImportError: the streaming engine without numba.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r}: use one of {', '.join(ENGINES)}")
    source = edges if isinstance(edges, str) else f"({edges.sql_query()})"
    is_text = _ends_are_text(session, source, left, right)
    known = _measure(session, source, left, right)
    try:
        coding = None if is_text else _offset_coding(known)
        coding = coding or _table_coding(session, known)
        if coding.n_codes > MAX_NODES:
            raise ValueError(f"{coding.n_codes:,} nodes: at most {MAX_NODES:,} can be labelled")
        root = ENGINES[engine](session, coding)
        codes = np.arange(coding.n_codes, dtype=np.int32)
        is_node = root >= 0
        if not is_node.all():
            codes, root = codes[is_node], root[is_node]
        return pa.table({"node": coding.decode(codes), "component": coding.decode(root)})
    finally:
        session.execute(f"drop table if exists temp.{NODES}")


@dataclass(frozen=True)
class _Edges:
    """A relation (SQL) of left_end and right_end without NULL, and its extent."""

    sql: str
    n_rows: int
    lowest: Any
    highest: Any


@dataclass(frozen=True)
class _Coding:
    """How ends become codes 0 … n_codes - 1 that keep their order, and back."""

    query: str  # gives left_code and right_code, INTEGER
    n_codes: int
    decode: Callable[[np.ndarray], pa.Array]


def _ends_are_text(session: duckdb.DuckDBPyConnection, source: str, left: str, right: str) -> bool:
    rows = session.execute(
        f"describe select {left} as left_end, {right} as right_end from {source} as given"
    ).fetchall()
    kinds = [row[1] for row in rows]
    if all(kind == TEXT for kind in kinds):
        return True
    if all(kind in INTEGERS for kind in kinds):
        return False
    raise TypeError(
        f"the ends of an edge are {kinds[0]} ({left}) and {kinds[1]} ({right}): cast both to "
        f"BIGINT or both to {TEXT}"
    )


def _measure(session: duckdb.DuckDBPyConnection, source: str, left: str, right: str) -> _Edges:
    # Written so that DuckDB answers from the statistics of a stored table.
    ((n_rows, n_left, n_right, *extremes),) = session.execute(
        f"select count(*), count({left}), count({right}), min({left}), min({right}), max({left}),"
        f" max({right}) from {source} as given"
    ).fetchall()
    sql = f"(select {left} as left_end, {right} as right_end from {source} as given)"
    if min(n_left, n_right) < n_rows:
        sql = (
            f"(select coalesce({left}, {right}) as left_end, coalesce({right}, {left}) as right_end"
            f" from {source} as given where coalesce({left}, {right}) is not null)"
        )
    known = [extreme for extreme in extremes if extreme is not None]
    return _Edges(sql, n_rows, min(known, default=None), max(known, default=None))


def _offset_coding(edges: _Edges) -> _Coding | None:
    """Whole numbers close together code themselves; None where arrays over gaps would be big."""
    lowest, highest = (edges.lowest, edges.highest) if edges.lowest is not None else (0, -1)
    n_codes = highest - lowest + 1
    if n_codes > min(MAX_NODES, 4 * edges.n_rows + 1024):
        return None
    # No difference leaves BIGINT: it is below n_codes.
    query = (
        f"select cast(left_end - cast({lowest} as bigint) as integer) as left_code,"
        f" cast(right_end - cast({lowest} as bigint) as integer) as right_code"
        f" from {edges.sql} as ends"
    )
    return _Coding(query, n_codes, lambda codes: pa.array(np.add(codes, lowest, dtype=np.int64)))


def _table_coding(session: duckdb.DuckDBPyConnection, edges: _Edges) -> _Coding:
    """Anything else is numbered in order, in a temp table that the edges are joined to."""
    session.execute(
        f"create or replace temp table {NODES} as"
        " select node, row_number() over (order by node nulls last) - 1 as code from"
        f" (select left_end as node from {edges.sql} as l"
        f" union select right_end from {edges.sql} as r) as ends"
    )
    ((n_codes,),) = session.execute(f"select count(*) from temp.{NODES}").fetchall()
    query = (
        "select cast(l.code as integer) as left_code, cast(r.code as integer) as right_code"
        f" from {edges.sql} as ends"
        f" inner join temp.{NODES} as l on ends.left_end = l.node"
        f" inner join temp.{NODES} as r on ends.right_end = r.node"
    )

    @cache
    def nodes() -> pa.Array:
        column = session.sql(
            f"select node from temp.{NODES} order by code nulls last"
        ).to_arrow_table()["node"]
        # Offsets of 32 bits end at 2 GB of text.
        wide = pa.large_string() if pa.types.is_string(column.type) else pa.int64()
        return column.cast(wide).combine_chunks()

    return _Coding(query, n_codes, lambda codes: pc.take(nodes(), pa.array(codes)))


def _read_codes(
    session: duckdb.DuckDBPyConnection, coding: _Coding
) -> tuple[np.ndarray, np.ndarray]:
    edges = session.sql(coding.query).to_arrow_table()
    return edges["left_code"].to_numpy(), edges["right_code"].to_numpy()


def _label_with_numpy(session: duckdb.DuckDBPyConnection, coding: _Coding) -> np.ndarray:
    """Smallest code of the component of every code, int32; -1 for a code that no edge has.

    The algorithm of the macro, whose comment has the bound on the number of rounds. Gathers over
    whole arrays keep the memory busy where the depth-first search of scipy waits for it.
    """
    left, right = _read_codes(session, coding)
    root = np.arange(coding.n_codes, dtype=np.int32)
    known = np.zeros(coding.n_codes, bool)
    known[left] = True
    known[right] = True
    is_first_round = True
    while len(left):
        low, high = np.minimum(left, right), np.maximum(left, right)
        np.minimum.at(root, high, low)
        if is_first_round:
            root = _flattened(root)
        else:
            _follow_to_roots(root, high)
        left, right = root.take(low), root.take(high)
        is_open = left != right
        left, right = left[is_open], right[is_open]
        is_first_round = False
    # A root of one round may hang below a root of a later one.
    root = _flattened(root)
    return root if known.all() else np.where(known, root, np.int32(-1))


def _flattened(root: np.ndarray) -> np.ndarray:
    """Every pointer doubled until it points to a root."""
    while True:
        above = root.take(root)
        if np.array_equal(above, root):
            return root
        root = above


def _follow_to_roots(root: np.ndarray, nodes: np.ndarray) -> None:
    """The same in place, for the few nodes that a later round has hung."""
    while True:
        now = root.take(nodes)
        above = root.take(now)
        moving = above != now
        if not moving.any():
            return
        nodes = nodes[moving]
        root[nodes] = above[moving]


def _label_with_scipy(session: duckdb.DuckDBPyConnection, coding: _Coding) -> np.ndarray:
    """The same by scipy's depth-first search (Pearce 2005)."""
    left, right = _read_codes(session, coding)
    shape = (coding.n_codes, coding.n_codes)
    graph = coo_array((np.ones(len(left)), (left, right)), shape=shape)
    # Else the conversion to CSR would sort every row to sum duplicates, which do no harm here.
    graph.has_canonical_format = True
    n_components, label = (0, np.empty(0, np.int32))
    if coding.n_codes:
        n_components, label = csgraph.connected_components(graph, directed=False)
    smallest = np.empty(n_components, np.int32)
    # Of several values assigned to one place the last stays: backwards, the smallest code.
    smallest[label[::-1]] = np.arange(coding.n_codes - 1, -1, -1, dtype=np.int32)
    known = np.zeros(coding.n_codes, bool)
    known[left] = True
    known[right] = True
    return np.where(known, smallest[label], np.int32(-1))


def _label_streaming(session: duckdb.DuckDBPyConnection, coding: _Coding) -> np.ndarray:
    """The same by union-find over record batches: the edges are never held whole."""
    unite, flatten = union_find()
    root = np.full(coding.n_codes, -1, np.int32)
    for batch in session.sql(coding.query).to_arrow_reader(BATCH_ROWS):
        unite(root, batch.column(0).to_numpy(), batch.column(1).to_numpy())
    flatten(root)
    return root


ENGINES = {
    "numpy": _label_with_numpy,
    "scipy": _label_with_scipy,
    "streaming": _label_streaming,
}


@cache
def union_find() -> tuple[Any, Any]:
    """Returns `unite(root, left, right)` and `flatten(root)`, compiled at the first call.

    Union-find with path halving (Tarjan and van Leeuwen 1984); the larger root is hung below the
    smaller one, so that one ascending pass flattens the forest and a root is the smallest node.

    Raises:
        ImportError: numba is not installed.
    """
    try:
        import numba
        from numba import types
    except ImportError as error:
        raise ImportError(
            "engine 'streaming' needs numba, the optional extra `streaming` of pyproject.toml; "
            "install it or use engine 'scipy'"
        ) from error

    forest = types.Array(types.int32, 1, "C")
    codes = types.Array(types.int32, 1, "C", readonly=True)

    @numba.njit([types.void(forest, codes, codes)])
    def unite(root, left, right):
        for n in range(len(left)):
            a, b = left[n], right[n]
            if root[a] < 0:
                root[a] = a
            if root[b] < 0:
                root[b] = b
            while root[a] != a:
                root[a] = root[root[a]]
                a = root[a]
            while root[b] != b:
                root[b] = root[root[b]]
                b = root[b]
            if a < b:
                root[b] = a
            else:
                root[a] = b

    @numba.njit([types.void(forest)])
    def flatten(root):
        for node in range(len(root)):
            if root[node] >= 0:
                root[node] = root[root[node]]

    return unite, flatten
