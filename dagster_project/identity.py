"""`make explain` and `make preview`: why records are one person, and what other rules would change.

    python -m dagster_project.identity explain --lead L000123 [--language zh] [--show-values]
    python -m dagster_project.identity explain --person <key>
    python -m dagster_project.identity explain --pair crm_lead:crm:L000123 F0001234
    python -m dagster_project.identity preview <file or folder> [--add] [--language zh] [--json]

Exit codes: 0 answered, 1 there is no answer (the message says why), 2 wrong settings or arguments.
"""

import argparse
import json
import sys
from pathlib import Path

from dagster_project.lib.identity.explain import (
    business_zone,
    explain_lead,
    explain_pair,
    explain_person,
)
from dagster_project.lib.identity.lookup import IdentityError
from dagster_project.lib.identity.phrases import LANGUAGES, Words
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
        answer = _explained if arguments.command == "explain" else _previewed
        print(answer(settings, arguments))
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


def _previewed(settings: Settings, arguments: argparse.Namespace) -> str:
    # dbt and pyarrow are not needed to explain, and take a second to import.
    from dagster_project.lib.identity import preview, preview_report

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    result = preview.preview(settings, arguments.rules, arguments.add, say)
    if arguments.json:
        return json.dumps(result, ensure_ascii=False, indent=1)
    return preview_report.told(result, Words(arguments.language, business_zone(settings)))


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
    preview = commands.add_parser("preview", help="what other rules would change")
    preview.add_argument("rules", type=Path, help="a rule file, or a folder of them")
    preview.add_argument(
        "--add", action="store_true", help="the rows come on top of the present ones"
    )
    preview.add_argument("--language", choices=LANGUAGES, default="en")
    preview.add_argument("--json", action="store_true", help="all numbers as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
