"""One build of the demonstration company per run; the tests of this folder look at it."""

import shutil

import pytest
from filelock import FileLock

from tests.pipeline.warehouse import EXTRACTS, Warehouse

LAST_DELIVERY = "extract_date=2026-07-01"


@pytest.fixture(scope="session")
def demonstration(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Warehouse:
    """The demonstration company after `make run`, with all of dbt's own tests passing.

    It has been through the worst first: a run without the last delivery, killed in the middle of
    a build. test_kill.py and test_rebuild.py say that this shows nowhere. Parallel workers share
    it: the first to ask builds, the others wait.
    """
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    warehouse = Warehouse(folder / "demonstration")
    built = folder / "demonstration.built"
    with FileLock(folder / "demonstration.lock"):
        if not built.exists():
            early = folder / "early"
            shutil.copytree(EXTRACTS, early, ignore=shutil.ignore_patterns(LAST_DELIVERY))
            Warehouse(warehouse.home, early).refresh_and_kill(at="dbt foundation")
            assert not (warehouse.home / "published" / "current").exists()
            warehouse.refresh()
            warehouse.gather()
            warehouse.dbt("test", "--select", "test_type:unit")
            built.touch()
    return warehouse


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One file that asks for the demonstration first, then those that do not: nobody waits."""
    asks = {item.path for item in items if "demonstration" in getattr(item, "fixturenames", ())}
    first = next((item.path for item in items if item.path in asks), None)
    items.sort(key=lambda item: (item.path != first, item.path in asks))
