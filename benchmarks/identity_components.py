"""What connected components cost: our two paths, Splink's clustering and scipy on bare arrays.

    python benchmarks/identity_components.py [--repeat 3] [--case NAME ...]

Every contender runs in a process of its own and its labels are checked afterwards: ours must be
the smallest node of the component, row for row, Splink's and scipy's the same partition. "work s"
is the CPU (user + system, all threads) of

    scipy_alone     coo_matrix and connected_components on int64 arrays that lie in memory; gives
                    labels 0 … n - 1 of ids that happen to be 0 … n - 1
    read_and_write  what our library path can not avoid: the edges out of a DuckDB file into Arrow,
                    a table of as many labels as there are nodes into it
    library         the same and the components, by the default engine, numpy
    library_scipy   … by scipy
    streaming       … by the union-find over record batches; numba's compilation is start-up
    sql_macro       the macro in a real `dbt run` of one model, from the start of the model to its
                    end: rendering, every statement, the table written to the file
    splink          cluster_pairwise_predictions_at_threshold; nodes and edges are tables in memory
                    already and the result stays there, with a memory_limit

"CPU s" is the whole process: imports, dbt's start-up and parsing, numba's compilation, loading what
lies ready. The cheapest of the repeats counts, because other work on the machine only ever adds.
Times out on the wall clock.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

EDGES = 1_000_000
MEMORY_LIMIT = "4GB"
# As identifiers of records look: a prefix and a hash.
TEXT_ID = "'lead:' || md5(cast({} as varchar))"


# --- the graphs: int64 arrays of ends. Ids are 0 … n - 1 in an order that says nothing about the
# --- graph, except for the chain in the order of time.


def small_clusters(dice: Any, edges: int, start: int = 0) -> tuple[Any, Any]:
    """Trees of about 4 nodes, at most 60, with three edges too many for every ten nodes."""
    import numpy as np

    sizes = np.minimum(dice.geometric(0.33, edges // 2) + 1, 60)
    extra = (sizes > 2) * dice.binomial(sizes, 0.3)
    n_clusters = int(np.searchsorted(np.cumsum(sizes - 1 + extra), edges)) + 1
    sizes, extra = sizes[:n_clusters], extra[:n_clusters]
    first = np.cumsum(sizes) - sizes
    cluster = np.repeat(np.arange(n_clusters), sizes)
    place = np.arange(len(cluster)) - first[cluster]
    child = np.flatnonzero(place > 0)
    parent = first[cluster[child]] + (dice.random(len(child)) * place[child]).astype(np.int64)
    more = np.repeat(np.arange(n_clusters), extra)
    ends = [first[more] + (dice.random(len(more)) * sizes[more]).astype(np.int64) for _ in "lr"]
    left, right = np.concatenate([child, ends[0]]), np.concatenate([parent, ends[1]])
    return left[left != right] + start, right[left != right] + start


def random_chains(dice: Any, edges: int) -> tuple[Any, Any]:
    """Paths of 10,000 nodes."""
    import numpy as np

    nodes = np.arange(edges)
    left = nodes[nodes % 10_000 != 9_999]
    return left, left + 1


def one_giant(dice: Any, edges: int) -> tuple[Any, Any]:
    """A tenth of the nodes in one component with hubs, the rest small."""
    import numpy as np

    size = int(edges * 0.078)
    child = np.arange(1, size)
    parent = (dice.random(size - 1) ** 2 * child).astype(np.int64)
    more = (dice.random(size // 2) * size).astype(np.int64)
    hubs = (dice.random(size // 2) ** 3 * size).astype(np.int64)
    left, right = np.concatenate([child, more]), np.concatenate([parent, hubs])
    left, right = left[left != right], right[left != right]
    others = small_clusters(dice, edges - len(left), start=size)
    return np.concatenate([left, others[0]]), np.concatenate([right, others[1]])


@dataclass(frozen=True)
class Case:
    """A graph and who is measured on it. `timeout` in seconds of the wall clock."""

    title: str
    graph: Callable[[Any, int], tuple[Any, Any]]
    edges: int = EDGES
    keeps_order: bool = False
    is_text: bool = False
    timeout: int = 120

    @property
    def contenders(self) -> list[str]:
        return [name for name in CONTENDERS if not (self.is_text and name in BARE_IDS)]


CASES = {
    "small": Case("Small clusters", small_clusters),
    "chains": Case("Chains of 10,000, random ids", random_chains),
    "giant": Case("One giant, a tenth of the nodes", one_giant),
    "time_chains": Case("Chains of 10,000 in the order of time", random_chains, keeps_order=True),
    "small_text": Case("Small clusters, text ids", small_clusters, is_text=True),
    "small_10m": Case("Small clusters", small_clusters, edges=10 * EDGES, timeout=600),
}


def write_graph(case: Case, folder: Path) -> None:
    """graph.duckdb with the edges and the truth, and the bare arrays."""
    import duckdb
    import numpy as np
    import pyarrow as pa
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    dice = np.random.default_rng(7)
    left, right = case.graph(dice, case.edges)
    n_nodes = int(max(left.max(), right.max())) + 1
    if not case.keeps_order:
        ids = dice.permutation(n_nodes)
        left, right = ids[left], ids[right]
    order = dice.permutation(len(left))
    left, right = left[order].astype(np.int64), right[order].astype(np.int64)
    np.save(folder / "left.npy", left)
    np.save(folder / "right.npy", right)
    graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(n_nodes, n_nodes))
    n_components, label = connected_components(graph, directed=False)
    node = TEXT_ID.format("node") if case.is_text else "node"
    ends = [TEXT_ID.format(end) if case.is_text else end for end in ("left_id", "right_id")]
    with duckdb.connect(str(folder / "graph.duckdb")) as connection:
        connection.register("ends", pa.table({"left_id": left, "right_id": right}))
        connection.execute(
            f"create table edges as select {ends[0]} as left_id, {ends[1]} as right_id from ends"
        )
        connection.register("labels", pa.table({"node": np.arange(n_nodes), "label": label}))
        connection.execute(
            f"create table truth as select {node} as node,"
            f" min({node}) over (partition by label) as component from labels"
        )
    sizes = np.bincount(label)
    print(
        f"{case.title}: {len(left):,} edges, {n_nodes:,} nodes, {n_components:,} components, "
        f"the largest of {sizes.max():,}"
    )


# --- the contenders; each gets a folder of its own with graph.duckdb and the arrays, leaves
# --- labels(node, component) in labels.duckdb, and returns the CPU seconds of its work


def scipy_alone(folder: Path) -> float:
    import numpy as np
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    left, right = np.load(folder / "left.npy"), np.load(folder / "right.npy")
    start = time.process_time()
    n_nodes = int(max(left.max(), right.max())) + 1
    graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(n_nodes, n_nodes))
    _, label = connected_components(graph, directed=False)
    work = time.process_time() - start
    _save(folder, {"node": np.arange(n_nodes), "component": label})
    return work


def read_and_write(folder: Path) -> float:
    import duckdb
    import numpy as np
    import pyarrow as pa

    _import_what_duckdb_imports_later()
    connection = duckdb.connect(str(folder / "graph.duckdb"))
    start = time.process_time()
    edges = connection.sql(
        "select cast(left_id as integer) as l, cast(right_id as integer) as r from edges"
    ).to_arrow_table()
    nodes = np.arange(max(int(edges[end].to_numpy().max()) for end in "lr") + 1)
    connection.register("found", pa.table({"node": nodes, "component": nodes}))
    connection.execute("create table labels as select * from found")
    connection.close()
    return time.process_time() - start


def _import_what_duckdb_imports_later() -> None:
    """What the first Arrow table imports; a dbt process has it."""
    import pandas  # noqa: F401
    import pyarrow.dataset
    import pyarrow.pandas_compat  # noqa: F401


def library(folder: Path, engine: str = "numpy") -> float:
    import duckdb

    from dagster_project.lib.identity.components import connected_components, union_find

    if engine == "streaming":
        union_find()
    _import_what_duckdb_imports_later()
    connection = duckdb.connect(str(folder / "graph.duckdb"))
    start = time.process_time()
    found = connected_components(connection, "edges", "left_id", "right_id", engine=engine)
    connection.register("found", found)
    connection.execute("create table labels as select * from found")
    connection.close()
    work = time.process_time() - start
    (folder / "graph.duckdb").rename(folder / "labels.duckdb")
    return work


def library_scipy(folder: Path) -> float:
    return library(folder, engine="scipy")


def streaming(folder: Path) -> float:
    return library(folder, engine="streaming")


def sql_macro(folder: Path) -> float:
    import duckdb

    with duckdb.connect(str(folder / "graph.duckdb"), read_only=True) as connection:
        (column, *_) = connection.execute("describe edges").fetchall()
    (folder / "graph.duckdb").rename(folder / "warehouse.duckdb")
    macros = [str(ROOT / "dbt" / "macros" / name) for name in ("domain", "portable")]
    project = {
        "name": "leadhouse",
        "profile": "leadhouse",
        "macro-paths": macros,
        "flags": {"send_anonymous_usage_stats": False},
        "vars": {"reporting_currency": "CNY", "business_timezone": "UTC"},
    }
    (folder / "dbt_project.yml").write_text(json.dumps(project), encoding="utf-8")
    (folder / "models").mkdir()
    (folder / "models" / "labels.sql").write_text(
        "{{ config(materialized='table') }} select node, component from {{ connected_components("
        f"'main.edges', 'left_id', 'right_id', integer_ends={column[1] == 'BIGINT'}".lower()
        + ") }}",
        encoding="utf-8",
    )
    os.environ |= {
        "LEADHOUSE_HOME": str(folder),
        "LEADHOUSE_MEMORY_LIMIT": MEMORY_LIMIT,
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    marks: dict[str, float] = {}

    def mark(event: Any) -> None:
        marks.setdefault(event.info.name, time.process_time())

    from dbt.cli.main import dbtRunner

    options = ["--project-dir", str(folder), "--profiles-dir", str(ROOT / "dbt")]
    done = dbtRunner(callbacks=[mark]).invoke(
        ["--quiet", "--log-level-file", "none", "run", "--threads", "1", *options]
    )
    if not done.success:
        raise RuntimeError(done.exception or [result.message for result in done.result])
    (folder / "warehouse.duckdb").rename(folder / "labels.duckdb")
    return marks["NodeFinished"] - marks["NodeStart"]


def splink(folder: Path) -> float:
    import logging

    import duckdb
    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    connection.execute(f"set temp_directory = '{folder}'")
    connection.execute(f"attach '{folder / 'graph.duckdb'}' as graph (read_only)")
    connection.execute("create table nodes as select node as unique_id from graph.truth")
    connection.execute(
        "create table edges as select left_id as unique_id_l, right_id as unique_id_r,"
        " cast(1 as double) as match_probability from graph.edges"
    )
    api = DuckDBAPI(connection=connection)
    nodes, edges = api.register("nodes"), api.register("edges")
    start = time.process_time()
    found = cluster_pairwise_predictions_at_threshold(
        nodes, edges, api, "unique_id", threshold_match_probability=0.5
    )
    work = time.process_time() - start
    connection.execute(f"attach '{folder / 'labels.duckdb'}' as labels")
    connection.execute(
        "create table labels.labels as select unique_id as node, cluster_id as component"
        f" from {found.physical_name}"
    )
    return work


OURS = ("library", "library_scipy", "streaming", "sql_macro")
CONTENDERS: dict[str, Callable[[Path], float]] = {
    function.__name__: function
    for function in (
        scipy_alone,
        read_and_write,
        library,
        library_scipy,
        streaming,
        sql_macro,
        splink,
    )
}
# These take ids for numbers 0 … n - 1.
BARE_IDS = ("scipy_alone", "read_and_write")


def _save(folder: Path, columns: dict[str, Any]) -> None:
    import duckdb
    import pyarrow as pa

    with duckdb.connect(str(folder / "labels.duckdb")) as connection:
        connection.register("found", pa.table(columns))
        connection.execute("create table labels as select * from found")


def check(contender: str, truth: Path, folder: Path) -> None:
    """Raises when the labels are wrong."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute(f"attach '{truth / 'graph.duckdb'}' as graph (read_only)")
        connection.execute(f"attach '{folder / 'labels.duckdb'}' as found (read_only)")
        ((nodes, labelled, joined, same, pairs, ours, theirs),) = connection.execute(
            "select (select count(*) from graph.truth), (select count(*) from found.labels),"
            " count(*), count(*) filter (t.component = l.component),"
            " count(distinct (t.component, l.component)), count(distinct t.component),"
            " count(distinct l.component)"
            " from graph.truth as t inner join found.labels as l on t.node = l.node"
        ).fetchall()
    right = nodes == labelled == joined and pairs == ours == theirs
    if not right or (contender in OURS and same != nodes):
        raise AssertionError(f"{contender}: wrong labels")


# --- measuring


@dataclass(frozen=True)
class Cost:
    """What one process took; nothing when it timed out."""

    work_seconds: float
    cpu_seconds: float
    peak_mb: float


def _run(*arguments: str, timeout: float) -> tuple[str, Cost] | None:
    """Run this file in a process of its own; None when it had to be ended.

    That process must be all that is heavy: the peak memory of a child counts what its parent held
    when it was started.
    """
    process = subprocess.Popen(
        [sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    too_late = threading.Event()

    def end() -> None:
        too_late.set()
        process.kill()

    timer = threading.Timer(timeout, end)
    timer.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if too_late.is_set():
        return None
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    last = output.strip().rpartition("\n")[2]
    work = float(last) if arguments[0] == "--contender" else 0.0
    return output, Cost(work, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


@dataclass(frozen=True)
class Comparison:
    """Costs by contender; None = timed out."""

    title: str
    timeout: int
    costs: dict[str, Cost | None]

    def ratio(self, contender: str, yardstick: str) -> float | None:
        """Work of one over work of another; None when one of them is missing."""
        ours, theirs = self.costs.get(contender), self.costs.get(yardstick)
        return ours.work_seconds / theirs.work_seconds if ours and theirs else None

    def __str__(self) -> str:
        head = ("work s", "CPU s", "peak MB", "/ scipy", "/ splink")
        lines = [self.title, f"  {'':16}" + "".join(f"{word:>10}" for word in head)]
        for name, cost in self.costs.items():
            if cost is None:
                lines.append(f"  {name:16}  timed out after {self.timeout} s")
                continue
            ratios = [self.ratio(name, yardstick) for yardstick in ("scipy_alone", "splink")]
            lines.append(
                f"  {name:16}{cost.work_seconds:10.3f}{cost.cpu_seconds:10.2f}{cost.peak_mb:10.0f}"
                + "".join("         -" if ratio is None else f"{ratio:10.2f}" for ratio in ratios)
            )
        return "\n".join(lines)


def compare(
    name: str, folder: Path, repeat: int, contenders: list[str] | None = None
) -> Comparison:
    """Measure the contenders of a case in turn, `repeat` times, and check every result."""
    case = CASES[name]
    graph = folder / name
    graph.mkdir()
    written = _run("--write", name, str(graph), timeout=600)
    assert written, "the graph was not written in time"
    costs: dict[str, Cost | None] = {}
    for contender in contenders or case.contenders:
        found = [_measure(contender, graph, case.timeout)]
        while found[-1] and len(found) < repeat:
            found.append(_measure(contender, graph, case.timeout))
        finished = [cost for cost in found if cost]
        costs[contender] = min(finished, key=lambda c: c.work_seconds) if finished else None
    shutil.rmtree(graph)
    return Comparison(written[0].strip(), case.timeout, costs)


def _measure(contender: str, graph: Path, timeout: int) -> Cost | None:
    with tempfile.TemporaryDirectory(dir=graph) as name:
        for file in ("graph.duckdb", "left.npy", "right.npy"):
            shutil.copy(graph / file, name)
        done = _run("--contender", contender, name, timeout=timeout)
        if done and contender != "read_and_write":
            _run("--check", contender, str(graph), name, timeout=600)
    return done[1] if done else None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--case", choices=CASES, action="append", help="default: all")
    for hidden, n_arguments in (("--write", 2), ("--contender", 2), ("--check", 3)):
        parser.add_argument(hidden, nargs=n_arguments, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        write_graph(CASES[options.write[0]], Path(options.write[1]))
    elif options.contender:
        print(CONTENDERS[options.contender[0]](Path(options.contender[1])))
    elif options.check:
        check(options.check[0], *map(Path, options.check[1:]))
    else:
        with tempfile.TemporaryDirectory() as name:
            for case in options.case or CASES:
                print(compare(case, Path(name), options.repeat), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
