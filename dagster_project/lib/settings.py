"""Where things are and how much they may use: the one reader of the LEADHOUSE_* variables.

Belongs here: paths and limits. Does not belong here: business rules (seeds/rules) and what a raw
table looks like (contract.py). Standard library only, because everything imports it.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]

_MEMORY = re.compile(r"\d+(\.\d+)?\s*([KMGT]i?B|%)", re.IGNORECASE)


class SettingsError(ValueError):
    """A variable of the environment cannot be used; the message names it and the remedy."""


@dataclass(frozen=True)
class Settings:
    """Absolute paths and limits of one installation. Build it with `Settings.from_env()`.

    home            everything that runs write (LEADHOUSE_HOME)
    extracts        the delivered files, never written to (LEADHOUSE_EXTRACTS)
    memory_limit    what DuckDB may use before it spills, e.g. "4GB" (LEADHOUSE_MEMORY_LIMIT)
    threads         models that dbt builds at a time (LEADHOUSE_THREADS)
    keep_versions   published versions kept, the current one included (LEADHOUSE_KEEP_VERSIONS)
    project_root    the repository: dbt/, seeds/ and expectations/ are in it
    """

    home: Path
    extracts: Path
    memory_limit: str = "4GB"
    threads: int = 2
    keep_versions: int = 5
    project_root: Path = PROJECT_ROOT

    @classmethod
    def from_env(
        cls, env: Mapping[str, str] | None = None, project_root: Path = PROJECT_ROOT
    ) -> "Settings":
        """Read the variables of `env` (default: the process's own); unset or empty = default.

        Relative paths are taken from the current folder, defaults from `project_root`. Nothing is
        created and no folder has to exist yet. Raises SettingsError.
        """
        env = os.environ if env is None else env
        return cls(
            home=_path(env, "LEADHOUSE_HOME", project_root / ".leadhouse"),
            extracts=_path(env, "LEADHOUSE_EXTRACTS", project_root / "seeds" / "extracts"),
            memory_limit=_memory(env, "LEADHOUSE_MEMORY_LIMIT", cls.memory_limit),
            threads=_count(env, "LEADHOUSE_THREADS", cls.threads),
            keep_versions=_count(env, "LEADHOUSE_KEEP_VERSIONS", cls.keep_versions),
            project_root=project_root,
        )

    @property
    def landing(self) -> Path:
        """Parquet batches, ledger and rejects."""
        return self.home / "landing"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that dbt builds. One writer; readers use `published`."""
        return self.home / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """Immutable versions and the `current` pointer."""
        return self.home / "published"

    @property
    def audit(self) -> Path:
        """Results of checks."""
        return self.home / "audit"

    @property
    def logs(self) -> Path:
        """Logs of our own commands and of dbt."""
        return self.home / "logs"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage."""
        return self.home / "dagster"

    @property
    def dbt_dir(self) -> Path:
        """The dbt project."""
        return self.project_root / "dbt"

    @property
    def expectations(self) -> Path:
        """The suites of Great Expectations, one YAML file per table."""
        return self.project_root / "expectations"

    def ensure_dirs(self) -> None:
        """Create every folder below `home`. Raises SettingsError when that is not possible."""
        for folder in (self.landing, self.published, self.audit, self.logs, self.dagster_home):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SettingsError(
                    f"Cannot create {folder}: {error.strerror}. Set LEADHOUSE_HOME to a folder "
                    "that this user may write to."
                ) from error

    def require_extracts(self) -> None:
        """Raise SettingsError unless the folder of extracts is there."""
        if not self.extracts.is_dir():
            found = "is not a folder" if self.extracts.exists() else "does not exist"
            raise SettingsError(
                f"The folder of extracts {self.extracts} {found}. Set LEADHOUSE_EXTRACTS to the "
                "folder that holds <table>/extract_date=YYYY-MM-DD/<files>."
            )

    def env_for_subprocess(self) -> dict[str, str]:
        """All LEADHOUSE_* variables, paths absolute, for dbt and other processes of ours."""
        return {
            "LEADHOUSE_HOME": str(self.home),
            "LEADHOUSE_EXTRACTS": str(self.extracts),
            "LEADHOUSE_MEMORY_LIMIT": self.memory_limit,
            "LEADHOUSE_THREADS": str(self.threads),
            "LEADHOUSE_KEEP_VERSIONS": str(self.keep_versions),
        }


def _value(env: Mapping[str, str], name: str) -> str:
    return env.get(name, "").strip()


def _path(env: Mapping[str, str], name: str, default: Path) -> Path:
    value = _value(env, name)
    if not value:
        return default
    # Not resolve(): a symlink that an operator points elsewhere must keep working.
    return Path(os.path.abspath(Path(value).expanduser()))  # noqa: PTH100


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    value = _value(env, name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise SettingsError(f"{name}={value} is not a whole number of at least 1.")
    return int(value)


def _memory(env: Mapping[str, str], name: str, default: str) -> str:
    value = _value(env, name)
    if not value:
        return default
    if not _MEMORY.fullmatch(value):
        raise SettingsError(f"{name}={value} is not an amount of memory; write e.g. 4GB or 500MB.")
    return value
