"""One offline page per build with the results of every check; no script, no request, no cell.

Reads the JSON files that the checks left in the build's audit folder (`raw.json`, `marts.json`:
suites; `dbt_foundation.json`, `dbt_marts.json`: dbt) and writes `index.html` beside them. The
newest page is also reachable as `<home>/audit/latest`.
"""

import json
import os
from html import escape
from pathlib import Path
from typing import Any

from dagster_project.lib.builds import audit_folder
from dagster_project.lib.settings import Settings

_TITLES = {
    "raw": "Acceptance of the raw extracts",
    "dbt_foundation": "dbt: foundation (seeds, staging, intermediate)",
    "dbt_marts": "dbt: marts",
    "marts": "Acceptance of the marts",
}
_WORDS = {
    "passed": "passed",
    "failed": "FAILED",
    "warned": "warning",
    "skipped": "skipped",
}

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>leadhouse checks · {build}</title><style>
body {{ font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: #1c2430;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.4rem; margin: 0; }} h2 {{ font-size: 1.1rem; margin: 2rem 0 .5rem; }}
p.sub {{ color: #5a6472; margin: .2rem 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem;
  border-top: 1px solid #e3e7ec; }}
th {{ font-weight: 600; background: #f5f7f9; }}
td.n {{ font-variant-numeric: tabular-nums; white-space: nowrap; }}
summary {{ cursor: pointer; padding: .25rem 0; }} details {{ margin: .2rem 0; }}
.passed {{ color: #1b6e3c; }} .failed {{ color: #b3261e; font-weight: 700; }}
.warned {{ color: #8a5a00; font-weight: 600; }} .skipped {{ color: #5a6472; }}
small {{ color: #5a6472; }}
</style></head><body>
<h1>Checks of build {build}</h1>
<p class="sub">{summary} · only counts are kept here, never a cell of a row</p>
{attention}{sections}
</body></html>
"""


def write(settings: Settings, build: str) -> Path:
    """(Re)write the page of a build from the results that are there; returns its path."""
    folder = audit_folder(settings, build)
    results = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in _TITLES
        if (folder / f"{name}.json").exists()
    }
    page = folder / "index.html"
    page.write_text(render(build, results), encoding="utf-8")
    _point_latest(settings.audit / "latest", build)
    return page


def render(build: str, results: dict[str, dict[str, Any]]) -> str:
    """The page as text. results: per file name (without .json) its content."""
    rows = {name: list(_rows(content)) for name, content in results.items()}
    everything = [row for found in rows.values() for row in found]
    counted = {word: sum(row["state"] == word for row in everything) for word in _WORDS}
    plural = {"warned": "warnings"}
    summary = ", ".join(f"{n:,} {plural.get(word, word)}" for word, n in counted.items() if n)
    loud = [row for row in everything if row["state"] in ("failed", "warned")]
    attention = ""
    if loud:
        loud.sort(key=lambda row: row["state"] != "failed")
        attention = f"<h2>Needs attention</h2>{_table(loud, with_table=True)}"
    sections = "".join(
        f"<h2>{escape(_TITLES[name])}</h2>{_section(results[name], found)}"
        for name, found in rows.items()
    )
    return _PAGE.format(
        build=escape(build),
        summary=escape(summary or "no results yet"),
        attention=attention,
        sections=sections,
    )


def _rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Results of one file in one shape: table, name, state, told, asked, notes."""
    if "results" in content:
        return content["results"]
    return [
        {
            "table": f"{outcome['schema']}.{outcome['table']}",
            "name": outcome["name"],
            "state": _state(outcome),
            "told": outcome["skipped"] or _told(outcome["counts"]),
            "asked": outcome["asked"],
            "notes": outcome["notes"],
        }
        for table in content["tables"].values()
        for outcome in table["outcomes"]
    ]


def _state(outcome: dict[str, Any]) -> str:
    if outcome["skipped"]:
        return "skipped"
    if outcome["passed"]:
        return "passed"
    return "failed" if outcome["severity"] == "critical" else "warned"


def _told(counts: dict[str, float]) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {value:,.6g}" for key, value in counts.items())


def _section(content: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """One folded block per table; those with something to see are open."""
    blocks = []
    for table in sorted({row["table"] for row in rows}):
        own = [row for row in rows if row["table"] == table]
        states = {row["state"] for row in own}
        worst = next(
            state for state in ("failed", "warned", "skipped", "passed") if state in states
        )
        name = table.split(".")[-1]
        about = content.get("tables", {}).get(name, {}).get("description", "")
        opened = " open" if worst in ("failed", "warned") else ""
        passed = sum(row["state"] == "passed" for row in own)
        blocks.append(
            f"<details{opened}><summary><b>{escape(table)}</b>"
            f' <span class="{worst}">{_WORDS[worst]}</span>'
            f" <small>{passed} of {len(own)} passed</small></summary>"
            f'<p class="sub">{escape(about)}</p>{_table(own)}</details>'
        )
    return "".join(blocks)


def _table(rows: list[dict[str, Any]], with_table: bool = False) -> str:
    head = "<th>table</th>" if with_table else ""
    body = "".join(
        "<tr>"
        + (f"<td>{escape(row['table'])}</td>" if with_table else "")
        + f"<td>{escape(row['name'])}<br><small>{escape(row['notes'])}</small></td>"
        + f'<td class="{row["state"]}">{_WORDS[row["state"]]}</td>'
        + f'<td class="n">{escape(row["told"])}</td><td>{escape(row["asked"])}</td></tr>'
        for row in rows
    )
    return (
        f"<table><tr>{head}<th>check</th><th>result</th><th>found</th><th>accepted</th></tr>"
        f"{body}</table>"
    )


def _point_latest(link: Path, build: str) -> None:
    draft = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    draft.unlink(missing_ok=True)
    draft.symlink_to(build)
    draft.replace(link)
