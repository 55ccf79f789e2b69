"""Retraining of the learned score: a job of its own, because no mart waits for it."""

import dagster as dg

from dagster_project.lib import dbt_cli
from dagster_project.lib.score_model.dataset import FeatureLeakError, NotEnoughDataError
from dagster_project.lib.settings import Settings
from dagster_project.lib.steps import WAREHOUSE_POOL, step

READS = (
    ["intermediate", "int_scoring__training_set"],
    ["intermediate", "int_scoring__features"],
    ["rules", "score_model_design"],
    ["rules", "score_model_feature"],
)


@dg.asset(
    name="score_model_candidate",
    deps=[dg.AssetKey(key) for key in READS],
    group_name="score_model",
    owners=[dbt_cli.DEFAULT_OWNER],
    kinds={"python", "scipy"},
    # It reads only, but DuckDB lets nobody read while somebody writes.
    pool=WAREHOUSE_POOL,
)
def score_model_candidate(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """Train and judge a candidate of the learned score on matured leads (E08).

    Writes `<home>/score_models/<version>/`: coefficients, metrics and a report. Nothing is scored
    by it before somebody enters it into seeds/rules (python -m dagster_project.score_model).
    """
    from dagster_project.lib.score_model.retraining import retrain

    with step(context, "score model") as say:
        try:
            result = retrain(Settings.from_env())
        except NotEnoughDataError as reason:
            say("not trained")
            context.log.warning(str(reason))
            return dg.MaterializeResult(metadata={"trained": False, "reason": str(reason)})
        except FeatureLeakError as leak:
            raise dg.Failure(str(leak), allow_retries=False) from None
    candidate = result.candidate
    deciding = candidate.deciding
    return dg.MaterializeResult(
        metadata={
            "trained": True,
            "version": candidate.version,
            "folder": dg.MetadataValue.path(str(result.folder)),
            "leads_to_fit": len(candidate.blocks.train),
            "leads_to_calibrate": len(candidate.blocks.calibration),
            "leads_to_judge": len(candidate.blocks.test),
            "deciding_metric": deciding.name,
            "difference_to_rule_score": deciding.value,
            "difference_low": deciding.low,
            "difference_high": deciding.high,
            "may_be_promoted": candidate.may_be_promoted,
        }
    )


retrain_job = dg.define_asset_job(
    name="retrain_score_model",
    selection=dg.AssetSelection.assets(score_model_candidate),
    description="Train and judge a candidate of the learned score; promotes nothing.",
    executor_def=dg.in_process_executor,
    tags={"dagster/retry_on_asset_or_op_failure": "false"},
)


@dg.schedule(
    job=retrain_job,
    cron_schedule="0 8 * * 1",
    execution_timezone="Asia/Shanghai",
    description="Every Monday, after the refresh of the morning.",
)
def weekly_retraining(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Retrain once a week."""
    return dg.RunRequest(run_key=f"weekly-{context.scheduled_execution_time:%Y-%m-%d}")


@dg.definitions
def score_model() -> dg.Definitions:
    """The candidate, its job and its schedule."""
    return dg.Definitions(
        assets=[score_model_candidate], jobs=[retrain_job], schedules=[weekly_retraining]
    )
