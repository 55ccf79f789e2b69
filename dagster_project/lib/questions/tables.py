"""Between DuckDB and the estimators: rows in, Arrow tables out, for the dbt Python models.

Rows are put in an order of their own before anything is computed, and results are rounded, so that
the order of the input and the last bits of a sum change nothing.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyRelation

from dagster_project.lib.questions import case_mix, mix_skill

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
