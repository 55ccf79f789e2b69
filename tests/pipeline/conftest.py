"""One build of the demonstration company per run; the tests of this folder look at it."""

import pytest
from filelock import FileLock

from tests.pipeline.warehouse import Warehouse


@pytest.fixture(scope="session")
def demonstration(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Warehouse:
    """The demonstration company, built with all of dbt's own tests passing.

    Parallel workers share it: the first to ask builds, the others wait.
    """
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    warehouse = Warehouse(folder / "demonstration")
    built = folder / "demonstration.built"
    with FileLock(folder / "demonstration.lock"):
        if not built.exists():
            warehouse.build(with_tests=True, with_unit_tests=True)
            built.touch()
    return warehouse
