"""The simulator of the demonstration company: reproducible, committed as it is, honest."""

import ast
import csv
import gzip
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from tests.simulator import simulate
from tests.simulator.journey import Journey
from tests.simulator.schema import COLUMN_TYPES, TABLES
from tests.simulator.scoring import Act, FieldChange, ScoredLead

ROOT = Path(__file__).parents[2]
EXTRACTS = ROOT / "seeds" / "extracts"
TRUTH = ROOT / "tests" / "truth"
COMMITTED = {"n_leads": 3000, "seed": 20240701}


# -- reading ------------------------------------------------------------------------------------


def digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def content(file: Path) -> object:
    """What a file says, apart from how a compressor of the day packs it."""
    if file.suffix == ".parquet":
        return pq.read_table(file)
    data = file.read_bytes()
    return gzip.decompress(data) if file.suffix == ".gz" else data


def text(file: Path) -> str:
    data = content(file)
    assert isinstance(data, bytes)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def rows(table: str) -> Iterator[dict[str, str]]:
    """The well-formed rows of a CSV table, over all its files."""
    for file in sorted((EXTRACTS / table).rglob("*.*")):
        body = text(file)
        header = body.split("\n", 1)[0]
        delimiter = max(",;\t", key=header.count)
        reader = csv.reader(io.StringIO(body), delimiter=delimiter)
        columns = next(reader)
        for cells in reader:
            if len(cells) == len(columns):
                yield dict(zip(columns, cells, strict=True))


def truth(name: str) -> list[dict[str, str]]:
    with gzip.open(TRUTH / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def planted() -> dict[str, list[dict]]:
    return json.loads((TRUTH / "planted.json").read_text(encoding="utf-8"))


# -- reproducible -------------------------------------------------------------------------------


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for run in ("a", "b"):
        simulate(150, 7, tmp_path / run / "extracts", tmp_path / run / "truth")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    for seed in (7, 8):
        simulate(150, seed, tmp_path / str(seed))
    assert digests(tmp_path / "7") != digests(tmp_path / "8")


def test_committed_files_are_what_the_program_writes(tmp_path: Path) -> None:
    simulate(out=tmp_path / "extracts", truth=tmp_path / "truth", **COMMITTED)
    for made, committed in ((tmp_path / "extracts", EXTRACTS), (tmp_path / "truth", TRUTH)):
        names = set(digests(made))
        assert names == set(digests(committed))
        different = [n for n in sorted(names) if content(made / n) != content(committed / n)]
        assert not different, (
            f"run `python -m tests.simulator --truth tests/truth`: {different[:5]}"
        )


def test_parquet_mode_writes_clean_typed_files(tmp_path: Path) -> None:
    paths = simulate(150, 7, tmp_path / "out", parquet=True)
    assert {Path(path).suffix for path in paths} == {".parquet"}
    leads = pq.read_table(tmp_path / "out" / "crm_leads")
    assert len(set(leads["lead_id"].to_pylist())) == 150


def test_too_few_leads_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 150"):
        simulate(10, 1, tmp_path / "out")


def test_no_product_code_is_imported() -> None:
    foreign = {"dagster_project", "dbt", "duckdb", "dagster"}
    for file in (ROOT / "tests" / "simulator").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not {name.split(".")[0] for name in names} & foreign, file.name


# -- the contract -------------------------------------------------------------------------------


def test_columns_and_types_are_those_of_the_contract() -> None:
    declared = {
        table["name"]: {c["name"]: c["data_type"] for c in table["columns"]}
        for file in sorted((ROOT / "dbt" / "models" / "staging").glob("*/_*__sources.yml"))
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]
        for table in source["tables"]
    }
    assert declared.keys() >= TABLES.keys()
    for table, columns in TABLES.items():
        assert columns == tuple(declared[table]), table
        for column in columns:
            wanted, ours = declared[table][column], COLUMN_TYPES.get(column, "string")
            # An integer is a readable decimal or text; money is written with two decimals.
            fits = {"money": {"decimal(18,4)"}, "bigint": {"bigint", "decimal(18,4)", "string"}}
            assert wanted in fits.get(ours, {ours}), f"{table}.{column}: {ours} for {wanted}"


def test_what_the_demonstration_leaves_out_is_absent() -> None:
    absent = {"surveys", "renewals", "support_tickets", "suppression_lists", "erasure_requests"}
    assert not absent & {folder.name for folder in EXTRACTS.iterdir()}


def test_extracts_are_small() -> None:
    files = [file for file in EXTRACTS.rglob("*") if file.is_file()]
    assert 200 <= len(files) <= 350
    assert sum(file.stat().st_size for file in (*files, *TRUTH.iterdir())) <= 12_000_000


# -- what real exports contain ------------------------------------------------------------------

PLANTED_KINDS = """
    abroad agent_phone bad_row branch_name byte_order_mark competitor competitor_duplicate
    country_code deal_in_dollars delimiter disposable double_submission encoding
    event_before_creation exactly_90_days five_channels format full_width_digits full_width_mail
    junk_phone keyword_without_leads late_crm_activities late_crm_lead_history late_web_events
    lead_mql_lead_mql_sql lost_form mail_in_capitals merge merge_chain missing_optional_column
    near_miss no_identifier no_touch over_90_days overlapping_deals refund renamed_campaign
    reordered_columns repeated_rows restated_spend returned_to_sdr role_mailbox same_file_again
    same_second same_second_regression sent_again_corrected shared_device shared_mailbox
    source_against_utm spaced_number spend_without_leads staff suspect_phone switchboard test
    three_names_mobile traditional_name typo_duplicate undeclared_column unknown_status
    win_without_lead
"""


def test_every_kind_of_trouble_is_planted(planted: dict[str, list[dict]]) -> None:
    assert sorted(planted) == sorted(PLANTED_KINDS.split())
    assert all(planted.values())


def test_leads_are_written_as_people_write(planted: dict[str, list[dict]]) -> None:
    leads = {row["lead_id"]: row for row in rows("crm_leads")}
    phones = [row["mobile_phone"] or row["phone"] for row in leads.values()]
    assert any(re.search("[０-９]{11}", phone) for phone in phones)
    assert any(phone.startswith("+86 ") for phone in phones)
    assert any(phone.startswith("0086-") for phone in phones)
    names = {row["full_name"] for row in leads.values()}
    assert {"测某", "李测", "测试"} <= names
    assert any(name.startswith(("欧阳", "司马", "诸葛")) for name in names)
    assert {"云帆物流有限公司", "云帆", "北京测试仪器有限公司"} <= {
        row["company_name"] for row in leads.values()
    }
    assert "13900001111" in {leads[x["lead"]]["mobile_phone"] for x in planted["suspect_phone"]} | {
        re.sub(r"^(\+86|0086|86)|[ -]", "", phone) for phone in phones
    }
    agents = Counter(x["mobile"] for x in planted["agent_phone"])
    assert all(count > 3 for count in agents.values())


def test_files_come_in_many_shapes(planted: dict[str, list[dict]]) -> None:
    for note in planted["encoding"]:
        data = (EXTRACTS / note["file"]).read_bytes()
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")
        assert data.decode("gb18030")
    assert {note["file"].split("/")[0] for note in planted["encoding"]} == {
        "call_center_calls", "crm_accounts", "crm_followups",
    }  # fmt: skip
    for note in planted["byte_order_mark"]:
        assert (EXTRACTS / note["file"]).read_bytes().startswith(b"\xef\xbb\xbf")
    assert {note["delimiter"] for note in planted["delimiter"]} == {";", "\t"}
    assert {note["format"] for note in planted["format"]} == {"jsonl", "jsonl.gz", "parquet"}
    assert (EXTRACTS / "legacy_notes").is_dir()
    assert any("\n" in row["description"] for row in rows("crm_leads"))
    created = [row["created_at"] for row in rows("crm_leads")]
    for form in (r"2024/\d+/\d+ \d+:\d\d", r"[\d-]{10} [\d:]{8}", r"[\d-]{10}T[\d:]{8}\+08:00"):
        assert any(re.fullmatch(form, value) for value in created), form


def test_bad_rows_stand_where_the_manifest_says(planted: dict[str, list[dict]]) -> None:
    for note in planted["bad_row"]:
        file = EXTRACTS / note["file"]
        lines = text(file).split("\n")
        bad = lines[note["line"] - 1].split(",")
        if "few" in note["reason"]:
            assert len(bad) < len(lines[0].split(","))
        else:
            assert any(cell in ("不详", "昨天", "N/A", "s-broken", "再一列") for cell in bad)


def test_deliveries_repeat_and_come_late(planted: dict[str, list[dict]]) -> None:
    again = planted["same_file_again"][0]
    assert (EXTRACTS / again["file"]).read_bytes() == (EXTRACTS / again["first"]).read_bytes()
    for table, key in (("payments", "payment_id"), ("web_events", "event_id")):
        assert Counter(Counter(row[key] for row in rows(table)).values())[2] > 0
    june = text(EXTRACTS / "web_events/extract_date=2025-08-01/part-000.csv.gz")
    assert any(re.match(r"\w+,\w+,2025-05-", line) for line in june.split("\n"))


def test_process_and_money_have_their_odd_cases(planted: dict[str, list[dict]]) -> None:
    statuses = {row["new_value"] for row in rows("crm_lead_history") if row["field"] == "status"}
    assert "待定(旧)" in statuses
    chain = {note["lead"]: note["into"] for note in planted["merge_chain"]}
    assert any(into in chain for into in chain.values())
    deleted = {row["lead_id"] for row in rows("crm_leads") if row["_is_deleted"] == "true"}
    assert deleted <= {note["lead"] for kind in ("merge", "merge_chain") for note in planted[kind]}
    won = [row for row in rows("crm_opportunities") if row["is_won"] == "true"]
    assert any(not row["lead_id"] for row in won)
    payments = list(rows("payments"))
    assert {row["currency"] for row in payments} == {"CNY", "USD"}
    assert any(row["amount"].startswith("-") for row in payments)
    spend = list(rows("ad_spend_daily"))
    assert len({row["campaign_name"] for row in spend if row["campaign_id"] == "BD-102"}) == 2
    assert "display_network" in {row["platform"] for row in spend}
    assert "display" not in {row["channel"] for row in truth("lead_channels")}


# -- the truth ----------------------------------------------------------------------------------


def test_every_lead_is_always_in_one_stage() -> None:
    stays: dict[str, list[dict]] = {}
    for row in truth("stage_intervals"):
        stays.setdefault(row["lead_id"], []).append(row)
    assert stays.keys() == {row["lead_id"] for row in rows("crm_leads")}
    for of_lead in stays.values():
        assert [row["exited_at"] for row in of_lead] == [
            *(row["entered_at"] for row in of_lead[1:]), "",
        ]  # fmt: skip
        assert of_lead[0]["move"] == "create"
    moves = Counter(row["move"] for of_lead in stays.values() for row in of_lead)
    assert all(moves[move] > 20 for move in ("advance", "skip", "regress", "exit", "reenter"))


def test_truth_tables_agree_with_each_other() -> None:
    verdicts = {row["lead_id"]: row for row in truth("lead_verdicts")}
    enquiries = [
        row for row in verdicts.values()
        if row["lead_id"] == row["survivor_lead_id"] and row["excluded"] == "false"
    ]  # fmt: skip
    funnel = truth("funnel")
    assert sum(int(row["leads"]) for row in funnel) == len(enquiries)
    stages = [column for column in funnel[0] if column.startswith("reached_")]
    for row in funnel:
        counts = [int(row["leads"]), *(int(row[stage]) for stage in stages)]
        assert counts == sorted(counts, reverse=True)
    gross_less_excluded = [r for r in verdicts.values() if r["excluded"] == "false"]
    duplicates = [r for r in gross_less_excluded if r["duplicate"] == "true"]
    assert len(gross_less_excluded) - len(duplicates) == len(enquiries)
    paid = {row["payment_id"]: row for row in rows("payments")}
    cents = sum(int(row["amount"].replace(".", "")) for row in paid.values())
    assert cents == sum(int(row["minor_units"]) for row in truth("cash"))
    assert len(truth("score_probes")) >= 1500


def test_true_effects_are_written_down() -> None:
    effects = json.loads((TRUTH / "effects.json").read_text(encoding="utf-8"))
    assert effects["response_doubling_logit"] < 0
    assert effects["halving_response_time_pp"] > 0
    assert set(effects["score_logit"]) == {
        "pricing_page_visit", "case_download", "repeat_visit",
        "decision_maker", "industry_match", "size_ok",
    }  # fmt: skip


def test_journey_tells_moves_and_passages_apart() -> None:
    journey = Journey()
    path = "lead mql lead mql sql sql recycled mql opportunity account opportunity lost"
    for at, stage in enumerate(path.split()):
        journey.enter(stage, at)
    assert [(v.stage, v.passage_no, v.visit_no, v.move) for v in journey.visits] == [
        ("lead", 1, 1, "create"), ("mql", 1, 1, "advance"), ("lead", 1, 2, "regress"),
        ("mql", 1, 2, "advance"), ("sql", 1, 1, "skip"), ("recycled", 1, 1, "exit"),
        ("mql", 2, 1, "reenter"), ("opportunity", 2, 1, "skip"), ("account", 2, 1, "advance"),
        ("opportunity", 3, 1, "reenter"), ("lost", 3, 1, "exit"),
    ]  # fmt: skip


def test_sixty_points_do_not_cross_and_one_more_visit_does() -> None:
    acts = [Act(10, "pricing_view", "s1", ""), Act(30, "page_view", "s2", "")]
    changes = [FieldChange("industry", 20, None, "零售")]
    lead = ScoredLead(5, acts, "CTO", "零售", 200, changes)
    assert lead.score_at(9) == (0, 30, 30)
    assert lead.score_at(20) == (20, 40, 60)
    assert lead.score_at(30) == (25, 40, 65)
    assert lead.crossings() == [30]
