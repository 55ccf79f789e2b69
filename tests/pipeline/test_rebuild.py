"""Law 7: the same facts give the same marts, however and however often they are delivered."""

import shutil
from pathlib import Path

from tests.pipeline.redelivery import deliver_twice_shuffled_and_split
from tests.pipeline.warehouse import EXTRACTS, Warehouse


def test_shuffled_split_and_repeated_deliveries_give_identical_marts(
    demonstration: Warehouse, tmp_path: Path
) -> None:
    """P07, P08: built anew from every row twice, in another order and in other files.

    No state is needed; no clock and no order of rows, files or threads is read. That a build on
    some of the deliveries, killed, and then on all gives the same: the demonstration is one.
    """
    extracts = tmp_path / "extracts"
    assert deliver_twice_shuffled_and_split(EXTRACTS, extracts, seed=8) > 400
    again = Warehouse(tmp_path / "home", extracts).build()
    ((n_landed,),) = again.rows("select sum(rows_landed) from staging.stg_landing__files")
    ((n_once,),) = demonstration.rows("select sum(rows_landed) from staging.stg_landing__files")
    assert n_landed > 1.9 * n_once, "the rows really came twice"
    hashes = again.mart_hashes()
    assert len(hashes) > 20
    assert sum(n_rows for n_rows, _ in hashes.values()) > 50_000
    assert hashes == demonstration.mart_hashes()


def test_any_subset_of_the_extracts_builds(tmp_path: Path) -> None:
    """O02, O03: the CRM alone, with every test of dbt passing; the rest is not computable."""
    extracts = tmp_path / "extracts"
    for table in ("crm_leads", "crm_opportunities"):
        shutil.copytree(EXTRACTS / table, extracts / table)
    warehouse = Warehouse(tmp_path / "home", extracts).build(with_tests=True)
    assert warehouse.rows(
        "select bool_and(ratio_status = 'not_computable'), count(*) > 0 from marts.mart_channel_roi"
    ) == [(True, True)]
    computable = dict(
        warehouse.rows(
            "select measure_id, bool_and(is_computable) from marts.mart_coverage group by 1"
        )
    )
    assert computable["F01"]
    assert not computable["L04"]
    assert not computable["E04"]
