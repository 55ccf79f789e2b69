"""A copy of the project beside the real one, to build what other rules or other data make.

The code is linked, the seeds are copied and replaced, the landing is linked: the real warehouse and
publication are neither read nor written. Used by the preview of rules (lib/identity) and by the
replay of a restatement (lib/restatement).
Belongs here: folders and dbt. Does not belong here: what is tried, and the comparison.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from dagster_project.lib.dbt_cli import dbt_executable
from dagster_project.lib.settings import Settings

# Below seeds/ of the project: what dbt reads. The extracts beside them are landed.
SEED_FOLDERS = ("rules", "reference")


class ScratchError(RuntimeError):
    """A scratch copy can't be made or built; the message is for people."""


class Scratch:
    """One such copy in an empty `folder`; whoever made the folder removes it."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        if not (settings.landing / "_ledger.parquet").exists():
            raise ScratchError(
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
        self._home.mkdir()

    def build(
        self,
        name: str,
        models: Iterable[str],
        seeds: Mapping[str, str],
        landing: Path | None = None,
    ) -> Path:
        """Build models and all they need; returns the DuckDB file `<folder>/<name>.duckdb`.

        models: those the project lacks are passed over; seeds: texts in the place of our files, by
        path below seeds/ (`rules/stage.csv`); landing: None = what has landed. Raises ScratchError
        with dbt's own words when dbt fails.
        """
        for folder in SEED_FOLDERS:
            target = self._project / "seeds" / folder
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(self._settings.project_root / "seeds" / folder, target)
        for file, text in seeds.items():
            (self._project / "seeds" / file).write_text(text, encoding="utf-8")
        link = self._home / "landing"
        link.unlink(missing_ok=True)
        link.symlink_to(landing or self._settings.landing)
        (self._home / "warehouse.duckdb").unlink(missing_ok=True)
        self._dbt([model for model in models if self._has(model)])
        built = self._folder / f"{name}.duckdb"
        (self._home / "warehouse.duckdb").rename(built)
        return built

    def _dbt(self, models: list[str]) -> None:
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
            raise ScratchError(f"dbt can't build this:\n{(done.stdout + done.stderr)[-4000:]}")

    def _has(self, model: str) -> bool:
        return any(self._settings.dbt_dir.glob(f"models/**/{model}.sql"))
