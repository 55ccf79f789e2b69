"""When things run: one job that does everything, a daily schedule, a sensor on new files."""

import dagster as dg

from dagster_project.lib.deliveries import next_tick
from dagster_project.lib.settings import Settings

# Seconds that delivered files must have been left alone before they are taken in.
SETTLE_SECONDS = 60

refresh = dg.define_asset_job(
    name="refresh",
    # Retraining is a job of its own: no mart waits for it.
    selection=(dg.AssetSelection.all() - dg.AssetSelection.groups("score_model"))
    | dg.AssetSelection.all_asset_checks(),
    description="Land what was delivered, rebuild the warehouse, run every gate, publish.",
    # The steps take turns anyway; a process per step would only load this code location again.
    executor_def=dg.in_process_executor,
    # A lost process is worth another try, a failed check is not.
    tags={"dagster/retry_on_asset_or_op_failure": "false"},
)


@dg.schedule(
    job=refresh,
    cron_schedule="0 6 * * *",
    execution_timezone="Asia/Shanghai",
    description="Every morning before the teams start.",
)
def daily_refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Refresh once a day, whether or not the sensor is on."""
    return dg.RunRequest(run_key=f"daily-{context.scheduled_execution_time:%Y-%m-%d}")


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=30,
    description="Refreshes when delivered files are new or changed and have settled.",
)
def new_extracts(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Compare the delivered files with those of the last request; wait until they settle."""
    tick = next_tick(Settings.from_env(), context.cursor, SETTLE_SECONDS)
    if tick.request is None:
        return dg.SensorResult(skip_reason=tick.reason, cursor=tick.cursor)
    return dg.SensorResult([dg.RunRequest(run_key=f"files-{tick.request}")], cursor=tick.cursor)


@dg.definitions
def automation() -> dg.Definitions:
    """The job, its schedule and its sensor."""
    return dg.Definitions(
        jobs=[refresh],
        schedules=[daily_refresh],
        sensors=[new_extracts],
        executor=dg.in_process_executor,
    )
