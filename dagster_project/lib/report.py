"""What a person sees in the terminal: progress while a refresh works, and what came of it.

Belongs here: words and their layout. Does not belong here: what is done (run.py, the steps) or how
numbers come about (the marts). Standard library and duckdb only.
"""

import json
import math
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import duckdb

from dagster_project.lib.publishing import DUCKDB_FILE, current_manifest
from dagster_project.lib.settings import Settings
from dagster_project.lib.words import counted

# Seconds between two lines of progress when the output is not a terminal.
_QUIET_INTERVAL = 5.0
# Lines of a list of problems; the rest is counted.
_SHOWN = 10


class Progress:
    """Progress of one run: silent until `show_on` gives it a stream (run.py does)."""

    def __init__(self) -> None:
        self._stream: TextIO | None = None
        self._live = False
        self._last = 0.0
        self._steps = 0

    def show_on(self, stream: TextIO) -> None:
        """Write to `stream` from now on; on a terminal the line of a step is rewritten in place."""
        self._stream, self._live = stream, stream.isatty()

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[str], None]]:
        """Announce a step; yields a function that takes what the step is just doing.

        The last words told stay on the step's line, with the seconds it took.
        """
        began = time.monotonic()
        self._steps += 1
        label = f"[{self._steps}] {title}"
        self._line(label, "…", final=False, force=True)
        last = [""]

        def say(text: str) -> None:
            last[0] = text
            self._line(label, text, final=False)

        def close(word: str) -> None:
            told = f"{last[0]} · " if last[0] else ""
            self._line(label, f"{told}{word}{time.monotonic() - began:.1f} s", final=True)

        try:
            yield say
        except BaseException:
            close("stopped after ")
            raise
        close("")

    def _line(self, label: str, text: str, final: bool, force: bool = False) -> None:
        if self._stream is None:
            return
        if self._live:
            self._stream.write(f"\r\x1b[K{clipped(f'{label:<28}{text}', 110)}")
            self._stream.write("\n" if final else "")
        elif final or force or time.monotonic() - self._last > _QUIET_INTERVAL:
            self._last = time.monotonic()
            self._stream.write(f"{label:<28}{text}\n")
        self._stream.flush()


PROGRESS = Progress()


def clipped(text: str, width: int) -> str:
    """`text` cut to `width` terminal cells."""
    if cells(text) <= width:
        return text
    kept = ""
    for character in text:
        if cells(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


def cells(text: str) -> int:
    """Width in terminal cells: a Chinese character takes two, a combining mark none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]], text_columns: int = 1) -> str:
    """Align `rows` under `header`; the first `text_columns` to the left, numbers to the right."""
    lines = [list(header), *[list(row) for row in rows]]
    widths = [max(cells(line[i]) for line in lines) for i in range(len(header))]

    def laid_out(line: Sequence[str]) -> str:
        parts = []
        for i, (text, width) in enumerate(zip(line, widths, strict=True)):
            gap = " " * (width - cells(text))
            parts.append(text + gap if i < text_columns else gap + text)
        return "  ".join(parts).rstrip()

    rule = "  ".join("─" * width for width in widths)
    return "\n".join([laid_out(lines[0]), rule, *map(laid_out, lines[1:])])


_FUNNEL = """
select
    f.from_stage || ' → ' || f.to_stage, f.horizon_days,
    sum(n_entered), sum(n_mature), sum(n_converted), sum(n_converted_ever)
from marts.mart_funnel_cohort as f
left join marts.dim_stage as a on f.from_stage = a.stage
left join marts.dim_stage as b on f.to_stage = b.stage
group by f.from_stage, f.to_stage, f.horizon_days, a.stage_rank, b.stage_rank
order by a.stage_rank, b.stage_rank
"""
# Cost, leads and wins stand in the rows of every attribution model; they are taken from one. A row
# of the table is about the same cohorts in all its columns: the mature ones, unless there is none.
_ROI = """
with shown as (
    select * from marts.mart_channel_roi
    where revenue_basis = 'cash'
        and (is_mature or not exists (select 1 from marts.mart_channel_roi where is_mature))
)
select
    c.channel, coalesce(any_value(d.label_en), ''),
    sum(n_leads) filter (where attribution_model = 'linear'),
    sum(n_wins) filter (where attribution_model = 'linear'),
    sum(cost_minor) filter (where attribution_model = 'linear'),
    sum(revenue_minor) filter (where attribution_model = 'first_touch'),
    sum(revenue_minor) filter (where attribution_model = 'linear'),
    sum(revenue_minor) filter (where attribution_model = 'last_touch'),
    bool_and(is_mature),
    bool_or(ratio_status = 'not_computable'),
    bool_or(ratio_status = 'not_creditable')
from shown as c
left join marts.dim_channel as d on c.channel = d.channel
group by c.channel
order by any_value(d.display_order) nulls last, c.channel
"""
_ROI_SPAN = """
select
    min(strftime(cohort_month, '%Y-%m')) filter (where is_mature),
    max(strftime(cohort_month, '%Y-%m')) filter (where is_mature),
    any_value(currency)
from marts.mart_channel_roi
"""
# A figure of a closed month has a row per cause.
_RESTATED = """
with restated as (select * from marts.fct_restatement where build = ?)

select
    (select count(distinct (measure, business_month, channel)) from restated),
    any_value(cause_en), count(*)
from restated
group by cause
order by count(*) desc, cause
"""


def summary(settings: Settings) -> str:
    """The funnel, the channel ROI and where everything is, from what is published."""
    manifest = current_manifest(settings.published)
    if manifest is None:
        return "Nothing has been published yet."
    parts = []
    file = settings.published / manifest["version"] / DUCKDB_FILE
    with duckdb.connect(str(file), read_only=True) as connection:
        parts.append("Funnel (net enquiries; rates over cohorts old enough for the horizon)")
        parts.append(funnel_table(connection.execute(_FUNNEL).fetchall()))
        first, last, currency = connection.execute(_ROI_SPAN).fetchall()[0]
        cohorts = f"mature cohorts {first} to {last}" if first else "no mature cohort yet"
        parts.append(f"Channel ROI, {currency or ''} (cash received; {cohorts})")
        parts.append(roi_table(connection.execute(_ROI).fetchall()))
    if told := restated(settings):
        parts.append(told)
    if refused := _refused_files(settings):
        parts.append(refused)
    parts.append(_places(settings, manifest))
    return "\n" + "\n\n".join(parts)


def restated(settings: Settings) -> str:
    """How many figures of closed months the publication changed, and why; empty when none."""
    manifest = current_manifest(settings.published)
    if manifest is None or "fct_restatement" not in manifest["tables"]:
        return ""
    file = settings.published / manifest["version"] / DUCKDB_FILE
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(_RESTATED, [manifest["build"]["marts"]]).fetchall()
    if not rows:
        return ""
    causes = ", ".join(f"{cause} {number:,}" for _, cause, number in rows)
    return f"Restated: {counted(rows[0][0], 'figure')} of closed months ({causes})"


def funnel_table(rows: Sequence[Sequence[Any]]) -> str:
    """rows: step, horizon (days), entered, mature, converted in time, converted ever.

    The last two are None when no extract says whether anybody converted.
    """
    lines = []
    for step, horizon, entered, mature, converted, ever in rows:
        known = converted is not None and mature > 0
        low, high = wilson(converted or 0, mature)
        lines.append(
            [
                step,
                f"{horizon} d",
                f"{entered:,}",
                f"{mature:,}",
                _count(converted),
                _percent(converted / mature if known else None),
                f"{_percent(low)} – {_percent(high)}" if known else "–",
                _count(ever),
                "not_computable" if converted is None else "ok" if mature else "immature",
            ]
        )
    header = ["step", "within", "entered", "mature", "converted", "rate", "95 % interval"]
    return table([*header, "ever", "ratio_status"], lines)


def roi_table(rows: Sequence[Sequence[Any]]) -> str:
    """rows: what _ROI selects; money in minor units. A ratio without a value shows a dash."""
    lines = []
    for channel, label, leads, wins, cost, first, linear, last, is_mature, unknown, mute in rows:
        if unknown or cost is None or linear is None:
            status = "not_computable"
        elif not is_mature:
            status = "immature"
        elif cost <= 0:
            status = "no_spend"
        elif mute and not linear:
            status = "not_creditable"
        else:
            status = "ok" if linear else "no_cash"
        roi = (linear - cost) / cost if status in ("ok", "no_cash") else None
        money = [_money(amount) for amount in (cost, first, linear, last)]
        lines.append([channel, label, _count(leads), _count(wins), *money, _percent(roi), status])
    header = ["channel", "", "leads", "wins", "cost", "cash first", "cash linear", "cash last"]
    return (
        table([*header, "ROI", "ratio_status"], lines, text_columns=2)
        + "\nROI = (cash by linear touch - cost) / cost"
    )


def wilson(successes: int, n: int) -> tuple[float | None, float | None]:
    """95 % Wilson interval of a proportion; (None, None) for n = 0."""
    if not n:
        return None, None
    z = 1.959963984540054
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def failure(settings: Settings, problems: Sequence[str]) -> str:
    """What a person needs to know when a run failed. problems: plain sentences."""
    manifest = current_manifest(settings.published)
    shown = [f"  ✗ {problem}" for problem in problems[:_SHOWN]]
    if len(problems) > _SHOWN:
        shown.append(f"  … and {len(problems) - _SHOWN} more")
    kept = (
        f"The last good publication stays: {settings.published / 'current'} ({manifest['version']})"
        if manifest
        else "Nothing has been published yet."
    )
    page = settings.audit / "latest" / "index.html"
    return "\n".join(
        [
            "",
            "NOT PUBLISHED: a gate or a step failed.",
            *shown,
            "",
            kept,
            *([f"Check results: {page}"] if page.exists() else []),
            f"Logs: {settings.logs}",
        ]
    )


def _refused_files(settings: Settings) -> str:
    """Delivered files of which nothing could be landed, with the remedy; empty when there is none.

    The messages of the ledger never quote a cell.
    """
    ledger = settings.landing / "_ledger.parquet"
    if not ledger.exists():
        return ""
    rows = duckdb.execute(
        "select file, coalesce(message, status) from read_parquet(?)"
        " where status in ('failed', 'unknown') order by file",
        [str(ledger)],
    ).fetchall()
    if not rows:
        return ""
    shown = [f"  ! {file}: {message}" for file, message in rows[:_SHOWN]]
    if len(rows) > _SHOWN:
        shown.append(f"  … and {len(rows) - _SHOWN} more")
    return "\n".join([f"Not landed: {counted(len(rows), 'file')}; everything else was", *shown])


def _places(settings: Settings, manifest: dict[str, Any]) -> str:
    current = settings.published / "current"
    rows = sum(entry["rows"] for entry in manifest["tables"].values())
    places = [
        (
            "published",
            f"{current} -> {manifest['version']} ({len(manifest['tables'])} tables,"
            f" {rows:,} rows, data as of {manifest['data_as_of'] or 'unknown'})",
        ),
        ("", f"{current / DUCKDB_FILE} · one .parquet per table · manifest.json"),
        ("check results", f"{settings.audit / 'latest' / 'index.html'}{_attention(settings)}"),
        ("logs", str(settings.logs)),
        ("Dagster UI", "make dev, then http://127.0.0.1:3000"),
    ]
    return "\n".join(f"{name:<15}{place}" for name, place in places)


def _attention(settings: Settings) -> str:
    """How many checks of the last build only warned."""
    warned = 0
    for file in (settings.audit / "latest").glob("*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        outcomes = [o for t in content.get("tables", {}).values() for o in t["outcomes"]]
        warned += sum(not outcome["passed"] for outcome in outcomes)
        warned += sum(row["state"] == "warned" for row in content.get("results", []))
    return f" ({warned} to look at)" if warned else ""


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _count(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _money(minor: int | None) -> str:
    """Minor units as whole major units."""
    return "–" if minor is None else f"{minor / 100:,.0f}"
