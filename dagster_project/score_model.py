"""The learned score beside the rule score: train a candidate, look at it, decide about it.

    python -m dagster_project.score_model train [--design mql_to_sql]
    python -m dagster_project.score_model show [<version>]
    python -m dagster_project.score_model enter <version>
    python -m dagster_project.score_model promote <version> --by <role> --from <day>
    python -m dagster_project.score_model retire <version> --from <day>

`train` reads the built warehouse and writes below LEADHOUSE_HOME only; the last three write rows
of seeds/rules, which the next build reads. Exit codes: 0 done, 1 refused (the message says why),
2 wrong settings or arguments.
"""

import argparse
import sys
from datetime import date

import duckdb

from dagster_project.lib.score_model.dataset import ScoreModelError
from dagster_project.lib.settings import Settings, SettingsError


def main(argv: list[str] | None = None) -> int:
    """Do one thing; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        print(_done(settings, arguments))
    except ScoreModelError as error:
        print(error, file=sys.stderr)
        return 1
    except duckdb.IOException as error:
        why = error if settings.warehouse.exists() else "none is there yet, run the pipeline first"
        print(f"The warehouse can't be read now: {why}", file=sys.stderr)
        return 1
    return 0


def _done(settings: Settings, arguments: argparse.Namespace) -> str:
    # numpy and scipy take a second to import and are not needed to parse arguments.
    from dagster_project.lib.score_model import promotion, store

    version = getattr(arguments, "version", None)
    if arguments.command == "train":
        from dagster_project.lib.score_model.retraining import retrain

        return store.report(retrain(settings, arguments.design).candidate)
    if arguments.command == "show":
        names = (
            [version] if version else sorted(p.name for p in store.folder(settings).glob("[!.]*"))
        )
        files = [store.folder(settings) / name / "report.md" for name in names]
        missing = [file for file in files if not file.exists()]
        if missing or not files:
            raise ScoreModelError(f"No candidate there: {missing or store.folder(settings)}")
        return "\n".join(file.read_text("utf-8") for file in files)
    if arguments.command == "enter":
        promotion.enter(settings, version)
        return f"{version} is a candidate in seeds/rules; run the pipeline to see its scores."
    if arguments.command == "promote":
        promotion.promote(settings, version, arguments.by, arguments.day)
        return f"{version} is promoted from {arguments.day} on."
    promotion.retire(settings, version, arguments.day)
    return f"{version} is retired from {arguments.day} on."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dagster_project.score_model", description=__doc__.split("\n")[0]
    )
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train and judge a candidate")
    train.add_argument("--design", help="a row of seeds/rules/score_model_design.csv")
    show = commands.add_parser("show", help="the report of a candidate, or of all")
    show.add_argument("version", nargs="?")
    enter = commands.add_parser("enter", help="score a candidate beside the rule score")
    promote = commands.add_parser("promote", help="approve a candidate, if its numbers allow it")
    promote.add_argument("--by", required=True, help="role or user id that approves")
    retire = commands.add_parser("retire", help="stop scoring a model")
    for command in (enter, promote, retire):
        command.add_argument("version")
    for command in (promote, retire):
        command.add_argument("--from", dest="day", type=date.fromisoformat, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
