"""Rules about the files of the project itself."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement

from tests.project.conftest import ROOT

LOCKS = ["requirements-bootstrap.lock", "requirements.lock", "requirements-dev.lock"]
REQUIREMENT = re.compile(r"^[a-z0-9][a-z0-9._-]*==[^\s;]+(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$")

HOSTS = re.compile(
    r"pypi\.(org|python)|pythonhosted|registry\.(npmjs|yarnpkg)|hub\.getdbt|conda\.anaconda"
    r"|unpkg\.com|jsdelivr|cdnjs|fonts\.g(oogleapis|static)|ajax\.googleapis|stackpath|bootstrapcdn"
    r"|esm\.sh|skypack\.dev|index-url|find-links",
    re.I,
)
TEXT = {
    "", ".cfg", ".css", ".csv", ".example", ".html", ".in", ".ini", ".js", ".json", ".lock", ".md",
    ".py", ".sh", ".sql", ".svg", ".toml", ".ts", ".txt", ".yaml", ".yml",
}  # fmt: skip


def pins(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    return {line.removesuffix(" \\") for line in lines if REQUIREMENT.match(line)}


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_is_pins_with_hashes_and_nothing_else(lock):
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    strange = [line for line in lines if not REQUIREMENT.match(line) and not HASH.match(line)]
    assert not strange
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        assert not REQUIREMENT.match(line) or HASH.match(following), f"no hash: {line}"


def test_development_lock_contains_the_run_time_lock():
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_no_file_names_a_registry_or_a_cdn(project_files):
    named = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in project_files
        if path.suffix in TEXT
        and path != ROOT / "tests/project/test_files.py"
        # Data that was taken in as it is, millions of rows perhaps
        and not path.is_relative_to(ROOT / "seeds/extracts")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (match := HOSTS.search(line))
    ]
    assert not named


def test_dbt_folder_is_no_python_package():
    """It would hide dbt-core: every `import dbt.cli` from the root would fail."""
    assert not (ROOT / "dbt" / "__init__.py").exists()


def test_no_dbt_packages():
    """The package hub is a network address, and own macros do."""
    assert not (ROOT / "dbt" / "packages.yml").exists()
    assert not (ROOT / "dbt" / "dependencies.yml").exists()


def test_telemetry_is_off():
    dagster = yaml.safe_load((ROOT / "dagster.yaml").read_text("utf-8"))
    project = yaml.safe_load((ROOT / "dbt" / "dbt_project.yml").read_text("utf-8"))
    assert dagster["telemetry"]["enabled"] is False
    assert project["flags"]["send_anonymous_usage_stats"] is False


def test_every_variable_is_in_the_example(project_files):
    named = {
        name
        for path in project_files
        if path.suffix in {".py", ".yml", ".yaml", ".sql", ".toml"} or path.name == "Makefile"
        if not path.is_relative_to(ROOT / "tests")
        for name in re.findall(r"\bLEADHOUSE_[A-Z_]+\b", path.read_text("utf-8"))
    }
    documented = re.findall(r"^#(\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.M)
    assert named == set(documented)


def test_locks_meet_the_ranges():
    """Whoever edits pyproject.toml runs `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for lock, ranges in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["optional-dependencies"]["dev"]),
    ):
        versions: dict[str, list[str]] = {}
        for pin in pins(lock):
            name, version = pin.split(" ;")[0].split("==")
            versions.setdefault(name, []).append(version)
        for line in ranges:
            wanted = Requirement(line)
            found = versions.get(wanted.name)
            assert found, f"{wanted.name} is not in {lock}: run make lock"
            assert all(wanted.specifier.contains(version) for version in found), f"{line}: {found}"
