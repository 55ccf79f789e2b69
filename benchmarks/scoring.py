"""What a score over 10 million behaviour events costs, beside the prototype it was designed with.

    python benchmarks/scoring.py [--events 10000000] [--leads 1000000] [--text-keys]

Both make intervals of constant score from the same deduplicated hits and attribute periods, in one
run: the prototype (`methods_code/score/score.sql` of the design notes, beside the repository;
without it only ours is measured) and `int_scoring__intervals` as dbt compiles it. Ours also keeps
the raw points above the caps (so it writes more intervals), versions of items and caps, and a
digest of each lead's input. Then the incremental form of the model runs (its pre-hook, its query,
the deletion and the insertion that dbt makes of it), first with nothing changed, then after one
lead in a hundred got one more hit. What the second costs above the first is the rebuilding; finding
out what changed reads all hits, whatever changed. CPU seconds of this process.
"""

import argparse
import json
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.pipeline.warehouse import Warehouse  # noqa: E402

PROTOTYPE = ROOT.parent / "shared" / "design" / "methods_code" / "score" / "score.sql"
MODEL = "int_scoring__intervals"
MEMORY_LIMIT = "6GB"
# The rules the prototype knows: points per occurrence, no maximum, caps of 60 and 40.
RULES = """
create table intermediate.int_scoring__item_versions as
select score_item, points, 'v1' as rule_version, 1000000 as max_count, 0 as n_skipped,
    cast(1 as bigint) as version_number
from (values ('pricing_page_visit', 20), ('case_download', 10), ('repeat_visit', 5))
    as items (score_item, points);
create table intermediate.int_scoring__cap_periods as
select timestamp '2000-01-01' as valid_from, cast(null as timestamp) as valid_to,
    60 as behaviour_cap, 40 as attribute_cap;
create table intermediate.int_scoring__behaviour_presence as
select timestamp '1900-01-01' as computable_from, timestamp '1900-01-01' as known_from;
create table intermediate.int_time__as_of as select timestamp '2027-01-01' as as_of;
"""


@dataclass(frozen=True)
class Costs:
    """CPU seconds of the full builds and of the incremental ones; peak memory in GB."""

    prototype: float | None
    full: float
    unchanged: float
    dirty: float
    peak_gb: float
    n_intervals: int

    def __str__(self) -> str:
        ratio = "not here" if self.prototype is None else f"{self.full / self.prototype:.2f}"
        before = "-" if self.prototype is None else f"{self.prototype:.1f}"
        return (
            f"prototype {before} s, ours {self.full:.1f} s (ratio {ratio}),"
            f" nothing changed {self.unchanged:.2f} s ({self.unchanged / self.full:.1%} of full),"
            f" 1 % dirty {self.dirty:.2f} s (rebuilding"
            f" {(self.dirty - self.unchanged) / self.full:.1%} of full),"
            f" {self.n_intervals:,} intervals, peak {self.peak_gb:.1f} GB"
        )


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds this process spends on `work`."""
    before = time.process_time()
    work()
    return time.process_time() - before


def fill(connection: duckdb.DuckDBPyConnection, n_events: int, n_leads: int, text: bool) -> None:
    """The made-up behaviour and attributes of `t_score.py`, as either side reads them."""
    number = f"cast(hash(i) % {n_leads} as integer)"
    key = "md5(cast({} as varchar))" if text else "{}"
    key_type = "varchar" if text else "integer"
    connection.execute(
        f"""
        create schema intermediate;
        create table beh as
        select {key.format(number)} as lead_id,
            (['pricing_page_visit', 'case_download', 'repeat_visit', 'repeat_visit',
              'repeat_visit'])[1 + cast(hash(i * 3) % 5 as integer)] as rule,
            timestamp '2025-01-01' + to_seconds(cast(hash(i * 7) % 31536000 as bigint))
                as occurred_at
        from range({n_events}) as numbers(i);
        create table att as
        select {key.format("cast(i as integer)")} as lead_id,
            unnest(['decision_maker', 'industry_match', 'size_ok']) as rule,
            timestamp '2025-01-01' as valid_from, cast(null as timestamp) as valid_to
        from range(0, {n_leads}, 2) as numbers(i);
        create table win (lead_id {key_type}, created_at timestamp, won_at timestamp);
        create table intermediate.int_leads__leads as
        select {key.format("cast(i as integer)")} as lead_key, timestamp '2025-01-01' as created_at
        from range({n_leads}) as numbers(i);
        create table intermediate.int_scoring__lead_hits as
        select lead_id as lead_key, rule as score_item, cast(1 as bigint) as through_version,
            occurred_at as valid_from, cast(null as timestamp) as valid_to
        from beh;
        create table intermediate.int_scoring__attribute_periods as
        select lead_id as lead_key, rule as score_item,
            case rule when 'decision_maker' then 20 else 10 end as points, valid_from, valid_to
        from att;
        {RULES}
        """
    )


def compiled(warehouse: Warehouse) -> str:
    """The model as dbt compiles it on this warehouse: incremental when its table is there."""
    warehouse.dbt("compile", "-s", MODEL)
    manifest = json.loads((warehouse.home / "target" / "manifest.json").read_text("utf-8"))
    return manifest["nodes"][f"model.leadhouse.{MODEL}"]["compiled_code"]


def measure(folder: Path, n_events: int, n_leads: int, text: bool) -> Costs:
    """Runs the prototype, the full and the incremental build in a database of `folder`."""
    warehouse = Warehouse(folder, variables={"score_incremental": True})
    target = f"intermediate.{MODEL}"

    def connected() -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(str(warehouse.file))
        connection.execute(f"set threads = 2; set memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("set preserve_insertion_order = false")
        return connection

    with connected() as connection:
        fill(connection, n_events, n_leads, text)
    full_query = compiled(warehouse)
    prototype = None
    with connected() as connection:
        if PROTOTYPE.is_file():
            # `attribute` after a cast is a keyword in today's DuckDB.
            views = re.sub(
                r"::int (behaviour|attribute|total)", r"::int as \1", PROTOTYPE.read_text()
            )
            connection.execute(views)
            prototype = cpu_seconds(
                lambda: connection.execute("create table prototype as from score_hist")
            )
            connection.execute("drop table prototype")
        full = cpu_seconds(lambda: connection.execute(f"create table {target} as {full_query}"))
    query = compiled(warehouse)
    with connected() as connection:

        def rebuild() -> None:
            connection.execute("begin")
            connection.execute(
                f"delete from {target} where lead_key in (select lead_key from {target}"
                " where valid_to is null and lead_key not in"
                " (select lead_key from intermediate.int_leads__leads))"
            )
            connection.execute(f"create or replace temp table dirty as {query}")
            keys = "select lead_key from dirty"
            connection.execute(f"delete from {target} where lead_key in ({keys})")
            connection.execute(f"insert into {target} from dirty")
            connection.execute("commit")

        unchanged = cpu_seconds(rebuild)
        connection.execute(
            """
            insert into intermediate.int_scoring__lead_hits
            select lead_key, 'repeat_visit', 1, timestamp '2026-01-15', null
            from intermediate.int_leads__leads where hash(lead_key) % 100 = 0
            """
        )
        dirty = cpu_seconds(rebuild)
        expected = connection.execute(
            f"select count(*), sum(hash(r)) from ({full_query}) as r"
        ).fetchall()
        actual = connection.execute(f"select count(*), sum(hash(r)) from {target} as r").fetchall()
        assert actual == expected, "the incremental build is not the full one"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return Costs(prototype, full, unchanged, dirty, peak, expected[0][0])


def main() -> None:
    """Print the costs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--text-keys", action="store_true", help="hashes as keys, as in production")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        costs = measure(Path(folder), arguments.events, arguments.leads, arguments.text_keys)
    print(costs)


if __name__ == "__main__":
    main()
