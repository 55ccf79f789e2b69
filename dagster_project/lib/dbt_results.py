"""dbt's manifest and run results, read for people: what was tested, what failed, how many rows.

Belongs here: dictionaries in, sentences out. Does not belong here: running dbt (dbt_cli.py).
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.lib.words import counted

# A text in single quotes, or the key that a constraint complains about, may be a cell's value.
_QUOTED = re.compile(r"""'[^']*'|(?<=key )"[^"]*\"""")
_STATES = {
    "pass": "passed",
    "success": "passed",
    "warn": "warned",
    "skipped": "skipped",
    "no-op": "passed",
}


def manifest_node(manifest: Mapping[str, Any], unique_id: str) -> Mapping[str, Any]:
    """A model, seed, test or source of the manifest; empty when there is none."""
    return manifest["nodes"].get(unique_id) or manifest["sources"].get(unique_id) or {}


def page_rows(results: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """dbt's run results as rows of the results page: every test, and models that did not build.

    results: run_results.json, may be empty. No cell's value is in any row.
    """
    rows = []
    for result in results.get("results", []):
        node = manifest["nodes"].get(result["unique_id"])
        state = _STATES.get(result["status"], "failed")
        if node is None or (node["resource_type"] != "test" and state == "passed"):
            continue
        about = _tested(node, manifest)
        rows.append(
            {
                "table": f"{about['schema']}.{about['name']}",
                "name": node["name"] if node["resource_type"] == "test" else "built",
                "state": state,
                "told": _told(result),
                "asked": "",
                "notes": _notes(node),
            }
        )
    return rows


def _tested(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a test is about: the model it is attached to, or the first that its SQL reads."""
    if node["resource_type"] != "test":
        return node
    candidates = [node.get("attached_node"), *node["depends_on"]["nodes"]]
    return next((found for c in candidates if (found := manifest_node(manifest, c or ""))), node)


def _notes(node: Mapping[str, Any]) -> str:
    """What a failing row means: the description, or the comment at the head of a singular test."""
    if described := (node.get("description") or "").strip():
        return described.split("\n")[0]
    if node["resource_type"] != "test" or node.get("attached_node"):
        return ""
    lines = (node.get("raw_code") or "").strip().split("\n")
    comment = itertools.takewhile(lambda line: line.startswith("--"), lines)
    return " ".join(line.removeprefix("--").strip() for line in comment)


def failing(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The rows that stop a build; what was skipped because of them is not a cause."""
    return [row for row in rows if row["state"] == "failed"]


def _told(result: Mapping[str, Any]) -> str:
    if result["status"] in ("error", "runtime error"):
        return masked(result.get("message") or "error")
    count = result.get("failures")
    return "" if count is None else counted(count, "row")


def masked(message: str) -> str:
    """A message of dbt or DuckDB in one line, with what may be a cell's value blotted out."""
    return _QUOTED.sub("'…'", " ".join(message.split()))[:400]
