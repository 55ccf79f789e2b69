"""From a candidate's folder to seeds/rules: shown beside the rule score, promoted, retired.

Belongs here: which rows may be written, and when that is refused. Does not belong here: training.
A change is a closed row and a new one, as everywhere in seeds/rules; no row is ever deleted.
"""

from datetime import date
from pathlib import Path

from dagster_project.lib.score_model import store
from dagster_project.lib.score_model.dataset import ScoreModelError
from dagster_project.lib.settings import Settings

RULES_FOLDER = Path("seeds/rules")


def enter(settings: Settings, version: str) -> None:
    """Add the rows of a candidate to seeds/rules, as a candidate: scored, nobody is called by it.

    The candidate of the same design before it is retired from that day on; one of the same day was
    a candidate for no time at all, and its row says so. Raises ScoreModelError.
    """
    found = store.read(settings, version)
    rules = _rules(settings)
    if any(row["model_version"] == version for row in rules[store.MODELS]):
        raise ScoreModelError(f"{version} is in seeds/rules already.")
    (new,) = found[store.MODELS]
    for row in _open(rules, new["design"], "candidate"):
        if row["valid_from"] == new["valid_from"]:
            row["status"] = "retired"
        elif row["valid_from"] > new["valid_from"]:
            raise ScoreModelError(
                f"{row['model_version']} was trained on newer data ({row['valid_from']}): retire it"
                f" before entering {version}."
            )
        else:
            _succeed(rules, row, "retired", "", date.fromisoformat(new["valid_from"]))
    for name, rows in found.items():
        rules[name] += rows
    _write(settings, rules)


def promote(settings: Settings, version: str, approved_by: str, day: date) -> None:
    """Make a candidate of seeds/rules the model in force from `day` on, approved by somebody.

    The promoted model of the same design before it is retired. Raises ScoreModelError unless the
    interval of the deciding metric's difference to the rule score is above 0, or when nobody
    approves.
    """
    if not approved_by.strip():
        raise ScoreModelError("Name who approves: --by.")
    if "@" in approved_by:
        raise ScoreModelError(
            "Name the role or the user id that approves, not an address: --by is published in"
            " marts.mart_score_model_report, where personal data must not be."
        )
    rules = _rules(settings)
    row = _open_row(rules, version)
    if row["status"] != "candidate":
        raise ScoreModelError(f"{version} is {row['status']}, only a candidate can be promoted.")
    metric = _deciding_metric(settings, row["design"])
    low = _lower_bound(rules, version, metric)
    if not low > 0:
        raise ScoreModelError(
            f"Refused: {version} is not better than the rule score, chance aside. The lower bound"
            f" of the difference in {metric} is {low:.3f} and must be above 0. More matured leads,"
            " or better features, may get there; a second look at the same leads will not."
        )
    for earlier in _open(rules, row["design"], "promoted"):
        _succeed(rules, earlier, "retired", earlier["approved_by"], day)
    _succeed(rules, row, "promoted", approved_by, day)
    _write(settings, rules)


def retire(settings: Settings, version: str, day: date) -> None:
    """Stop scoring a model from `day` on. Raises ScoreModelError."""
    rules = _rules(settings)
    row = _open_row(rules, version)
    _succeed(rules, row, "retired", row["approved_by"], day)
    _write(settings, rules)


def _succeed(
    rules: dict[str, store.Rows], row: dict[str, str], status: str, approved_by: str, day: date
) -> None:
    """Close a row of score_model on `day` and go on with another status."""
    if day <= date.fromisoformat(row["valid_from"]):
        raise ScoreModelError(
            f"{row['model_version']} is {row['status']} since {row['valid_from']}:"
            " name a later day."
        )
    row["valid_to"] = day.isoformat()
    rules[store.MODELS].append(
        row
        | {
            "status": status,
            "approved_by": approved_by,
            "valid_from": day.isoformat(),
            "valid_to": "",
        }
    )


def _open(rules: dict[str, store.Rows], design: str, status: str) -> store.Rows:
    return [
        row
        for row in rules[store.MODELS]
        if (row["design"], row["status"], row["valid_to"]) == (design, status, "")
    ]


def _open_row(rules: dict[str, store.Rows], version: str) -> dict[str, str]:
    for row in rules[store.MODELS]:
        if row["model_version"] == version and not row["valid_to"]:
            return row
    raise ScoreModelError(
        f"{version} is not in seeds/rules/score_model.csv: enter it first"
        f" (python -m dagster_project.score_model enter {version})."
    )


def _deciding_metric(settings: Settings, design: str) -> str:
    designs = store.read_rows(_file(settings, "score_model_design"))
    for row in designs:
        if row["design"] == design and not row["valid_to"]:
            return row["promotion_metric"]
    raise ScoreModelError(
        f"The design {design} is no longer in force in seeds/rules/score_model_design.csv: what a"
        " model of it must be better in is not said."
    )


def _lower_bound(rules: dict[str, store.Rows], version: str, metric: str) -> float:
    wanted = (version, metric, "difference")
    for row in rules[store.METRICS]:
        if (row["model_version"], row["metric"], row["scorer"]) == wanted:
            return float(row["value_low"])
    raise ScoreModelError(f"{version} was not judged by {metric}: train anew.")


def _rules(settings: Settings) -> dict[str, store.Rows]:
    names = (store.MODELS, store.COEFFICIENTS, store.METRICS)
    return {name: store.read_rows(_file(settings, name)) for name in names}


def _write(settings: Settings, rules: dict[str, store.Rows]) -> None:
    for name, rows in rules.items():
        file = _file(settings, name)
        draft = file.with_name(f".{file.name}.tmp")
        draft.write_text(store.as_csv(name, rows), encoding="utf-8")
        draft.replace(file)


def _file(settings: Settings, name: str) -> Path:
    return settings.project_root / RULES_FOLDER / f"{name}.csv"
