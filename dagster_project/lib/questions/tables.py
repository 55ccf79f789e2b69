"""Between DuckDB and the estimators: rows in, Arrow tables out, for the dbt Python models.

Rows are put in an order of their own before anything is computed, and results are rounded, so that
the order of the input and the last bits of a sum change nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import duckdb
import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyRelation

from dagster_project.lib.questions import case_mix, mix_skill, speed_effect

Policy = Mapping[str, float]

_DIGITS = 9
_ERRORS = pa.schema(
    [("comparison_key", pa.string()), ("measure", pa.string()), ("standard_error", pa.float64())]
)
_EXPECTED = pa.schema(
    [
        ("enquiry_lead_key", pa.string()),
        ("expected_by_quality", pa.float64()),
        ("expected_by_quality_and_speed", pa.float64()),
    ]
)

_RESPONSE_FIELDS = """
    policy_id, lead_key, person_key, response_hours, has_converted, n_earlier_touches,
    is_out_of_hours, is_ripened, behaviour_points, attribute_points, channel_family,
    coalesce(user_id, '-'), date_trunc('quarter', started_at)
"""
_DIAGNOSTICS = (
    "ripened_share", "overlap_share", "instrument_f", "instrument_imbalance", "e_value",
)  # fmt: skip
_POINTS = ("adjusted", "placebo", "instrument")
_SPEED = pa.schema(
    [
        ("policy_id", pa.string()),
        ("verdict", pa.string()),
        ("reason", pa.string()),
        *((name, pa.int64()) for name in ("n_leads", "n_contacted", "n_never", "n_converted")),
        *((f"{name}_pp{end}", pa.float64()) for name in _POINTS for end in ("", "_low", "_high")),
        *((name, pa.float64()) for name in _DIAGNOSTICS),
        *((name, pa.int64()) for name in ("n_fast", "k_fast", "n_slow", "k_slow")),
    ]
)


def policy(parameters: DuckDBPyRelation, measure: str) -> Policy:
    """The numbers of seeds/rules/measure_policy.csv in force for a measure."""
    rows = parameters.project("measure, parameter, param_value").fetchall()
    return {name: float(value) for of, name, value in rows if of == measure}


def diagnosis_errors(
    comparisons: DuckDBPyRelation, speed_bands: DuckDBPyRelation, policy: Policy
) -> pa.Table:
    """Standard errors of the effects of each comparison (int_questions__comparisons)."""
    order = dict(speed_bands.project("speed_band, band_order").fetchall())
    fields = "comparison_key, cell_key, speed_band, n_before, k_before, n_now, k_now"
    rows = sorted(comparisons.project(fields).fetchall())
    found = []
    for key, group in groupby(rows, key=itemgetter(0)):
        counts, has_speed = comparison_counts(list(group), order)
        for measure, error in mix_skill.bootstrap_errors(
            counts, int(policy["bootstrap_samples"])
        ).items():
            is_known = not np.isnan(error) and (has_speed or measure not in ("speed", "skill"))
            found.append((key, measure, round(error, _DIGITS) if is_known else None))
    return _table(found, _ERRORS)


def expected_conversions(mqls: DuckDBPyRelation, policy: Policy) -> pa.Table:
    """Expected probability of every MQL, by its quality and month, and by its speed as well.

    mqls: enquiry_lead_key, has_converted, score_band, channel_family, fit, mql_month, speed_band.
    """
    rows = sorted(mqls.fetchall(), key=itemgetter(0))
    if not rows:
        return _table([], _EXPECTED)
    keys, converted, *kinds = zip(*rows, strict=True)
    words = [[str(word) for word in column] for column in kinds]
    labels = np.array(converted, dtype=int)
    ridge = policy["ridge"]
    by_quality = case_mix.expected(labels, words[:-1], ridge)
    by_both = case_mix.expected(labels, words, ridge)
    return _table(
        list(zip(keys, by_quality.round(_DIGITS), by_both.round(_DIGITS), strict=True)), _EXPECTED
    )


def speed_estimates(responses: DuckDBPyRelation, policy: Policy) -> pa.Table:
    """The effect of halving the time to first contact, for every clock of int_questions__responses.

    Only leads that had their full horizon, were no SQL when the clock began, and did not become one
    before anybody contacted them, max_leads of them at most. Without a score nothing is estimated:
    hot leads go first.
    """
    known = "is_mature and not is_sql_already and not is_self_converted and has_contacts"
    kept = responses.filter(f"{known} and behaviour_points is not null").project(_RESPONSE_FIELDS)
    rules = speed_effect.Rules(
        int(policy["min_leads"]),
        int(policy["min_class"]),
        policy["max_width_pp"],
        policy["max_ripened_percent"],
        policy["min_overlap_percent"],
        policy["min_instrument_f"],
        policy["floor_minutes"],
        policy["ridge_thousandths"] / 1000,
    )
    found = []
    for (policy_id,) in sorted(kept.project("policy_id").distinct().fetchall()):
        # Keys are hashes: the first of them are a sample that no order of rows changes.
        own = kept.filter(
            duckdb.ColumnExpression("policy_id") == duckdb.ConstantExpression(policy_id)
        )
        rows = own.order("lead_key").limit(int(policy["max_leads"])).fetchall()
        leads = response_arrays(rows, int(policy["min_group"]))
        found.append((policy_id, *_speed_row(leads, speed_effect.estimate(leads, rules))))
    return _table(found, _SPEED)


def response_arrays(rows: Sequence[tuple], min_group: int) -> speed_effect.Responses:
    """The arrays of one clock, from rows of _RESPONSE_FIELDS.

    Known of a lead: its points, straight and squared, channel family, SDR and quarter. A word that
    fewer than min_group leads have is one of the rest. The placebo is more visits than the median.
    """
    _, _, person, hours, converted, touches, late, ripe, behaviour, attribute, *words = zip(
        *rows, strict=True
    )
    points = np.column_stack([behaviour, attribute]).astype(float) / 10
    kinds = [_frequent([str(word) for word in column], min_group) for column in words]
    earlier = np.array(touches)
    return speed_effect.Responses(
        hours=np.array([np.nan if value is None else float(value) for value in hours]),
        converted=np.array(converted, dtype=int),
        placebo=(earlier > np.median(earlier)).astype(int),
        covariates=np.column_stack([points, points**2, case_mix.dummies(kinds)]),
        out_of_hours=np.array(late, dtype=int),
        clusters=np.unique([str(one) for one in person], return_inverse=True)[1],
        is_ripened=np.array(ripe, dtype=bool),
    )


def _speed_row(leads: speed_effect.Responses, effect: speed_effect.SpeedEffect) -> tuple:
    """Verdict, figures in percentage points, and the counts of the naive split at the median."""
    figures = []
    for part in (effect.adjusted, effect.placebo, effect.instrument):
        bounds = (None,) * 3 if part is None else (part.value, part.low, part.high)
        figures += [None if bound is None else round(100 * bound, _DIGITS) for bound in bounds]
    others = (
        effect.ripened, effect.overlap, effect.instrument_f, effect.imbalance, effect.e_value
    )  # fmt: skip
    moved = leads.is_moved
    fast = moved & (leads.hours <= np.median(leads.hours[moved])) if moved.any() else moved
    slow = moved & ~fast
    return (
        effect.verdict,
        effect.reason,
        len(leads.hours),
        int(moved.sum()),
        int(np.isnan(leads.hours).sum()),
        int(leads.converted.sum()),
        *figures,
        *(None if value is None else round(value, _DIGITS) for value in others),
        int(fast.sum()),
        int(leads.converted[fast].sum()),
        int(slow.sum()),
        int(leads.converted[slow].sum()),
    )


def _frequent(words: Sequence[str], min_group: int) -> list[str]:
    counts = Counter(words)
    return [word if counts[word] >= min_group else "(rest)" for word in words]


def comparison_counts(
    rows: Sequence[tuple], order: dict[str, int]
) -> tuple[mix_skill.Counts, bool]:
    """Counts of the rows of one comparison (key, cell, band, n and k before, n and k now).

    order: speed bands, fastest first. The flag: every band is one of them, contacts are delivered.
    """
    cells = {cell: place for place, cell in enumerate(sorted({row[1] for row in rows}))}
    bands = sorted(
        {*order, *(row[2] for row in rows)}, key=lambda band: order.get(band, len(order) + 1)
    )
    columns = {band: place for place, band in enumerate(bands)}
    counts = np.zeros((4, len(cells), len(bands)), dtype=np.int64)
    for _, cell, band, *numbers in rows:
        counts[:, cells[cell], columns[band]] += numbers
    return mix_skill.Counts(*counts), columns.keys() == order.keys()


def _table(rows: Sequence[tuple], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )
