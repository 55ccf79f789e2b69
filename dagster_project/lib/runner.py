"""Run a Dagster job in this process, in the instance that the UI reads, and explain a failure.

Does not belong here: what the job does (defs/), what a person reads (report.py).
"""

import os
from typing import Any

import dagster as dg

from dagster_project.lib import builds
from dagster_project.lib.contract import load_contract
from dagster_project.lib.dbt_cli import prepared_project
from dagster_project.lib.expectations import load_suites
from dagster_project.lib.settings import Settings

# Runs of the job that stay in Dagster's history; each takes some 10 MB.
KEEP_RUNS = 50
_UNFINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def check_files(settings: Settings) -> None:
    """Read what people edit, so that a mistake is told in its own words and not in Dagster's.

    Raises ContractError, SuiteError (ValueError) or DbtError (RuntimeError).
    """
    load_contract(settings.dbt_dir)
    for schema in ("raw", "marts"):
        load_suites(settings.expectations, schema)
    prepared_project(settings)


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The Dagster instance of this state folder, configured like the one `make dev` opens."""
    home = settings.dagster_home
    config = (settings.project_root / "dagster.yaml").read_text(encoding="utf-8")
    # The file's relative folder is right for `dg dev` in a clone, and only there.
    (home / "dagster.yaml").write_text(
        config.replace(".leadhouse/dagster", str(home)), encoding="utf-8"
    )
    os.environ["DAGSTER_HOME"] = str(home)
    return dg.DagsterInstance.get()


def run_job(
    settings: Settings, instance: dg.DagsterInstance, job: dg.JobDefinition, tags: dict[str, str]
) -> list[str]:
    """Run `job` to its end; returns what went wrong in plain sentences, empty = success.

    tags: mark runs that are started this way. The caller holds the lock of the state folder, so an
    unfinished run with these tags was killed: it is closed, and the pool slots it held are freed,
    else the steps of this run would wait for them forever.
    """
    for run in instance.get_runs(dg.RunsFilter(statuses=_UNFINISHED, tags=tags)):
        instance.report_run_failed(run, "The process of this run was killed.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    _forget_old_runs(instance, job.name)
    result = job.execute_in_process(instance=instance, raise_on_error=False, tags=tags)
    if result.success:
        return []
    record = instance.get_run_record_by_id(result.run_id)
    started = record.create_timestamp.timestamp() if record else 0.0
    return explained(settings, builds.new_build_id(result.run_id, started), result.all_events)


def _forget_old_runs(instance: dg.DagsterInstance, job_name: str) -> None:
    finished = [
        dg.DagsterRunStatus.SUCCESS,
        dg.DagsterRunStatus.FAILURE,
        dg.DagsterRunStatus.CANCELED,
    ]
    runs = instance.get_runs(dg.RunsFilter(job_name=job_name, statuses=finished))  # newest first
    for run in runs[KEEP_RUNS:]:
        instance.delete_run(run.run_id)


def explained(settings: Settings, build: str, events: list[Any]) -> list[str]:
    """Why a run failed: what its gates found, else the errors of its steps."""
    sentences = []
    for event in events:
        if event.event_type_value == "STEP_FAILURE":
            found = _gate_sentences(settings, build, event.step_key)
            sentences += found or [f"{event.step_key}: {_cause(event)}"]
    return sentences or ["the run ended without saying why; see the log"]


def _gate_sentences(settings: Settings, build: str, step: str) -> list[str]:
    names = {
        "raw_acceptance": ("raw", builds.landing_digest(settings.landing)),
        "marts_acceptance": ("acceptance", build),
    }
    gate = builds.read_gate(settings, *names.get(step, (step, build)))
    return gate.failed if gate else []


def _cause(event: Any) -> str:
    """The innermost error of a failed step, without its stack."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error and error.cause:
        error = error.cause
    if error is None:
        return "no error was recorded"
    return "interrupted" if "InterruptedError" in error.message else error.message.strip()
