"""One build of the demonstration company per session; the tests of this folder look at it."""

import pytest

from tests.pipeline.warehouse import Warehouse


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The demonstration company, built with all of dbt's own tests passing."""
    home = tmp_path_factory.mktemp("demonstration") / "home"
    return Warehouse(home).build(with_tests=True)
