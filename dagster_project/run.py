"""`make run`: land, build, check, publish, and say what came of it.

    python -m dagster_project.run [--force]

Runs the Dagster job `refresh` in this process, in the same Dagster instance as the UI, so that the
run is seen there. When neither the delivered files nor the code have changed since the last good
publication, it says so and imports nothing heavy. Exit codes: 0 published or nothing new, 1 a gate
or a step failed (the last good publication stays), 2 wrong settings, 3 another run is at work.
"""

import argparse
import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from dagster_project.lib import deliveries, report
from dagster_project.lib.publishing import current_manifest, is_complete
from dagster_project.lib.settings import Settings, SettingsError

STARTED_BY = {"leadhouse/started_by": "dagster_project.run"}
KEEP_LOGS = 20


def main(argv: list[str] | None = None) -> int:
    """Run everything once; returns the exit code."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__.split("\n")[0])
    parser.add_argument("--force", action="store_true", help="build even if nothing is new")
    arguments = parser.parse_args(argv)
    began = time.monotonic()
    try:
        settings = Settings.from_env()
        settings.require_extracts()
        settings.ensure_dirs()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    with _alone(settings) as alone:
        if not alone:
            print(f"Another run is at work on {settings.home}. Wait for it to end.")
            return 3
        if not arguments.force and nothing_new(settings):
            print("Nothing new: no extract and no code has changed since the last publication.")
            return _closing(settings, began)
        print(f"leadhouse · state in {settings.home}", flush=True)
        try:
            problems = _refresh(settings)
        except KeyboardInterrupt:
            problems = ["interrupted"]
    if problems:
        print(report.failure(settings, problems), file=sys.stderr)
        return 1
    return _closing(settings, began)


def nothing_new(settings: Settings) -> bool:
    """Whether the last good refresh saw these very inputs and its publication is still whole."""
    known = deliveries.recalled(settings)
    manifest = current_manifest(settings.published)
    return (
        known is not None
        and manifest is not None
        and known == (deliveries.current_inputs(settings), manifest["version"])
        and is_complete(settings.published / "current")
    )


def _refresh(settings: Settings) -> list[str]:
    """Run the job; returns what went wrong, empty when everything passed."""
    with _quiet(settings) as terminal:
        report.PROGRESS.show_on(terminal)
        try:
            with report.PROGRESS.step("starting Dagster"):
                from dagster_project.lib.runner import check_files, open_instance, run_job

                check_files(settings)
                from dagster_project.definitions import defs

                instance = open_instance(settings)
                job = defs().resolve_job_def("refresh")
        except (ValueError, RuntimeError) as error:
            return [str(error)]
        with instance:
            return run_job(settings, instance, job, STARTED_BY)


def _closing(settings: Settings, began: float) -> int:
    print(report.summary(settings))
    print(f"\nDone in {time.monotonic() - began:.1f} s.")
    return 0


@contextmanager
def _alone(settings: Settings) -> Iterator[bool]:
    """Hold the lock of this state folder; yields False when another process has it."""
    with (settings.home / ".run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def _quiet(settings: Settings) -> Iterator[TextIO]:
    """Send what Dagster, dbt and warnings print to a log; yields the terminal for our words."""
    logs = sorted(settings.logs.glob("run-*.log"))
    for old in logs[: max(len(logs) - KEEP_LOGS + 1, 0)]:
        old.unlink()
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    log = (settings.logs / f"run-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log").open("ab")
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    with os.fdopen(os.dup(kept[0]), "w", encoding="utf-8") as terminal:
        try:
            yield terminal
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for target, saved in enumerate(kept, start=1):
                os.dup2(saved, target)
                os.close(saved)
            log.close()


if __name__ == "__main__":
    sys.exit(main())
