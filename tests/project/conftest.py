import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Not tracked, so nobody's to keep tidy.
UNTRACKED = {".git", ".venv", ".leadhouse", ".pytest_cache", ".ruff_cache", ".hypothesis"}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The manifest of a parse from nothing, without any variable of ours set."""
    scratch = tmp_path_factory.mktemp("dbt")
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "parse", "--no-partial-parse",
         "--target-path", scratch / "target", "--log-path", scratch / "logs"],
        cwd=ROOT / "dbt", env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"dbt parse failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return json.loads((scratch / "target" / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file that is, or would be, under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        names = listed.stdout.decode("utf-8").split("\0")
        return sorted(path for name in names if name and (path := ROOT / name).is_file())
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not UNTRACKED.intersection(path.relative_to(ROOT).parts)
    )
