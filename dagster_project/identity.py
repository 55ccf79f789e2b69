"""`make explain` and `make preview`: why records are one person, and what other rules would change.

    python -m dagster_project.identity explain --lead L000123 [--language zh] [--show-values]
    python -m dagster_project.identity explain --person <key>
    python -m dagster_project.identity explain --pair crm_lead:crm:L000123 F0001234

Exit codes: 0 answered, 1 there is no answer (the message says why), 2 wrong settings or arguments.
"""

import argparse
import sys

from dagster_project.lib.identity.explain import explain_lead, explain_pair, explain_person
from dagster_project.lib.identity.lookup import IdentityError
from dagster_project.lib.identity.phrases import LANGUAGES
from dagster_project.lib.settings import Settings, SettingsError


def main(argv: list[str] | None = None) -> int:
    """Answer one question; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        print(_explained(settings, arguments))
    except IdentityError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _explained(settings: Settings, arguments: argparse.Namespace) -> str:
    how = (arguments.language, arguments.show_values)
    if arguments.lead:
        return explain_lead(settings, arguments.lead, *how)
    if arguments.person:
        return explain_person(settings, arguments.person, *how)
    return explain_pair(settings, *arguments.pair, *how)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dagster_project.identity", description=__doc__.split("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    explain = commands.add_parser("explain", help="why records are one person")
    what = explain.add_mutually_exclusive_group(required=True)
    what.add_argument("--lead", metavar="ID", help="a CRM lead")
    what.add_argument("--person", metavar="KEY", help="a person, by an id of today or of the past")
    what.add_argument(
        "--pair", nargs=2, metavar="RECORD", help="two records, as type:source:id or unique id"
    )
    explain.add_argument("--language", choices=LANGUAGES, default="en")
    explain.add_argument(
        "--show-values",
        action="store_true",
        help="masked identifier values from the warehouse of this machine",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
