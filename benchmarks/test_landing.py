"""`make bench`: landing stays within its budget. Run it on an otherwise idle machine."""

import pytest

from benchmarks.landing import CASES, count_lost_rows

# CPU of landing over CPU of the yardstick, both in whole processes.
BUDGET = {
    ("csv", "duckdb_read_csv"): 6.0,
    ("text_parquet", "pyarrow_copy"): 2.0,
    ("text_parquet", "duckdb_copy"): 2.0,
    ("typed_parquet", "pyarrow_copy"): 2.0,
    ("typed_parquet", "duckdb_copy"): 2.0,
}


@pytest.mark.parametrize("name", CASES)
def test_landing_costs_little_more_than_reading_the_file(name, tmp_path):
    comparison = CASES[name].compare(tmp_path, rows=1_000_000, repeat=3)
    print(comparison)
    for (case, yardstick), budget in BUDGET.items():
        if case == name:
            assert comparison.ratio(yardstick) <= budget, yardstick


def test_landing_loses_no_row_of_a_broken_file(tmp_path):
    accounts = count_lost_rows(tmp_path, rows=100_000)
    print(accounts)
    assert accounts["landing"]["lost"] == 0
