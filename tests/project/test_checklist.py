"""The checklist of areas A, E, F, G, L, M and its switches: every id has its check in a test.

A description of a model says what it is for, not that it is right: only what runs counts.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.warehouse import ROOT

# Channels, scores, lifecycle, hand-overs, measures, the managers' questions; the contradictions of
# the source documents as switches.
IDS = [
    *(f"A{n:02}" for n in range(1, 19)),
    *(f"E{n:02}" for n in range(1, 11)),
    *(f"F{n:02}" for n in range(1, 23)),
    *(f"G{n:02}" for n in range(1, 19)),
    *(f"L{n:02}" for n in range(1, 18)),
    *(f"M{n:02}" for n in range(1, 4)),
    *(f"X{n}" for n in range(1, 15)),
]


@pytest.fixture(scope="module")
def checked(manifest: dict) -> set[str]:
    """Ids in the words of tests: docstrings of Python, descriptions of unit tests, SQL tests."""
    texts = [test.get("description") or "" for test in manifest["unit_tests"].values()]
    texts += [
        node["raw_code"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and "test_metadata" not in node
    ]
    for file in [*ROOT.glob("tests/unit/*.py"), *ROOT.glob("tests/pipeline/*.py")]:
        texts += _docstrings(file)
    return set(re.findall(r"\b(?:[AEFGLM]\d\d|X\d{1,2})\b", "\n".join(texts)))


@pytest.mark.parametrize("checklist_id", IDS)
def test_the_id_has_its_acceptance_check(checklist_id: str, checked: set[str]) -> None:
    assert checklist_id in checked


def _docstrings(file: Path) -> Iterator[str]:
    """Docstrings of the tests of a module."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield ast.get_docstring(node) or ""
