"""`python -m dagster_project.lib.landing [table …]`: land what is new and say what happened."""

import argparse
import sys

from dagster_project.lib.contract import load_contract
from dagster_project.lib.landing.errors import LandingLockedError, LedgerDamagedError
from dagster_project.lib.landing.lander import land
from dagster_project.lib.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Exit code: 0 landed, 1 a file was refused or is lost, 2 could not land at all."""
    parser = argparse.ArgumentParser(
        prog="python -m dagster_project.lib.landing", description=__doc__
    )
    parser.add_argument("tables", nargs="*", metavar="table", help="only these (default: all)")
    tables = parser.parse_args(arguments).tables
    try:
        settings = Settings.from_env()
        contract = load_contract(settings.dbt_dir)
        report = land(settings, contract, tables or None, progress=print)
    except (ValueError, LandingLockedError, LedgerDamagedError) as error:
        print(error, file=sys.stderr)
        return 2
    for problem in report.standing:
        print(f"still {problem}")
    for line in report.lost:
        print(f"lost: {line}")
    print(report.summary())
    refused = any(problem.status == "failed" for problem in report.problems)
    return 1 if refused or report.lost else 0


if __name__ == "__main__":
    sys.exit(main())
