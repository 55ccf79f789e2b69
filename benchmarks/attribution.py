"""What attribution costs, as a ratio to the prototype that only makes the eight touch models.

    python benchmarks/attribution.py [--journeys 1000000] [--prototype FOLDER]
        [--library-python PYTHON]

The prototype's own generator makes the journeys (9.4 touches each), and its own script is the
yardstick: eight models in wide form with cents, every journey taken for a conversion. Ours is the
SQL of the models as dbt compiles it, with keys as long as those of our models, 2 threads and 4 GB.
The touch models make the columns the prototype makes, in memory as it does:

    touch models    int_attribution__journeys and the cents of __credits (a view), every journey a
                    conversion
    in a file       the same, kept in a DuckDB file as dbt keeps it; no budget
    with millionths all of __credits once more, in the file; no budget
    chain and games int_attribution__group_transitions to __shapley_rate, on the same journeys in
                    order (journeys is not counted again) with the outcomes they really had
    intervals       int_attribution__share_errors: all of that again without each of 100 groups

"CPU s" is what the operating system counted while the statements ran. `channelattribution`
(GPL-3, no dependency of ours, prints an advertisement) stands beside them when it can be imported:
three models, no cents, from paths that are already texts. To have it:

    python -m venv /tmp/ca && /tmp/ca/bin/pip install channelattribution matplotlib pandas duckdb
    python benchmarks/attribution.py --library-python /tmp/ca/bin/python
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dagster_project.lib.attribution import tables  # noqa: E402

PROTOTYPE = ROOT.parent / "shared" / "design" / "methods_code" / "attr"
TOUCH_MODELS = ("int_attribution__journeys", "int_attribution__credits")
CHAIN_MODELS = (
    "int_attribution__group_transitions", "int_attribution__transitions",
    "int_attribution__removal_effects", "int_attribution__channel_bits",
    "int_attribution__group_sets", "int_attribution__channel_sets",
    "int_attribution__shapley_additive", "int_attribution__players",
    "int_attribution__exact_coalitions", "int_attribution__coalitions",
    "int_attribution__shapley_rate",
)  # fmt: skip
# CPU by that of the prototype, for either half.
BUDGET = 1.3
MEMORY_LIMIT = "4GB"
THREADS = 2
TIMEOUT_S = 1800

# Numbers of journeys and touches as our models make them, from their keys.
NUMBER = "('0x' || substr(md5(journey_id::varchar), 1, 15))::bigint"
TOUCH_NUMBER = "('0x' || substr(md5(journey_id || ' ' || pos), 1, 15))::bigint"
# Milestones as the prototype has them.
WINDOWS = """
    create or replace table intermediate.int_attribution__windows as
    select
        {number} as journey_number,
        ({number} % 100)::integer as journey_group,
        case when {converted} then md5(journey_id::varchar) end as conversion_key,
        conv_at - interval 20 day as lead_created_at,
        conv_at - interval 8 day as opportunity_created_at
    from read_parquet('{touches}') where pos = 1
"""
INPUTS = """
    create or replace table intermediate.int_attribution__touches as
    select {number} as journey_number, md5(journey_id || ' ' || pos) as touchpoint_key,
        {touch_number} as touch_number,
        channel, touched_at
    from read_parquet('{touches}');
    create or replace table intermediate.int_attribution__conversions as
    select md5(journey_id::varchar) as conversion_key, value_cents as cash_minor
    from read_parquet('{touches}') where pos = 1;
    create or replace table intermediate.int_time__as_of as select timestamp '2027-12-31' as as_of;
    insert into rules.channel by name
    select distinct channel, 'of the benchmark' as channel_family
    from read_parquet('{touches}') where channel not in (select channel from rules.channel)
"""
# Runs where the library is, which may be another Python.
LIBRARY = """
import sys, time, resource, json
import duckdb
from ChannelAttribution import heuristic_models
paths = duckdb.sql(
    "select string_agg(channel, '>' order by touched_at, pos) as path, 1 as n,"
    " any_value(value_cents) / 100.0 as v from read_parquet('touch.parquet') group by journey_id"
).df()
cpu, wall = time.process_time(), time.perf_counter()
result = heuristic_models(paths, "path", "n", var_value="v", sep=">", flg_pro=False)
figures = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({**figures, "peak_mb": peak, "rows": len(result)}))
"""


def main() -> None:
    """Print the table; exit with 1 when a budget is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journeys", type=int, default=1_000_000)
    parser.add_argument("--prototype", type=Path, default=PROTOTYPE)
    parser.add_argument("--library-python", default=sys.executable)
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.step:
        print(json.dumps(STEPS[arguments.step](arguments)))
        return
    if not (arguments.prototype / "heur_wide.py").exists():
        sys.exit(f"skipped: the prototype is not at {arguments.prototype}")
    with tempfile.TemporaryDirectory() as folder:
        figures = run(arguments, Path(folder))
    print(f"{'':18}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'rows':>12}")
    for name, row in figures.items():
        print(f"{name:18}{row['cpu']:8.1f}{row['wall']:8.1f}{row['peak_mb']:9.0f}{row['rows']:12,}")
    exceeded = False
    for names in (("touch models",), ("chain and games", "intervals")):
        ratio = sum(figures[name]["cpu"] for name in names) / figures["prototype"]["cpu"]
        exceeded |= ratio > BUDGET
        print(f"{', '.join(names)} / prototype {ratio:.2f} (budget {BUDGET})")
    if "channelattribution" not in figures:
        print("channelattribution is not installed: see the head of this file")
    sys.exit(exceeded)


def run(arguments: argparse.Namespace, folder: Path) -> dict[str, dict]:
    """Figures of every contender; each runs in a process of its own."""

    def step(name: str) -> dict:
        command = [sys.executable, __file__, "--step", name, "--folder", str(folder)]
        return json.loads(output(command, folder).splitlines()[-1])

    # Where the prototype's scripts write.
    (folder / "work" / "attr").mkdir(parents=True)
    generator = [str(arguments.prototype / "gen.py"), str(arguments.journeys), "touch.parquet"]
    output([sys.executable, *generator], folder)
    figures = {"prototype": prototype(arguments, folder)}
    seeds = ("attribution_model", "channel", "measure_policy")
    dbt(folder, "seed", "-s", *seeds)
    dbt(folder, "compile", "-s", *TOUCH_MODELS, *CHAIN_MODELS)
    step("prepare")
    figures |= step("touch") | step("chain")
    known = subprocess.run(
        [arguments.library_python, "-c", "import ChannelAttribution"],
        capture_output=True, timeout=TIMEOUT_S, check=False,
    )  # fmt: skip
    if known.returncode == 0:
        said = output([arguments.library_python, "-c", LIBRARY], folder)
        figures["channelattribution"] = json.loads(said.splitlines()[-1])
    return figures


def output(command: list[str], folder: Path) -> str:
    """What a command prints; ends with what it complained of when it fails."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    return done.stdout


def dbt(folder: Path, *arguments: str) -> None:
    """A dbt command on the warehouse in `folder`."""
    environment = os.environ | {
        "LEADHOUSE_HOME": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DO_NOT_TRACK": "1",
    }
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", *arguments]
    subprocess.run(
        command, cwd=ROOT / "dbt", env=environment, check=True, timeout=TIMEOUT_S,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    """The DuckDB file."""
    return limited(duckdb.connect(str(folder / "warehouse.duckdb")), folder)


def limited(connection: duckdb.DuckDBPyConnection, folder: Path) -> duckdb.DuckDBPyConnection:
    """The connection with two threads and 4 GB."""
    connection.execute(f"set threads = {THREADS}")
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    connection.execute(f"set temp_directory = '{folder / 'spill'}'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def connect_in_memory(folder: Path) -> duckdb.DuckDBPyConnection:
    """What is made stays in memory, as the prototype's does; the inputs are read from the file."""
    connection = duckdb.connect()
    connection.execute(f"attach '{folder / 'warehouse.duckdb'}' as stored (read_only)")
    connection.execute("attach ':memory:' as warehouse")
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'stored'"
    ).fetchall()
    for schema, table in tables:
        connection.execute(f"create schema if not exists warehouse.{schema}")
        if table not in TOUCH_MODELS:
            connection.execute(
                f"create view warehouse.{schema}.{table} as from stored.{schema}.{table}"
            )
    connection.execute("use warehouse")
    return limited(connection, folder)


def prototype(arguments: argparse.Namespace, folder: Path) -> dict:
    """The prototype's own script on all journeys, as it reports itself."""
    script = str(arguments.prototype / "heur_wide.py")
    # What it measured is said before it looks at its result, which not every DuckDB can parse.
    said = subprocess.run(
        [sys.executable, script, "touch.parquet", "all"],
        cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
    ).stdout  # fmt: skip
    cpu = re.search(r"^cpu ([\d.]+)", said, re.M)
    wide = re.search(r"WIDE all \[\((\d+), \d+\)\] ([\d.]+) s maxrss GB ([\d.]+)", said)
    return {
        "cpu": float(cpu[1]),
        "wall": float(wide[2]),
        "peak_mb": 1000 * float(wide[3]),
        "rows": int(wide[1]),
    }


def prepare(arguments: argparse.Namespace) -> dict:
    """The touches as our models find them; every journey is a conversion."""
    connection = connect(arguments.folder)
    touches = arguments.folder / "touch.parquet"
    connection.execute("create schema if not exists intermediate")
    connection.execute(INPUTS.format(touches=touches, number=NUMBER, touch_number=TOUCH_NUMBER))
    connection.execute(WINDOWS.format(touches=touches, number=NUMBER, converted="true"))
    return {}


def built(arguments: argparse.Namespace, names: tuple[str, ...]) -> list[str]:
    """Statements that build the models as dbt compiled them."""
    models = arguments.folder / "target/compiled/leadhouse/models/intermediate/attribution"
    return [
        f"create or replace table intermediate.{name} as "
        + (models / f"{name}.sql").read_text("utf-8")
        for name in names
    ]


def measured(connection: duckdb.DuckDBPyConnection, table: str, statements: list[str]) -> dict:
    """CPU and wall seconds of the statements, peak memory (MB) of the process, rows of `table`."""
    wall, cpu = time.perf_counter(), time.process_time()
    for statement in statements:
        connection.execute(statement)
    figures = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ((rows,),) = connection.execute(f"select count(*) from intermediate.{table}").fetchall()
    return {**figures, "peak_mb": peak, "rows": rows}


def touch(arguments: argparse.Namespace) -> dict:
    """The eight models; every cent and millionth is accounted for."""
    ordered, credited = built(arguments, TOUCH_MODELS)
    # What the prototype writes. Who asks for no millionths pays for none.
    cents = credited.replace(" as ", " as select columns(c -> c not similar to '{}') from (", 1)
    cents = cents.format(".*_micro|.*_key|touch_number|touched_at") + ")"
    table = "int_attribution__credits"
    connection = connect_in_memory(arguments.folder)
    figures = {"touch models": measured(connection, table, [ordered, cents])}
    connection.close()
    connection = connect(arguments.folder)
    figures["in a file"] = measured(connection, table, [ordered, cents])
    figures["with millionths"] = measured(connection, table, [credited])
    columns = [
        row[0]
        for row in connection.execute("describe intermediate.int_attribution__credits").fetchall()
        if row[0].endswith(("_minor", "_micro"))
    ]
    sums = ", ".join(f"sum({column})" for column in columns)
    (given,) = connection.execute(
        f"select {sums} from intermediate.int_attribution__credits"
    ).fetchall()
    ((cash, n),) = connection.execute(
        "select sum(cash_minor), count(*) from intermediate.int_attribution__conversions"
    ).fetchall()
    expected = tuple(cash if column.endswith("_minor") else 1_000_000 * n for column in columns)
    if given != expected or len(columns) != 16:
        sys.exit("credit is not conserved")
    return figures


def chain(arguments: argparse.Namespace) -> dict:
    """Markov and both Shapley games, on the journeys in order."""
    connection = connect(arguments.folder)
    touches = arguments.folder / "touch.parquet"
    connection.execute(WINDOWS.format(touches=touches, number=NUMBER, converted="converted"))
    connection.execute(built(arguments, TOUCH_MODELS[:1])[0])
    connection.close()
    connection = connect(arguments.folder)
    figures = measured(
        connection, "int_attribution__removal_effects", built(arguments, CHAIN_MODELS)
    )
    ((gap,),) = connection.execute(
        """
        select abs(max(conversion_probability) - (select avg((conversion_key is not null)::int)
            from intermediate.int_attribution__windows))
        from intermediate.int_attribution__removal_effects
        """
    ).fetchall()
    if gap > 1e-12:
        sys.exit("the chain does not convert as observed")
    wall, cpu = time.perf_counter(), time.process_time()
    names = ("group_transitions", "group_sets", "channel_bits", "players")
    errors = tables.share_errors(
        *(connection.table(f"intermediate.int_attribution__{name}") for name in names)
    )
    intervals = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    intervals |= {"peak_mb": peak, "rows": len(errors)}
    return {"chain and games": figures, "intervals": intervals}


STEPS = {"prepare": prepare, "touch": touch, "chain": chain}

if __name__ == "__main__":
    main()
