"""What the stage log costs, as a ratio to the prototype that only makes stays and a snapshot.

    python benchmarks/lifecycle.py [--events 10000000] [--prototype FOLDER]

Both read the same made-up log (2 to 8 assertions per lead, ties, regressions, detours), each in a
process of its own with 2 threads and a memory limit of 6 GB, tables to tables in a DuckDB file.
Ours is the SQL of the models NAMES as dbt compiles it: for a full build, for one that finds that
nothing changed, and for one after 1 % of the leads changed. What the last costs above the one
before is the rebuilding; finding out reads the whole log, whatever changed. "CPU s" is what the
operating system counted for the process while it built. The prototype is `life.sql` in
methods_code/life of the design notes.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
PROTOTYPE = ROOT.parent / "shared" / "design" / "methods_code" / "life"
NAMES = ("int_lifecycle__stage_events", "int_lifecycle__intervals", "int_lifecycle__passages")
# What each model reads, and which of its rows stands for a lead (the pre-hooks of the models).
FORGOTTEN = {
    "int_lifecycle__stage_events": ("int_lifecycle__assertions", "event_number = 1"),
    "int_lifecycle__intervals": ("int_lifecycle__stage_events", "stay_number = 1"),
    "int_lifecycle__passages": ("int_lifecycle__intervals", "passage_number = 1"),
}
# CPU of a full build by that of the prototype; of 1 % dirty leads by that of a full build.
FULL_BUDGET = 1.3
DIRTY_BUDGET = 0.05
MEMORY_LIMIT = "6GB"
THREADS = 2
TIMEOUT_S = 1800

# As methods_code/life/scale.py makes its log; ours has text keys, and a creation per lead.
LOG = """
    create table {name} as
    select
        'e' || lead_id || '_' || k as event_id, 1 as version, lead_id,
        (['lead','mql','sal','sql','opportunity','account','recycled','disqualified','lost'])[
            case when k = 1 then 1 else 1 + least(8, (k - 1 + (
                case when hash(lead_id * 13 + k) % 10 < 7 then 0
                else (hash(lead_id * 17 + k) % 6)::int end)) % 9) end::int] as stage,
        timestamp '2025-01-01' + to_seconds((hash(lead_id) % (500 * 86400))::bigint
            + k * 40000 + (hash(lead_id * 3 + k) % 80000)::bigint) as occurred_at,
        timestamp '2025-01-01' + to_seconds((hash(lead_id) % (500 * 86400))::bigint
            + k * 40000 + 90000) as loaded_at,
        null::int as src_seq
    from (select i as lead_id, 2 + (hash(i) % 7)::int as n from range({leads}) t(i)),
        range(1, 9) r(k)
    where k <= n
"""
OURS = """
    create table intermediate.int_lifecycle__assertions as
    select
        {key}(event_id) as event_id, {key}(lead_id::varchar) as lead_key, stage,
        stage as said_stage,
        occurred_at, occurred_at as said_at,
        (case when k = 1 then -1 end)::bigint as source_sequence, loaded_at as known_at,
        'u' || lead_id % 60 as actor_user_id,
        case when k = 1 then 'crm_lead_created' else 'crm_lead_history' end as evidence,
        null::varchar as change_source, null::varchar as reason_code, null::varchar as rule_id,
        null::varchar as rule_version, null::varchar as profile, true as moves_stage,
        loaded_at as known_from, null::timestamp as known_to
    from (select *, split_part(event_id, '_', 2)::int as k from log)
"""
# A hundredth of the leads gets one more event.
CHANGE = """
    insert into intermediate.int_lifecycle__assertions by name
    select * replace (
        event_id || '_late' as event_id, 'recycled' as stage,
        occurred_at + interval 400 day as occurred_at, occurred_at + interval 400 day as said_at,
        null as source_sequence, 'crm_lead_history' as evidence
    )
    from intermediate.int_lifecycle__assertions
    where evidence = 'crm_lead_created' and hash(lead_key) % 100 = 0
"""


def main() -> None:
    """Print the table; exit with 1 when a budget is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--prototype", type=Path, default=PROTOTYPE)
    # lower: the ids of the prototype's log; md5: ids as long as those our models make.
    parser.add_argument("--keys", choices=("lower", "md5"), default="lower")
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.step:
        print(json.dumps(STEPS[arguments.step](arguments)))
        return
    if not (arguments.prototype / "life.sql").exists():
        sys.exit(f"skipped: the prototype is not at {arguments.prototype}")
    with tempfile.TemporaryDirectory() as folder:
        figures = run(arguments, Path(folder))
    full = figures["full"]["cpu"] / figures["prototype"]["cpu"]
    found = figures["unchanged"]["cpu"] / figures["full"]["cpu"]
    dirty = figures["dirty"]["cpu"] / figures["full"]["cpu"] - found
    print(f"{'':12}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'rows':>12}")
    for name in ("prototype", "full", "unchanged", "dirty"):
        row = figures[name]
        print(f"{name:12}{row['cpu']:8.1f}{row['wall']:8.1f}{row['peak_mb']:9.0f}{row['rows']:12,}")
    print(f"full / prototype {full:.2f} (budget {FULL_BUDGET})")
    print(f"finding out what changed / full {found:.3f}")
    print(f"rebuilding 1 % dirty / full {dirty:.3f} (budget {DIRTY_BUDGET})")
    sys.exit(full > FULL_BUDGET or dirty > DIRTY_BUDGET)


def run(arguments: argparse.Namespace, folder: Path) -> dict[str, dict]:
    """Figures of every step; each runs in a process of its own."""

    def step(name: str) -> dict:
        command = [sys.executable, __file__, "--step", name, "--events", str(arguments.events)]
        command += ["--folder", str(folder), "--prototype", str(arguments.prototype)]
        command += ["--keys", arguments.keys]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
        if done.returncode:
            sys.exit(done.stderr[-3000:])
        return json.loads(done.stdout.splitlines()[-1])

    figures = {"prototype": step("prototype")}
    dbt(folder, "seed", "-s", "stage", "measure_policy")
    step("prepare")
    # Compiled before the tables are there: a full build; after: one that adds to it.
    dbt(folder, "compile", "-s", *NAMES)
    figures["full"] = step("full")
    dbt(folder, "compile", "-s", *NAMES)
    figures["unchanged"] = step("unchanged")
    figures["dirty"] = step("dirty")
    return figures


def dbt(folder: Path, *arguments: str) -> None:
    """A dbt command on the warehouse in `folder`."""
    environment = os.environ | {
        "LEADHOUSE_HOME": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
    }
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments]
    command += ["--vars", json.dumps({"lifecycle_incremental": True})]
    subprocess.run(
        command, cwd=ROOT / "dbt", env=environment, check=True, timeout=TIMEOUT_S,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def connect(file: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB file with the limits of the benchmark."""
    connection = duckdb.connect(str(file))
    connection.execute(f"set threads = {THREADS}")
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    connection.execute(f"set temp_directory = '{file.parent / 'spill'}'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def measured(connection: duckdb.DuckDBPyConnection, table: str, statements: list[str]) -> dict:
    """CPU and wall seconds of the statements, peak memory (MB) of the process, rows of `table`."""
    wall, cpu = time.perf_counter(), time.process_time()
    for statement in statements:
        connection.execute(statement)
    figures = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ((rows,),) = connection.execute(f"select count(*) from {table}").fetchall()
    return {**figures, "peak_mb": peak, "rows": rows}


def prototype(arguments: argparse.Namespace) -> dict:
    """Stays and snapshot of the prototype."""
    connection = connect(arguments.folder / "prototype.duckdb")
    connection.execute(LOG.format(name="ev", leads=arguments.events // 5))
    text = (arguments.prototype / "life.sql").read_text("utf-8")
    stays, snapshot = text.split("create or replace view snap as")
    snapshot = "create table snap_t as " + snapshot.replace("from iv ", "from iv_t ")
    return measured(connection, "iv_t", [stays, "create table iv_t as select * from iv", snapshot])


def prepare(arguments: argparse.Namespace) -> dict:
    """The log as our models find it, and the dictionary and instant they read beside it."""
    connection = connect(arguments.folder / "warehouse.duckdb")
    connection.execute("create schema intermediate")
    connection.execute(
        "create table intermediate.int_time__as_of as select timestamp '2027-12-31' as as_of"
    )
    connection.execute(
        """
        create table intermediate.int_lifecycle__stages as
        select stage, stage_rank, tie_rank, path_kind, case when stage_rank is not null then
            row_number() over (partition by path_kind = 'detour' order by stage_rank, tie_rank)
            end as path_position
        from rules.stage where path_kind in ('success', 'won', 'detour')
        """
    )
    connection.execute(LOG.format(name="log", leads=arguments.events // 5))
    connection.execute(OURS.format(key=arguments.keys))
    connection.execute("drop table log")
    return {}


def sql(arguments: argparse.Namespace, name: str) -> str:
    """A model as dbt compiled it last."""
    models = arguments.folder / "target/compiled/leadhouse/models/intermediate/lifecycle"
    return (models / f"{name}.sql").read_text("utf-8")


def full(arguments: argparse.Namespace) -> dict:
    """Our models, from nothing."""
    connection = connect(arguments.folder / "warehouse.duckdb")
    statements = [f"create table intermediate.{name} as {sql(arguments, name)}" for name in NAMES]
    return measured(connection, "intermediate.int_lifecycle__intervals", statements)


def unchanged(arguments: argparse.Namespace) -> dict:
    """Our models when there is nothing to do: what dbt's delete+insert does then."""
    return added(arguments, connect(arguments.folder / "warehouse.duckdb"))


def dirty(arguments: argparse.Namespace) -> dict:
    """Our models after 1 % of the leads changed."""
    connection = connect(arguments.folder / "warehouse.duckdb")
    connection.execute(CHANGE)
    return added(arguments, connection)


def added(arguments: argparse.Namespace, connection: duckdb.DuckDBPyConnection) -> dict:
    """What an incremental build does to each table: forget, find and build, delete, insert."""
    statements = []
    for name in NAMES:
        read, one_row = FORGOTTEN[name]
        statements += [
            f"delete from intermediate.{name} where lead_key in (select lead_key from"
            f" intermediate.{name} where {one_row} and lead_key not in"
            f" (select lead_key from intermediate.{read}))",
            f"create or replace temp table batch as {sql(arguments, name)}",
            f"delete from intermediate.{name} where lead_key in (select lead_key from batch)",
            f"insert into intermediate.{name} by name from batch",
        ]
    return measured(connection, "intermediate.int_lifecycle__intervals", statements)


STEPS = {step.__name__: step for step in (prototype, prepare, full, unchanged, dirty)}

if __name__ == "__main__":
    main()
