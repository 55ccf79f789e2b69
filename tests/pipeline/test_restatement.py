"""Closed months of the demonstration change for seven planted causes, and each is found (D13).

One build of the demonstration's marts, then one per cause: about ten CPU-minutes, so it runs with
RESTATEMENT_REPLAY=1 only. The arithmetic, the split of deliveries and the ledger are tested on
every run by tests/unit/test_restatement.py.
"""

import csv
import os
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib import builds
from dagster_project.lib.publishing import damaged_files
from dagster_project.lib.restatement import cells, inputs
from dagster_project.lib.restatement.explain import explain, read_verdict
from dagster_project.lib.settings import Settings
from tests.pipeline.identity_project import copied_project, set_rows
from tests.pipeline.toy_project import FILES, ToyProject
from tests.pipeline.warehouse import EXTRACTS, ROOT, Warehouse

replay = pytest.mark.skipif(
    "RESTATEMENT_REPLAY" not in os.environ, reason="RESTATEMENT_REPLAY is not set"
)
DAY = "extract_date=2026-07-02"
MARCH = date(2026, 3, 1)
BUILD = "20260702T000000Z-replayed"
# What the newly delivered rows of payments bring, in cents.
LATE, CORRECTED, ERASED = 100_000, 10_000, -1_305_050
SPEND = 5_000


def published(folder: Path, demonstration: Path) -> tuple[Warehouse, Settings, Path]:
    """A home like the demonstration's, a copy of the project, and what was published of them."""
    project = copied_project(folder)
    shutil.copytree(EXTRACTS, folder / "extracts")
    shutil.copytree(demonstration / "landing", folder / "home" / "landing")
    warehouse = Warehouse(folder / "home", folder / "extracts", project=project)
    settings = settings_of(warehouse)
    version = settings.published / "20260701T000000.000Z-planted"
    version.mkdir(parents=True)
    (version / inputs.FILE).write_bytes(inputs.dumped(inputs.present_inputs(settings)))
    with duckdb.connect(str(demonstration / "warehouse.duckdb"), read_only=True) as connection:
        target = version / f"{cells.TABLE}.parquet"
        connection.execute(f"copy marts.{cells.TABLE} to '{target}' (format parquet)")
    return warehouse, settings, version


def settings_of(warehouse: Warehouse) -> Settings:
    return Settings(warehouse.home, warehouse.extracts, project_root=warehouse.project)


def plant(warehouse: Warehouse) -> None:
    """One change per cause, all about March 2026, which had closed."""
    paid = warehouse.home / "landing" / "payments" / "*.parquet"
    receipts = {row["payment_id"]: row for row in _landed(paid, "true")}
    columns = ["payment_id", "invoice_id", "contract_id", "received_at", "amount", "currency"]
    late = receipts["PAY000272"] | {"payment_id": "PAY900001", "amount": "1000.00"}
    corrected = receipts["PAY000272"] | {"amount": "71635.00"}
    erased = receipts["PAY000264"] | {"_is_deleted": "true"}
    rows = [late | {"_is_deleted": "false"}, corrected | {"_is_deleted": "false"}, erased]
    _deliver(warehouse, "payments", [*columns, "_is_deleted"], rows)

    spent = warehouse.home / "landing" / "ad_spend_daily" / "*.parquet"
    line = _landed(spent, "date = '2026-03-01' and platform = 'baidu' and clicks = '2'")[0]
    line |= {"cost": f"{float(line['cost']) + SPEND / 100:.2f}"}
    line |= {"cost_cash": f"{float(line['cost_cash']) + SPEND / 100:.2f}"}
    names = [name for name in line if not name.startswith("_")]
    _deliver(warehouse, "ad_spend_daily", names, [line])

    joined = {"record_type": "crm_lead", "source_system": "crm", "record_id": "L002395"}
    other = {f"other_{name}": value for name, value in joined.items()} | {
        "other_record_id": "L002396"
    }
    about = {"reason": "test", "decided_by": "tester", "decided_at": "2026-06-15 00:00:00"}
    override = {"override_id": "o1", "entity": "person", "kind": "must_link"}
    set_rows(
        warehouse.project,
        "identity_override",
        "override_id",
        [override | joined | other | about],
    )
    rate = {"user_role": "sdr", "hours_per_day": "8", "hourly_rate": "61", "currency": "CNY"}
    set_rows(warehouse.project, "labour_rate", "user_role", [rate])

    model = warehouse.project / "dbt/models/marts/core/fct_cost.sql"
    text = model.read_text(encoding="utf-8")
    changed = text.replace("cast(months.amount_minor as", "cast(months.amount_minor + 1 as")
    assert changed != text
    model.write_text(changed, encoding="utf-8")


def rebuild(warehouse: Warehouse, settings: Settings) -> None:
    """Land and build what is delivered and ruled now, as the steps of a run do."""
    warehouse.land()
    for part in builds.PARTS:
        builds.begin(settings, part, BUILD, "landing")
        inputs.note(settings, part, BUILD)
    kinds = ["--resource-type", "seed", "--resource-type", "model"]
    warehouse.dbt("build", *kinds, "--select", f"+{cells.TABLE}")


def rows_of(settings: Settings) -> list[tuple]:
    """Measure, month, channel, cause, before, delta, after of the ledger."""
    file = settings.home / "restatements" / f"{BUILD}.parquet"
    return duckdb.execute(
        "select measure, business_month, channel, cause, value_before, delta, value_after"
        " from read_parquet(?)",
        [str(file)],
    ).fetchall()


def check(warehouse: Warehouse, settings: Settings, version: Path) -> None:
    """Σ deltas = change for every closed cell, no residual, and each planted cause where it is."""
    file = version / f"{cells.TABLE}.parquet"
    then = cells.read_cells(duckdb.connect(), f"read_parquet('{file}')")
    with duckdb.connect(str(warehouse.file), read_only=True) as connection:
        now = cells.read_cells(connection, f"marts.{cells.TABLE}")
    ledger = rows_of(settings)
    moved: dict[cells.Place, int] = defaultdict(int)
    caused: dict[tuple[str, str], int] = defaultdict(int)
    for measure, month, channel, cause, before, delta, after in ledger:
        assert (after - before, delta != 0) == (delta, True)
        moved[cells.Place(measure, month, channel)] += delta
        if month == MARCH:
            caused[measure, cause] += delta
    changes = {
        place: cells.value(now, place) - cells.value(then, place)
        for place in cells.restated_places(then, now)
    }
    assert moved == changes
    assert {cause for _, cause in caused} == {
        "code", "rule", "late", "correction", "spend", "erasure", "identity",
    }  # fmt: skip
    touched: dict[str, set[str]] = defaultdict(set)
    for measure, _, _, cause, *_ in ledger:
        touched[cause].add(measure)
    # The first step but for what the code does to cost is what was published, to the last cell: so
    # the landing and the rules of then are put together again rightly.
    assert touched["code"] == touched["rule"] == touched["spend"] == {"cost"}
    assert touched["late"] | touched["correction"] | touched["erasure"] == {"cash", "credited_cash"}
    assert touched["identity"] <= {"leads_net", "mql_entries", "sql_entries", "won_entries"}
    for measure in ("cash", "credited_cash"):
        planted = {"late": LATE, "correction": CORRECTED, "erasure": ERASED}
        found = {cause: delta for (name, cause), delta in caused.items() if name == measure}
        assert found | planted == found, (measure, found)
    assert caused["cost", "spend"] == SPEND
    assert caused["cost", "rule"] > 0
    assert caused["cost", "code"] > 0
    assert caused["leads_net", "identity"] == -1
    verdict = read_verdict(settings, BUILD)
    assert verdict is not None
    assert (verdict.cells, verdict.unexplained) == (len(changes), 0)


TOY_CELLS = """
select
    md5(channel) as published_cell_key, 'leads_gross' as measure,
    date '2026-05-01' as business_month, channel,
    cast(sum(amount) as bigint) as cell_value, 'count' as unit_kind,
    cast(null as varchar) as currency, date '2026-06-10' as closes_on, true as is_closed
from {{ ref('int_leads') }}
group by channel
"""


@replay
def test_a_run_of_dagster_restates_and_says_so(tmp_path: Path) -> None:
    """D13: two whole runs of a toy project; the second brings late rows of a closed month."""
    toy = ToyProject(tmp_path / "project")
    toy.write("dbt/models/marts/mart_published_cell.sql", TOY_CELLS)
    marts = FILES["dbt/models/marts/_marts.yml"]
    cell = f"  - {{name: {cells.TABLE}, config: {{contract: {{enforced: false}}}}}}\n"
    toy.write("dbt/models/marts/_marts.yml", marts + cell, "100, 103")
    for name in ("_restatement__seeds.yml", "restatement_cause.csv", "restatement_measure.csv"):
        shutil.copy(ROOT / "seeds" / "rules" / name, toy.folder / "seeds" / "rules" / name)
    header = "input_kind,input_name,cause,valid_from,valid_to\n"
    toy.write("seeds/rules/restatement_input.csv", header)
    generic = ROOT / "dbt" / "tests" / "generic"
    shutil.copytree(generic, toy.folder / "dbt" / "tests" / "generic")
    toy.deliver(100)
    code, output = toy.run()
    assert code == 0, output
    assert "Restated" not in output
    rows = "L7,direct,10\nL100,direct,5\nL101,paid_search,2\n"
    path = "seeds/extracts/crm_leads/extract_date=2026-07-02/leads.csv"
    toy.write(path, "lead_id,channel,amount\n" + rows)
    code, output = toy.run()
    assert code == 0, output
    assert "Restated: 2 figures of closed months" in output
    current = toy.home / "published" / "current"
    told = duckdb.execute(
        "select channel, cause_en, delta from read_parquet(?) order by all",
        [str(current / "fct_restatement.parquet")],
    ).fetchall()
    assert told == [
        ("direct", "Corrected data", 10),
        ("direct", "Data that came late", 5),
        ("paid_search", "Data that came late", 2),
    ]
    assert damaged_files(current) == []


@replay
def test_every_planted_cause_is_found_and_nothing_is_left_over(
    demonstration: Warehouse, tmp_path: Path
) -> None:
    """D13: code, rule, late, correction, spend, erasure and identity in one delivery."""
    warehouse, settings, version = published(tmp_path, demonstration.home)
    plant(warehouse)
    rebuild(warehouse, settings)
    explain(settings, BUILD, version)
    check(warehouse, settings, version)


def _landed(pattern: Path, where: str) -> list[dict[str, str]]:
    found = duckdb.execute(
        f"select * from read_parquet('{pattern}', union_by_name = true) where {where}"
        " order by _extracted_at, _row_number"
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _deliver(
    warehouse: Warehouse, table: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> None:
    file = warehouse.extracts / table / DAY / "restated.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
