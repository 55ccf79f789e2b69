"""What a learned score may be trained on: read from the built warehouse, and refused when it leaks.

Belongs here: the arrays the trainer works on, and their checks. Does not belong here: how a feature
is computed (dbt/models/intermediate/scoring), and what is done with the arrays (training.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np

from dagster_project.lib import builds
from dagster_project.lib.settings import Settings


class ScoreModelError(ValueError):
    """Nothing can be trained, scored or promoted; the message says why and what to do."""


class FeatureLeakError(ScoreModelError):
    """A feature knows what nobody knew at the snapshot; training on it would be looking ahead."""


class NotEnoughDataError(ScoreModelError):
    """Too few leads have matured, or an extract is missing: no model, and no wrong one either."""


@dataclass(frozen=True)
class Design:
    """One row of seeds/rules/score_model_design.csv in force; its YAML says what each number is."""

    design: str
    label_stage: str
    horizon_days: int
    train_percent: int
    calibration_percent: int
    l2_penalty: float
    min_class_rows: int
    promotion_metric: str
    confidence_percent: int
    metric_samples: int
    coefficient_samples: int
    lift_percent: int
    calibration_bins: int
    dice_seed: int


@dataclass(frozen=True)
class Feature:
    """One column of the design matrix.

    item        the score item it counts, None for anything else
    max_count   the most it can count
    points      what one occurrence is worth on today's card, None for anything but an item
    """

    name: str
    is_nonnegative: bool
    item: str | None = None
    max_count: int = 1
    points: int | None = None


@dataclass(frozen=True)
class Dataset:
    """Matured examples, in the order of (snapshot_at, lead key). n rows, k features.

    values       float (n, k)
    labels       int (n,), 1 = the label stage was reached within the horizon
    snapshot_at  datetime64[us] (n,), UTC; when each lead was looked at
    due_at       datetime64[us] (n,), UTC; when its label was final
    groups       int (n,), the same number for the leads of one person
    rule_points  float (n,), the 60/40 rule score at the snapshot
    capacity     leads that the SDRs of the as-of day can call in a workday, None = unknown
    workdays     datetime64[D] of every workday of the business calendar
    as_of        "now" of the warehouse (UTC)
    """

    design: Design
    features: tuple[Feature, ...]
    values: np.ndarray
    labels: np.ndarray
    snapshot_at: np.ndarray
    due_at: np.ndarray
    groups: np.ndarray
    rule_points: np.ndarray
    capacity: float | None
    workdays: np.ndarray
    as_of: datetime


_DESIGN = """
with as_of as (select cast(as_of as date) as today from warehouse.intermediate.int_time__as_of)
select design, label_stage, horizon_days, train_percent, calibration_percent, l2_penalty::double,
    min_class_rows, promotion_metric, confidence_percent, metric_samples, coefficient_samples,
    lift_percent, calibration_bins, dice_seed
from warehouse.rules.score_model_design, as_of
where valid_from <= today and today < coalesce(valid_to, date '9999-12-31')
    and (? is null or design = ?)
order by design
"""
_FEATURES = """
with as_of as (select cast(as_of as date) as today from warehouse.intermediate.int_time__as_of),
items as (
    select score_item, max_count, points from warehouse.rules.score_item, as_of
    where valid_from <= today and today < coalesce(valid_to, date '9999-12-31')
)
select feature, coefficient_sign = 'nonnegative', score_item, coalesce(max_count, 1), points
from warehouse.rules.score_model_feature as features cross join as_of
left join items on features.feature_kind = 'score_item' and features.source_value = items.score_item
where valid_from <= today and today < coalesce(valid_to, date '9999-12-31')
order by feature
"""
_EXAMPLES = """
select lead_key, coalesce(person_key, lead_key) as group_key, snapshot_at, label_due_at, has_label,
    rule_points::double as rule_points
from warehouse.intermediate.int_scoring__training_set
where design = ? and is_label_matured
order by snapshot_at, lead_key
"""
_VALUES = """
select features.lead_key, features.feature, features.feature_value::double as feature_value,
    features.occurred_at, features.known_at, features.snapshot_at, features.snapshot_known_at
from warehouse.intermediate.int_scoring__features as features
inner join warehouse.intermediate.int_scoring__training_set as examples
    on features.design = examples.design and features.lead_key = examples.lead_key
where features.snapshot_kind = 'entry' and features.design = ? and examples.is_label_matured
"""
_CAPACITY = """
select sum(users.daily_capacity)::double
from warehouse.intermediate.int_crm__user_periods as users
cross join warehouse.intermediate.int_time__as_of as as_of
where users.valid_from <= as_of.as_of
    and as_of.as_of < coalesce(users.valid_to, timestamp '9999-12-31')
    and lower(users.role) in (
        select roles.user_role from warehouse.rules.user_role as roles
        inner join warehouse.rules.score_model_design as designs
            on roles.side = designs.capacity_side
        where designs.design = ?
    )
"""


def read(settings: Settings, design: str | None = None) -> Dataset:
    """Read what `design` (default: the only one) may be trained on, from the built warehouse.

    Opens the warehouse read-only. Raises ScoreModelError for an unknown design, FeatureLeakError,
    NotEnoughDataError, and duckdb.IOException when a run has the file open.
    """
    with builds.open_warehouse(settings) as connection:
        chosen = _design(connection, design)
        features = tuple(Feature(*row) for row in connection.execute(_FEATURES).fetchall())
        ((as_of,),) = connection.execute(
            "select as_of from warehouse.intermediate.int_time__as_of"
        ).fetchall()
        examples = connection.execute(_EXAMPLES, [chosen.design]).fetchnumpy()
        values = connection.execute(_VALUES, [chosen.design]).fetchnumpy()
        ((capacity,),) = connection.execute(_CAPACITY, [chosen.design]).fetchall()
        workdays = connection.execute(
            "select date from warehouse.reference.business_calendar where is_workday order by date"
        ).fetchnumpy()["date"]
    refuse_leaks(values)
    return Dataset(
        design=chosen,
        features=features,
        values=design_matrix(examples["lead_key"], values, [f.name for f in features]),
        labels=examples["has_label"].astype(np.int64),
        snapshot_at=examples["snapshot_at"],
        due_at=examples["label_due_at"],
        groups=np.unique(examples["group_key"].astype(str), return_inverse=True)[1],
        rule_points=np.ma.filled(np.ma.asarray(examples["rule_points"]), np.nan),
        capacity=capacity,
        workdays=workdays.astype("datetime64[D]"),
        as_of=as_of,
    )


def refuse_leaks(values: Mapping[str, np.ndarray]) -> None:
    """Raise FeatureLeakError when anything behind a value lies after its snapshot.

    values: columns feature, occurred_at, known_at, snapshot_at, snapshot_known_at of equal length;
    an instant that is missing (masked or NaT) stands for a value that rests on nothing.
    """
    leaks = []
    for what, limit in (("occurred_at", "snapshot_at"), ("known_at", "snapshot_known_at")):
        instants = np.ma.filled(np.ma.asarray(values[what]), np.datetime64("NaT"))
        # A comparison with NaT is False: nothing is behind that value.
        late = instants > np.ma.filled(np.ma.asarray(values[limit]), np.datetime64("NaT"))
        names, counts = np.unique(values["feature"][late].astype(str), return_counts=True)
        verb = "happened" if what == "occurred_at" else "was known only"
        leaks += [
            f"{name} {verb} after the snapshot in {count} rows"
            for name, count in zip(names, counts, strict=True)
        ]
    if leaks:
        raise FeatureLeakError(
            "Refused to train on the future: "
            + "; ".join(leaks)
            + ". A feature may use only what had happened and was known at the snapshot: mend its"
            " model in dbt/models/intermediate/scoring, or take it out of"
            " seeds/rules/score_model_feature.csv."
        )


def design_matrix(
    lead_keys: Sequence[str], values: Mapping[str, np.ndarray], features: Sequence[str]
) -> np.ndarray:
    """The values as a float array: a row per lead, a column per feature, in the given orders.

    values: columns lead_key, feature, feature_value. Raises NotEnoughDataError when a value is
    missing or not computable.
    """
    row_of = {key: row for row, key in enumerate(lead_keys)}
    column_of = {name: column for column, name in enumerate(features)}
    matrix = np.full((len(row_of), len(column_of)), np.nan)
    numbers = np.ma.filled(np.ma.asarray(values["feature_value"]), np.nan)
    for key, name, number in zip(values["lead_key"], values["feature"], numbers, strict=True):
        matrix[row_of[key], column_of[name]] = number
    missing = [name for name, column in column_of.items() if np.isnan(matrix[:, column]).any()]
    if missing:
        raise NotEnoughDataError(
            f"Not computable for every lead: {', '.join(missing)}. Deliver the extracts that"
            " marts.mart_coverage names for E08."
        )
    return matrix


def _design(connection: duckdb.DuckDBPyConnection, name: str | None) -> Design:
    rows: list[tuple[Any, ...]] = connection.execute(_DESIGN, [name, name]).fetchall()
    if len(rows) != 1:
        raise ScoreModelError(
            f"{len(rows)} designs in force are called {name!r}: name one of"
            " seeds/rules/score_model_design.csv."
            if name or rows
            else "No design is in force in seeds/rules/score_model_design.csv."
        )
    return Design(*rows[0])
