"""Law 7: the same facts give the same marts, however and however often they are delivered."""

import shutil
from pathlib import Path

from tests.pipeline.redelivery import deliver_twice_shuffled_and_split
from tests.pipeline.warehouse import EXTRACTS, Warehouse


def test_a_rebuild_from_nothing_gives_identical_marts(
    demonstration: Warehouse, tmp_path: Path
) -> None:
    """P07: no state is needed, no clock and no order of threads is read."""
    rebuilt = Warehouse(tmp_path / "home").build()
    hashes = rebuilt.mart_hashes()
    assert len(hashes) > 20
    assert sum(n_rows for n_rows, _ in hashes.values()) > 50_000
    assert hashes == demonstration.mart_hashes()


def test_shuffled_split_and_repeated_deliveries_give_identical_marts(
    demonstration: Warehouse, tmp_path: Path
) -> None:
    """P08: every row delivered twice, in another order and in other files."""
    extracts = tmp_path / "extracts"
    assert deliver_twice_shuffled_and_split(EXTRACTS, extracts, seed=8) > 400
    again = Warehouse(tmp_path / "home", extracts).build()
    ((n_landed,),) = again.rows("select sum(rows_landed) from staging.stg_landing__files")
    ((n_once,),) = demonstration.rows("select sum(rows_landed) from staging.stg_landing__files")
    assert n_landed > 1.9 * n_once, "the rows really came twice"
    assert again.mart_hashes() == demonstration.mart_hashes()


def test_extracts_that_come_in_instalments_give_identical_marts(
    demonstration: Warehouse, tmp_path: Path
) -> None:
    """Full rebuild = built as the files arrived: a build on half of the dates, then on all."""
    extracts = tmp_path / "extracts"
    shutil.copytree(EXTRACTS, extracts)
    late = tmp_path / "late"
    for n, folder in enumerate(sorted(extracts.glob("*/extract_date=*"))):
        if n % 2:
            target = late / folder.relative_to(extracts)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder, target)
    warehouse = Warehouse(tmp_path / "home", extracts).build()
    assert warehouse.mart_hashes() != demonstration.mart_hashes()
    shutil.copytree(late, extracts, dirs_exist_ok=True)
    assert warehouse.build().mart_hashes() == demonstration.mart_hashes()


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
