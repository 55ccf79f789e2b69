"""`make bench`: components stay within their budgets. Run it on an otherwise idle machine."""

import pytest

from benchmarks.identity_components import CASES, OURS, compare

# Work (CPU) of the SQL macro over Splink's, and of the library path over scipy on bare arrays.
SQL_BUDGET = 0.7
LIBRARY_BUDGET = 1.5


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case.is_text])
def test_components_cost_little_more_than_scipy_alone_and_less_than_splink(name, tmp_path):
    comparison = compare(name, tmp_path, repeat=2)
    print(comparison)
    assert all(comparison.costs[contender] for contender in OURS), "one of ours timed out"
    ratio = comparison.ratio("sql_macro", "splink")
    assert ratio is None or ratio <= SQL_BUDGET
    if comparison.ratio("read_and_write", "scipy_alone") < 0.75:
        # Else most of the budget goes to reading and writing alone, and there is nothing to hold.
        assert comparison.ratio("library", "scipy_alone") <= LIBRARY_BUDGET
