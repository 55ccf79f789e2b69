"""How well people and companies are found in made-up worlds of full size, and what it costs.

    python benchmarks/identity_quality.py [--world leads] [--persons 45000] [--keep DIR]

Makes a world (tests/identity_world), lands it, builds bridge_identity and all it needs with dbt,
and compares with the truth: pairwise precision, recall and F1, B-cubed F1, exactly found people,
the largest cluster; beside it what exact keys could find at best (the oracle), and what the same
keys do without guards. CPU seconds are what the operating system counted for the processes.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.identity_world.build import build  # noqa: E402
from tests.identity_world.judge import Judgement, judge  # noqa: E402
from tests.identity_world.parameters import WORLDS, world  # noqa: E402
from tests.identity_world.truth import read_truth  # noqa: E402
from tests.pipeline.identity_project import assignments  # noqa: E402
from tests.pipeline.warehouse import Warehouse  # noqa: E402


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the processes that `work` starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(name: str, folder: Path, **changes: int) -> tuple[Judgement, dict[str, float]]:
    """Figures of one world, and the CPU seconds of landing and of dbt (start-up included)."""
    build(world(name, **changes), folder)
    # What a company there would set.
    variables = {"phone_region": "US"} if WORLDS[name].language == "en" else {}
    warehouse = Warehouse(folder / "home", folder / "extracts", variables)
    selection = [
        "--select",
        "+bridge_identity",
        "--resource-type",
        "seed",
        "--resource-type",
        "model",
    ]
    cost = {
        "landing": cpu_seconds(warehouse.land),
        "dbt parse": cpu_seconds(lambda: warehouse.dbt("parse")),
        "dbt build": cpu_seconds(lambda: warehouse.dbt("build", *selection)),
    }
    return judge(read_truth(folder / "truth"), assignments(warehouse)), cost


def main() -> None:
    """Print one table per world."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--world", choices=[*WORLDS], action="append", help="default: all of them")
    parser.add_argument("--persons", type=int, help="default: as many as the world has")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--keep", type=Path, help="keep extracts, truth and warehouse here")
    arguments = parser.parse_args()
    changes = {
        name: value
        for name in ("persons", "seed")
        if (value := getattr(arguments, name)) is not None
    }
    with tempfile.TemporaryDirectory() as scratch:
        for name in arguments.world or WORLDS:
            folder = (arguments.keep or Path(scratch)) / name
            judgement, cost = measure(name, folder, **changes)
            spent = ", ".join(f"{step} {seconds:.1f}" for step, seconds in cost.items())
            print(f"\n{name}: CPU s {spent}\n{judgement.table()}", flush=True)


if __name__ == "__main__":
    main()
