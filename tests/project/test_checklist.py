"""The checklist of areas E, F and G and its switches: every id is claimed by a test or a model."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.warehouse import ROOT

# Scores, lifecycle, hand-overs; the contradictions of the source documents as switches.
IDS = [
    *(f"E{n:02}" for n in range(1, 11)),
    *(f"F{n:02}" for n in range(1, 23)),
    *(f"G{n:02}" for n in range(1, 19)),
    *(f"X{n}" for n in range(1, 15)),
]


@pytest.fixture(scope="module")
def claimed(manifest: dict) -> set[str]:
    """Ids in descriptions of models and in docstrings of tests."""
    texts = [node["description"] for node in manifest["nodes"].values()]
    texts += [test.get("description") or "" for test in manifest["unit_tests"].values()]
    for file in [*ROOT.glob("tests/unit/*.py"), *ROOT.glob("tests/pipeline/*.py")]:
        texts += _docstrings(file)
    return set(re.findall(r"\b(?:[EFG]\d\d|X\d{1,2})\b", "\n".join(texts)))


@pytest.mark.parametrize("checklist_id", IDS)
def test_the_id_leads_from_the_checklist_to_the_code(checklist_id: str, claimed: set[str]) -> None:
    assert checklist_id in claimed


def _docstrings(file: Path) -> Iterator[str]:
    """Docstrings of a test module and of its tests."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    yield ast.get_docstring(tree) or ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield ast.get_docstring(node) or ""
