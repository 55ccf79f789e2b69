"""Builds real warehouses for the pipeline tests: land, dbt build, look.

Everything runs as a user's commands would, in processes of their own, with a state folder of its
own; nothing here knows how a model computes anything.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dagster_project.lib.builds import PARTS

ROOT = Path(__file__).resolve().parents[2]
EXTRACTS = ROOT / "seeds" / "extracts"
REFRESH = [sys.executable, "-m", "dagster_project.run"]
# A hung build must fail the test, not the whole run.
TIMEOUT_S = 1200


def parsed_project() -> Path | None:
    """Our project as `make lint` has parsed it; None when a file of it is newer, or it has not."""
    parsed = ROOT / "dbt" / "target" / "partial_parse.msgpack"
    sources = (ROOT / "dbt" / "dbt_project.yml", *(ROOT / "dbt").glob("m*/**/*.*"))
    sources += (*(ROOT / "dbt" / "tests").rglob("*.sql"), *(ROOT / "seeds").glob("r*/*"))
    if not parsed.exists():
        return None
    newest = max(path.stat().st_mtime_ns for path in sources)
    return parsed if parsed.stat().st_mtime_ns > newest else None


@dataclass(frozen=True)
class Warehouse:
    """A state folder and how it is built: `extracts` to land from, dbt `variables` to override.

    `project` is the folder with `dbt` and `seeds`: a copy of ours where a test has other rule rows.
    """

    home: Path
    extracts: Path = EXTRACTS
    variables: dict[str, str] = field(default_factory=dict)
    project: Path = ROOT

    @property
    def file(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "LEADHOUSE_HOME": str(self.home),
            "LEADHOUSE_EXTRACTS": str(self.extracts),
            "DBT_TARGET_PATH": str(self.home / "target"),
            "DBT_LOG_PATH": str(self.home / "logs"),
        }

    def land(self) -> None:
        """Land what is in `extracts`; refused rows and unknown files are no failure."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._run([sys.executable, "-m", "dagster_project.lib.landing"], ROOT, allowed=(0, 1))

    def dbt(self, *arguments: str) -> None:
        """One dbt command; raises with dbt's output when it fails."""
        command = [str(Path(sys.executable).with_name("dbt"))]
        variables = ["--vars", json.dumps(self.variables)] if self.variables else []
        is_another = variables or {"--vars", "--project-dir"} & set(arguments)
        if self.project == ROOT and not is_another and (parsed := parsed_project()):
            command = [sys.executable, str(Path(__file__).with_name("parsed_dbt.py")), str(parsed)]
        command += ["--no-use-colors", "--quiet", *arguments, *variables]
        self._run(command, self.project / "dbt")

    def refresh(self) -> None:
        """What `make run` does: land, build, check, publish."""
        self._run(REFRESH, ROOT)

    def refresh_and_kill(self, at: str) -> None:
        """Start `make run` and kill its whole process group three seconds after step `at` began."""
        process = subprocess.Popen(
            REFRESH,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for line in process.stdout:
            if at in line:
                time.sleep(3)
                break
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(timeout=30) == -signal.SIGKILL

    def gather(self) -> None:
        """Put what dbt compiled part by part in `make run` where one `dbt build` would have."""
        for part in PARTS:
            folder = self.home / "dbt" / part
            shutil.copytree(folder, self.home / "target", dirs_exist_ok=True)

    def build(self, *, with_tests: bool = False, with_unit_tests: bool = False) -> "Warehouse":
        """Land and build; dbt's own tests run only where the test is about them.

        dbt's unit tests bring their own rows: once per run of the suite is enough for them.
        """
        self.land()
        kinds = [] if with_tests else ["--resource-type", "seed", "--resource-type", "model"]
        if with_tests and not with_unit_tests:
            kinds = ["--exclude-resource-type", "unit_test"]
        self.dbt("build", *kinds)
        return self

    def build_only(self, *selectors: str) -> "Warehouse":
        """Land, then build the selected models and the seeds they read."""
        self.land()
        kinds = ["--resource-type", "seed", "--resource-type", "model"]
        self.dbt("build", *kinds, "--select", *selectors)
        return self

    def rows(self, query: str) -> list[tuple]:
        """Rows of a query on the built warehouse, opened read only."""
        with duckdb.connect(str(self.file), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def mart_hashes(self) -> dict[str, tuple[int, str]]:
        """Rows and an order-free hash of every mart, over all columns as text."""
        marts = self.rows(
            """
            select table_name from information_schema.tables
            where table_schema = 'marts' order by 1
            """
        )
        return {name: self.hashed(self.rows(f"from marts.{name}")) for (name,) in marts}

    @staticmethod
    def hashed(rows: list[tuple]) -> tuple[int, str]:
        """Number of rows and a hash of them that does not depend on their order."""
        lines = sorted(repr(row) for row in rows)
        return len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _run(self, command: list[str], folder: Path, allowed: tuple[int, ...] = (0,)) -> None:
        done = subprocess.run(
            command,
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        if done.returncode not in allowed:
            output = (done.stdout + done.stderr)[-6000:]
            raise AssertionError(f"{' '.join(command[:4])} ended with {done.returncode}\n{output}")
