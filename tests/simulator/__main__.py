"""Command line of the simulator."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.simulator.simulation import simulate


def main() -> None:
    """Simulate the demonstration company and print what was written."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--leads", type=int, default=3000, help="number of CRM leads")
    parser.add_argument("--seed", type=int, default=20240701)
    parser.add_argument("--out", type=Path, default=Path("seeds/extracts"))
    parser.add_argument("--truth", type=Path, help="folder of the truth (default: none is written)")
    parser.add_argument("--parquet", action="store_true", help="clean Parquet, for benchmarks")
    options = parser.parse_args()
    started = time.perf_counter()
    paths = simulate(options.leads, options.seed, options.out, options.truth, options.parquet)
    size = sum(file.stat().st_size for file in options.out.rglob("*") if file.is_file())
    seconds = time.perf_counter() - started
    print(f"{len(paths)} files, {size / 1e6:.1f} MB in {options.out}, {seconds:.1f} s")


if __name__ == "__main__":
    main()
