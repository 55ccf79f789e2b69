"""A candidate on disk: `<home>/score_models/<version>/` with the rows it would be in seeds/rules.

    score_model.csv, score_model_coefficient.csv, score_model_metric.csv   rows as in the seeds
    report.md                                                              the same for a person

No lead is in any of them: counts, coefficients and metrics only.
"""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from dagster_project.lib.score_model.dataset import ScoreModelError
from dagster_project.lib.score_model.training import DECIMALS, Candidate, Metric
from dagster_project.lib.settings import Settings

MODELS, COEFFICIENTS, METRICS = "score_model", "score_model_coefficient", "score_model_metric"
Rows = list[dict[str, str]]

_COLUMNS = {
    MODELS: (
        "model_version", "design", "status", "label_stage", "horizon_days", "trained_through",
        "n_train", "n_calibration", "n_test", "approved_by", "valid_from", "valid_to",
    ),
    COEFFICIENTS: (
        "model_version", "term_kind", "feature", "coefficient", "coefficient_low",
        "coefficient_high", "suggested_points", "points_low", "points_high",
    ),
    METRICS: (
        "model_version", "metric", "scorer", "metric_value", "value_low", "value_high", "n_rows",
        "n_positive",
    ),
}  # fmt: skip


def folder(settings: Settings) -> Path:
    """Where candidates are."""
    return settings.home / "score_models"


def rows_of(candidate: Candidate, business_zone: str) -> dict[str, Rows]:
    """The rows of the three seeds; dates are business days in `business_zone` (an IANA name)."""
    data, blocks = candidate.dataset, candidate.blocks
    day = data.as_of.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(business_zone)).date()
    model = {
        "model_version": candidate.version,
        "design": data.design.design,
        "status": "candidate",
        "label_stage": data.design.label_stage,
        "horizon_days": str(data.design.horizon_days),
        "trained_through": f"{data.as_of:%Y-%m-%d %H:%M:%S}",
        "n_train": str(len(blocks.train)),
        "n_calibration": str(len(blocks.calibration)),
        "n_test": str(len(blocks.test)),
        "approved_by": "",
        "valid_from": day.isoformat(),
        "valid_to": "",
    }
    coefficients = []
    for term in candidate.terms:
        points = [str(number) for number in term.points or ("", "", "")]
        numbers = [_decimal(number) for number in (term.value, term.low, term.high)]
        values = [candidate.version, term.kind, term.feature, *numbers, *points]
        coefficients.append(dict(zip(_COLUMNS[COEFFICIENTS], values, strict=True)))
    counts = [str(len(blocks.test)), str(int(data.labels[blocks.test].sum()))]
    metrics = [
        dict(
            zip(
                _COLUMNS[METRICS],
                [candidate.version, metric.name, metric.scorer, *_texts(metric), *counts],
                strict=True,
            )
        )
        for metric in candidate.metrics
    ]
    return {MODELS: [model], COEFFICIENTS: coefficients, METRICS: metrics}


def write(settings: Settings, candidate: Candidate, business_zone: str) -> Path:
    """Write the candidate's folder, whole or not at all; returns it. The same model stays."""
    target = folder(settings) / candidate.version
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=target.parent))
    try:
        for name, rows in rows_of(candidate, business_zone).items():
            (draft / f"{name}.csv").write_text(as_csv(name, rows), encoding="utf-8")
        (draft / "report.md").write_text(report(candidate), encoding="utf-8")
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return target


def read(settings: Settings, version: str) -> dict[str, Rows]:
    """The rows of a candidate. Raises ScoreModelError when there is none of that name."""
    found = sorted(path.name for path in folder(settings).glob("[!.]*") if path.is_dir())
    if version not in found:
        raise ScoreModelError(
            f"No candidate {version!r} in {folder(settings)};"
            f" there are: {', '.join(found) or 'none'}."
        )
    return {name: read_rows(folder(settings) / version / f"{name}.csv") for name in _COLUMNS}


def read_rows(file: Path) -> Rows:
    """Rows of a CSV file with a header."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def as_csv(name: str, rows: Iterable[Mapping[str, str]]) -> str:
    """Rows of one of the three seeds as the text of its file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS[name], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def report(candidate: Candidate) -> str:
    """What a person reads before deciding: verdict first, then metrics, then points."""
    data, deciding = candidate.dataset, candidate.deciding
    verdict = (
        "may be promoted: better than the rule score, chance aside"
        if candidate.may_be_promoted
        else "must not be promoted: no better than the rule score, chance aside"
    )
    lines = [
        f"# {candidate.version}",
        "",
        f"**{verdict}.** {deciding.name} learned - rule: {_shown(deciding)}.",
        "",
        f"{len(candidate.blocks.train)} leads to fit, {len(candidate.blocks.calibration)} to"
        f" calibrate, {len(candidate.blocks.test)} to judge;"
        f" {candidate.blocks.n_embargoed} in the embargo between,"
        f" {candidate.blocks.n_same_person} left out as the same person.",
        "Only leads that were looked at are in it: what a lead nobody called would have done is not"
        " known.",
        "",
        f"| metric on the test block | scorer | value ({data.design.confidence_percent} %) |",
        "|---|---|---|",
        *(f"| {m.name} | {m.scorer} | {_shown(m)} |" for m in candidate.metrics),
        "",
        "| item | points today | suggested | interval |",
        "|---|---|---|---|",
    ]
    today = {feature.name: feature.points for feature in data.features}
    lines += [
        f"| {term.feature} | {today[term.feature]} | {term.points[0]} |"
        f" {term.points[1]} – {term.points[2]} |"
        for term in candidate.terms
        if term.points
    ]
    return "\n".join(lines) + "\n"


def _shown(metric: Metric) -> str:
    return f"{metric.value:.3f} ({metric.low:.3f} – {metric.high:.3f})"


def _texts(metric: Metric) -> list[str]:
    return [f"{number:.9f}" for number in (metric.value, metric.low, metric.high)]


def _decimal(number: float | None) -> str:
    return "" if number is None else f"{number:.{DECIMALS}f}"
