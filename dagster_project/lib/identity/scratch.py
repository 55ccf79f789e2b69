"""A copy of the project beside the real one, to build what other rules make of the same data.

The code is linked, the rule files are copied and replaced, the landing is linked: the real
warehouse and publication are neither read nor written.
Belongs here: folders and dbt. Does not belong here: which rules are tried, and the comparison.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from dagster_project.lib.dbt_cli import dbt_executable
from dagster_project.lib.identity.lookup import IdentityError
from dagster_project.lib.identity.rule_files import RULES_FOLDER
from dagster_project.lib.settings import Settings

# What the comparison reads (preview_measures.py, preview_scores.py); dbt builds all these need.
MODELS = (
    "bridge_identity",
    "dim_channel",
    "dim_lead",
    "fct_attribution",
    "fct_handoff",
    "int_funnel__enquiries",
    "int_golden__permissions",
    "int_time__as_of",
    "int_whatif__load",
    "int_whatif__outcomes",
    "mart_coverage",
)
# Compared when the project has them.
OPTIONAL_MODELS = ("mart_identity_review",)


class Scratch:
    """One such copy in an empty `folder`; whoever made the folder removes it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        if not (settings.landing / "_ledger.parquet").exists():
            raise IdentityError(
                f"Nothing has landed in {settings.landing}. Type `make run` first, or set"
                " LEADHOUSE_HOME."
            )
        self._settings, self._folder = settings, folder
        self._home, self._project = folder / "home", folder / "project"
        (self._project / "dbt").mkdir(parents=True)
        for path in sorted(settings.dbt_dir.iterdir()):
            if path.name not in ("target", "logs", ".user.yml"):
                (self._project / "dbt" / path.name).symlink_to(path)
        package = settings.project_root / "dagster_project"
        (self._project / "dagster_project").symlink_to(package)
        seeds = settings.project_root / "seeds"
        (self._project / "seeds").mkdir()
        (self._project / "seeds" / "reference").symlink_to(seeds / "reference")
        self._home.mkdir()
        (self._home / "landing").symlink_to(settings.landing)

    def build(self, name: str, rules: Mapping[str, str]) -> Path:
        """Build with our rule files, those in `rules` (file name -> text) in their place.

        Returns the DuckDB file `<folder>/<name>.duckdb`. Raises IdentityError with dbt's own words
        when dbt fails.
        """
        folder = self._project / RULES_FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._settings.project_root / RULES_FOLDER, folder)
        for file, text in rules.items():
            (folder / file).write_text(text, encoding="utf-8")
        self._dbt()
        built = self._folder / f"{name}.duckdb"
        (self._home / "warehouse.duckdb").rename(built)
        return built

    def _dbt(self) -> None:
        models = [*MODELS, *(name for name in OPTIONAL_MODELS if self._has(name))]
        kinds = ["--resource-type", "seed", "--resource-type", "model"]
        selected = [f"+{model}" for model in models]
        done = subprocess.run(
            [
                dbt_executable(),
                "--quiet",
                "--no-use-colors",
                "build",
                *kinds,
                "--select",
                *selected,
            ],
            cwd=self._project / "dbt",
            env={
                **os.environ,
                **self._settings.env_for_subprocess(),
                "LEADHOUSE_HOME": str(self._home),
                "DBT_TARGET_PATH": str(self._folder / "target"),
                "DBT_LOG_PATH": str(self._folder / "logs"),
                "DBT_PROFILES_DIR": str(self._project / "dbt"),
                "DO_NOT_TRACK": "1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise IdentityError(f"dbt can't build this:\n{(done.stdout + done.stderr)[-4000:]}")

    def _has(self, model: str) -> bool:
        return any(self._settings.dbt_dir.glob(f"models/**/{model}.sql"))
