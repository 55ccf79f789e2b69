"""Acceptance suites: `expectations/<schema>/<table>.yml`, judged by Great Expectations.

A suite says in words that ops can read what is accepted of one raw extract or one mart: volume,
ranges, proportions, sums across tables. Keys, references and accepted values are dbt's business.

    table: marts.fct_cost               # schema.table, as the folder and the file name say
    description: What this table is and what ops rely on.
    expectations:
      - name: no_negative_cost          # unique in the file; the name of the asset check
        type: expect_column_values_to_be_between
        kwargs: {column: cost_cents, min_value: 0}
        severity: critical              # critical blocks what comes after, warning only tells
        notes: A cost line is never negative; a rebate is in its own column.
      - name: cost_conserved            # `query`: judged is its result, not the table's rows
        query: select ... from {table} ...
        ...

Why a query: a big fact costs one aggregate in DuckDB instead of a pandas frame, and only so can one
check look at two tables. `{table}` is the suite's own table. Without a query only the columns that
`kwargs` name are loaded.

Great Expectations is imported inside functions: its import takes seconds, and every Dagster process
imports this module to learn the names of the checks. Results hold counts, never a cell's value.
"""

import contextlib
import numbers
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

SEVERITIES = ("critical", "warning")
_REQUIRED = {"name", "type", "severity", "notes"}
_ALLOWED = _REQUIRED | {"kwargs", "query"}
_COUNTS = ("element_count", "missing_count", "unexpected_count", "unexpected_percent")


class SuiteError(ValueError):
    """A suite can't be used or judged; the message names the file, the expectation, the remedy."""


@dataclass(frozen=True)
class Expectation:
    """One sentence of a suite; the fields are those of the YAML."""

    name: str
    type: str
    severity: str
    notes: str
    kwargs: dict[str, Any]
    query: str | None = None


@dataclass(frozen=True)
class Suite:
    """All expectations of one table, in the order of the file."""

    schema: str
    table: str
    description: str
    expectations: tuple[Expectation, ...]
    path: Path


@dataclass(frozen=True)
class Outcome:
    """How one expectation fared. counts: numbers of rows and aggregates; asked: the bounds."""

    schema: str
    table: str
    name: str
    severity: str
    notes: str
    passed: bool
    counts: dict[str, float]
    asked: str = ""
    skipped: str | None = None

    @property
    def sentence(self) -> str:
        """The outcome in one line: table, check, and how many rows or what number."""
        said = ", ".join(f"{key} {value:,g}" for key, value in self.counts.items())
        meaning = f" — {self.notes}" if self.notes else ""
        return f"{self.schema}.{self.table}: {self.name} ({said or 'no counts'}){meaning}"


def load_suites(folder: Path, schema: str) -> list[Suite]:
    """Read every `folder`/`schema`/*.yml, in the order of their names.

    Raises SuiteError for a file that is not in the shape described above. Whether a `type` exists
    is only known to Great Expectations: see `judge`.
    """
    return [_load(path, schema) for path in sorted((folder / schema).glob("*.yml"))]


def judge(suite: Suite, connection: duckdb.DuckDBPyConnection, relation: str) -> list[Outcome]:
    """Hold one table against its suite.

    connection: sees `relation` (what `{table}` becomes) and all that the queries name; not changed.
    Raises SuiteError when an expectation is unknown or could not be evaluated: that says nothing
    about the data, hence must not look like a failed check.
    """
    asset = _pandas().add_dataframe_asset(f"{suite.schema}.{suite.table}@{time.perf_counter_ns()}")
    definition = asset.add_batch_definition_whole_dataframe("whole")
    outcomes = {}
    for query, expectations in _batches(suite, relation):
        with _explained(suite, expectations):
            frame = connection.sql(query).df()
        batch = definition.get_batch({"dataframe": frame})
        results = batch.validate(_gx_suite(suite, expectations), result_format="SUMMARY").results
        # Great Expectations answers in an order of its own.
        by_name = {result.expectation_config.meta["name"]: result for result in results}
        for expectation in expectations:
            result = by_name[expectation.name]
            _raise_if_not_evaluated(suite, expectation, result)
            outcomes[expectation.name] = _outcome(suite, expectation, result, frame)
    return [outcomes[expectation.name] for expectation in suite.expectations]


def skipped(suite: Suite, why: str) -> list[Outcome]:
    """The outcomes of a suite whose table is absent: nothing failed, and `why` is said."""
    return [
        Outcome(suite.schema, suite.table, e.name, e.severity, e.notes, True, {}, skipped=why)
        for e in suite.expectations
    ]


def verify(suite: Suite) -> None:
    """Build the suite in Great Expectations without data; SuiteError when it does not take it."""
    _gx_suite(suite, suite.expectations)


def _load(path: Path, schema: str) -> Suite:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise SuiteError(f"{path}: not YAML: {error}") from error
    expected = f"{schema}.{path.stem}"
    if not isinstance(content, dict) or content.get("table") != expected:
        raise SuiteError(f"{path}: must begin with `table: {expected}`")
    if unknown := content.keys() - {"table", "description", "expectations"}:
        raise SuiteError(f"{path}: unknown keys {sorted(unknown)}")
    raw = content.get("expectations")
    if not isinstance(raw, list) or not raw:
        raise SuiteError(f"{path}: `expectations` must be a list with at least one entry")
    found = tuple(_expectation(path, entry) for entry in raw)
    names = [expectation.name for expectation in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SuiteError(f"{path}: names must be unique, used twice: {twice}")
    return Suite(schema, path.stem, str(content.get("description", "")).strip(), found, path)


def _expectation(path: Path, entry: Any) -> Expectation:
    name = entry.get("name", "?") if isinstance(entry, dict) else "?"
    if not isinstance(entry, dict) or (missing := _REQUIRED - entry.keys()):
        raise SuiteError(f"{path}: expectation {name!r} lacks {sorted(missing or _REQUIRED)}")
    if unknown := entry.keys() - _ALLOWED:
        raise SuiteError(f"{path}: expectation {name!r} has unknown keys {sorted(unknown)}")
    if not str(name).isidentifier():
        raise SuiteError(f"{path}: {name!r} must be letters, digits and underscores")
    if entry["severity"] not in SEVERITIES:
        raise SuiteError(f"{path}: expectation {name!r}: severity must be one of {SEVERITIES}")
    notes = " ".join(str(entry["notes"]).split())
    kwargs = dict(entry.get("kwargs") or {})
    return Expectation(name, entry["type"], entry["severity"], notes, kwargs, entry.get("query"))


def _batches(suite: Suite, relation: str) -> Iterator[tuple[str, list[Expectation]]]:
    """Queries to run and the expectations that each result is held against."""
    own = [expectation for expectation in suite.expectations if expectation.query is None]
    if own:
        columns = sorted({column for e in own for column in _columns(e.kwargs)})
        chosen = ", ".join('"' + c.replace('"', '""') + '"' for c in columns) or "1 as one"
        yield f"select {chosen} from {relation}", own
    for expectation in suite.expectations:
        if expectation.query is not None:
            yield expectation.query.replace("{table}", relation), [expectation]


def _columns(kwargs: dict[str, Any]) -> list[str]:
    """Names of columns in the arguments of an expectation."""
    named = [kwargs[key] for key in ("column", "column_A", "column_B") if key in kwargs]
    for key in ("column_list", "column_set"):
        named += kwargs.get(key, [])
    return named


@contextlib.contextmanager
def _explained(suite: Suite, expectations: Sequence[Expectation]) -> Iterator[None]:
    """Turn DuckDB's complaint into a SuiteError; only messages that can't quote data are kept."""
    try:
        yield
    except duckdb.Error as error:
        harmless = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)
        said = str(error).split("\n")[0] if isinstance(error, harmless) else type(error).__name__
        names = ", ".join(expectation.name for expectation in expectations)
        raise SuiteError(f"{suite.path}: {names}: {said}") from None


def _raise_if_not_evaluated(suite: Suite, expectation: Expectation, result: Any) -> None:
    """An exception inside Great Expectations looks like a failed check until one looks closely."""
    info = result.exception_info or {}
    # One dict for the whole result, or one per metric that failed.
    parts = [info] if "raised_exception" in info else list(info.values())
    if any(part.get("raised_exception") for part in parts):
        # The message may quote a cell; the kind of the error can't.
        trace = next(str(part.get("exception_traceback") or "") for part in parts).strip()
        kind = trace.splitlines()[-1].split(":")[0] if trace else "an error"
        raise SuiteError(
            f"{suite.path}: {expectation.name}: could not be evaluated ({kind}); check the columns'"
            " types: in raw extracts everything is text"
        )


def _outcome(suite: Suite, expectation: Expectation, result: Any, frame: Any) -> Outcome:
    """Keep what may be told: aggregates that a query computed, else numbers of rows."""
    if expectation.query is not None and len(frame) == 1:
        told = {str(column): frame[column].iloc[0] for column in frame.columns}
    elif expectation.type.startswith("expect_table"):
        told = {"observed": result.result.get("observed_value")}
    else:
        told = {key: result.result.get(key) for key in _COUNTS}
    return Outcome(
        suite.schema,
        suite.table,
        expectation.name,
        expectation.severity,
        expectation.notes,
        bool(result.success),
        {key: float(value) for key, value in told.items() if _is_count(value)},
        asked=_asked(expectation.kwargs),
    )


def _asked(kwargs: dict[str, Any]) -> str:
    """The bounds of an expectation for the eye, e.g. `email, mostly 0.9`."""
    columns = _columns(kwargs)
    others = {key: value for key, value in kwargs.items() if not key.startswith("column")}
    return ", ".join(columns + [f"{key} {value}" for key, value in others.items()])


def _is_count(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool) and value == value


def _gx_suite(suite: Suite, expectations: Sequence[Expectation]) -> Any:
    """A Great Expectations suite; it must hold as many expectations as were asked for."""
    import great_expectations as gx
    from great_expectations.exceptions import ExpectationNotFoundError
    from great_expectations.expectations.registry import get_expectation_impl

    built = []
    for expectation in expectations:
        try:
            kind = get_expectation_impl(expectation.type)
            built.append(
                kind(
                    **expectation.kwargs,
                    severity=expectation.severity,
                    notes=expectation.notes,
                    meta={"name": expectation.name},
                )
            )
        except ExpectationNotFoundError:
            raise SuiteError(
                f"{suite.path}: {expectation.name}: no such type {expectation.type!r}"
            ) from None
        except ValueError as error:  # pydantic's, about kwargs
            said = "; ".join(str(error).splitlines()[1:])
            raise SuiteError(f"{suite.path}: {expectation.name}: {said}") from None
    made = gx.ExpectationSuite(name=f"{suite.schema}.{suite.table}", expectations=built)
    if len(made.expectations) != len(expectations):
        raise SuiteError(
            f"{suite.path}: Great Expectations kept {len(made.expectations)} of"
            f" {len(expectations)} expectations; what it dropped is in the log"
        )
    return made


_context: Any = None


def _pandas() -> Any:
    """A pandas data source in an in-memory context, one per process."""
    global _context
    if _context is None:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        _context = gx.get_context(mode="ephemeral")
        _context.variables.progress_bars = ProgressBarsConfig(
            globally=False, metric_calculations=False
        )
        _context.data_sources.add_pandas("frames")
    return _context.data_sources.get("frames")
