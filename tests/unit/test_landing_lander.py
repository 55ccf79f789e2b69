import fcntl
import gzip
import itertools
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.lib.landing import lander
from dagster_project.lib.landing.__main__ import main
from dagster_project.lib.landing.errors import LandingLockedError, LedgerDamagedError
from dagster_project.lib.landing.reader_csv import CsvReader
from dagster_project.lib.settings import PROJECT_ROOT, SettingsError
from tests.unit.landing_site import DAY, HEADER, SOURCES, Site, contract_of

LATER = "extract_date=2026-07-02"
A = f"people/{DAY}/a.csv"
ROWS = HEADER + b"1,a,b\n2,c,d\n"


@pytest.fixture
def site(tmp_path):
    return Site.at(tmp_path)


@pytest.fixture
def sites(tmp_path):
    """Makes further sites with the same contract."""
    numbers = itertools.count()

    def make() -> Site:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return Site.at(folder)

    return make


def statuses(site: Site) -> dict[str, str]:
    return {entry.file: entry.status for entry in site.entries()}


# --- the ledger


def test_an_entry_tells_all_about_a_file(site):
    site.deliver(b"ID;note;vip\n1;b;x\n2;c\n")
    report = site.land()
    entry = site.entry()
    assert (entry.table_name, entry.status) == ("people", "landed")
    assert (entry.format, entry.encoding, entry.delimiter) == ("csv", "utf-8", ";")
    assert (entry.rows_in_file, entry.rows_landed, entry.rows_rejected) == (2, 1, 1)
    assert (entry.missing_columns, entry.extra_columns) == ("name", "vip")
    assert str(entry.extract_date) == "2026-07-01"
    assert len(entry.content_hash) == 64
    assert entry.landed_at is not None
    (batch,) = site.settings.landing.glob("people/[!_]*.parquet")
    assert batch.stem == entry.batch_id
    assert {row["batch_id"] for row in site.rejects()} == {entry.batch_id}
    assert {row["_batch_id"] for row in site.rows()} == {entry.batch_id}
    (file,) = report.files
    assert (file.rows_in_file, file.rows_landed, file.rows_rejected) == (2, 1, 1)
    assert "undeclared column(s) kept in _extra: vip" in file.messages


def test_every_declared_table_has_a_schema_of_all_columns(site):
    site.land()
    for table in site.contract.tables.values():
        schema = pq.read_schema(site.settings.landing / table.name / "_schema.parquet")
        assert schema.names[: -len(lander.landed_schema([]))] == list(table.column_names)
        assert schema.field("_row_number").type == pa.int64()
    assert site.entries() == []


def test_nothing_new_is_nothing_done(site, monkeypatch):
    site.deliver(ROWS)
    site.deliver(b"name\nx\n", f"people/{DAY}/bad.csv")
    site.deliver(b"x", "leads/x.csv")
    monkeypatch.setattr(lander, "_SETTLED_SECONDS", -1)
    site.land()
    before = {path: path.stat().st_mtime_ns for path in site.settings.landing.rglob("*.parquet")}
    monkeypatch.setattr(lander, "identify", None)  # no file is even opened
    report = site.land()
    assert report.nothing_new
    assert report.unchanged == 3
    assert {problem.status for problem in report.problems} == {"failed", "unknown"}
    assert "Nothing new" in report.summary()
    after = {path: path.stat().st_mtime_ns for path in site.settings.landing.rglob("*.parquet")}
    assert after == before


def test_a_touched_file_is_hashed_and_not_landed_again(site):
    path = site.deliver(ROWS)
    site.land()
    os.utime(path, (1, 1))
    report = site.land()
    assert report.nothing_new
    assert len(site.rows()) == 2


def test_a_change_that_hides_behind_size_and_time_is_found(site, monkeypatch):
    monkeypatch.setattr(lander, "_SETTLED_SECONDS", -1)
    path = site.deliver(ROWS)
    stat = path.stat()
    site.land()
    time.sleep(0.02)  # more than one tick of the kernel's clock
    path.write_bytes(ROWS.replace(b"1,a", b"3,a"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    site.land()
    assert sorted(row[0] for row in site.cells()) == ["1", "2", "2", "3"]


def test_the_index_may_vanish(site):
    site.deliver(ROWS)
    site.land()
    state, landed_at = site.state(), site.entry().landed_at
    (site.settings.landing / "_index.parquet").unlink()
    site.land()
    assert site.state() == state
    assert site.entry().landed_at == landed_at


def test_an_index_that_cannot_be_read_only_costs_hashing(site):
    site.deliver(ROWS)
    site.land()
    state = site.state()
    (site.settings.landing / "_index.parquet").write_bytes(b"rubbish")
    site.land()
    assert site.state() == state


def test_a_damaged_ledger_says_how_to_rebuild_it(site):
    path = site.deliver(ROWS)
    site.land()
    state = site.state()
    path.unlink()  # not even the delivery is needed
    ledger = site.settings.landing / "_ledger.parquet"
    ledger.write_bytes(b"rubbish")
    with pytest.raises(LedgerDamagedError, match="Delete it and land again"):
        site.land()
    ledger.unlink()
    site.land()
    assert site.state() == state


# --- the same content, changed content, order


def test_equal_content_lands_once_under_its_earliest_date(site):
    site.deliver(ROWS)
    site.deliver(ROWS, f"people/{LATER}/b.csv.gz")
    report = site.land()
    assert statuses(site) == {A: "landed", f"people/{LATER}/b.csv.gz": "duplicate"}
    assert len(site.rows()) == 2
    assert report.rows_landed == 2
    duplicate = site.entry(f"people/{LATER}/b.csv.gz")
    assert (duplicate.rows_in_file, duplicate.rows_landed, duplicate.rows_rejected) == (0, 0, 0)
    assert duplicate.batch_id == site.entry().batch_id
    assert A in duplicate.message


def test_an_earlier_date_that_arrives_later_takes_over(site):
    site.deliver(ROWS + b"bad\n", f"people/{LATER}/b.csv")
    site.land()
    assert {row["_extracted_at"] for row in site.rows()} == {"2026-07-02T23:59:59"}
    site.deliver(ROWS + b"bad\n")
    site.land()
    assert statuses(site) == {A: "landed", f"people/{LATER}/b.csv": "duplicate"}
    assert {row["_extracted_at"] for row in site.rows()} == {"2026-07-01T23:59:59"}
    assert [reject["file"] for reject in site.rejects()] == [A]


def test_of_one_date_the_first_path_is_landed(site):
    site.deliver(ROWS, f"people/{DAY}/b.csv")
    site.land()
    site.deliver(ROWS)
    site.land()
    assert {row["_file"] for row in site.rows()} == {A}


def test_two_source_systems_may_deliver_the_same(site):
    site.deliver(ROWS, f"people/source_system=x/{DAY}/a.csv")
    site.deliver(ROWS, f"people/source_system=y/{DAY}/a.csv")
    site.land()
    assert set(statuses(site).values()) == {"landed"}
    assert sorted(row[0] for row in site.cells("people", "_source_system")) == list("xxyy")


def test_a_changed_file_is_a_further_batch_and_the_old_one_stays(site):
    path = site.deliver(ROWS)
    site.land()
    path.write_bytes(HEADER + b"1,z,z\n")
    site.land()
    assert sorted(site.cells()) == [("1", "a", "b"), ("1", "z", "z"), ("2", "c", "d")]
    assert [entry.status for entry in site.entries()] == ["landed", "landed"]
    path.write_bytes(ROWS)
    site.land()
    assert len(site.rows()) == 3


def test_a_file_taken_away_stays_landed(site):
    path = site.deliver(ROWS)
    site.land()
    state = site.state()
    path.unlink()
    site.land()
    assert site.state() == state


DELIVERIES = {
    A: ROWS,
    f"people/{LATER}/b.csv.gz": ROWS,
    f"people/{DAY}/c.csv": HEADER + b'3,"x\n',
    f"people/{LATER}/c.jsonl": b'{"id": 4}\n',
    f"people/{DAY}/bad.csv": b"name\nx\n",
    "leads/x.csv": b"x",
}


def test_order_and_repetition_of_deliveries_change_nothing(site, sites):
    for file, content in DELIVERIES.items():
        site.deliver(content, file)
    site.land()
    expected = site.state()
    for order in itertools.islice(itertools.permutations(DELIVERIES), 0, 720, 90):
        other = sites()
        for file in order:
            other.deliver(DELIVERIES[file], file)
            other.land()
        other.land()
        assert other.state() == expected


def test_landing_table_by_table_gives_the_same(site, sites):
    other = sites()
    for file, content in DELIVERIES.items():
        site.deliver(content, file)
        other.deliver(content, file)
    site.land()
    for table in reversed(other.contract.tables):
        other.land(tables=[table])
    assert "leads/x.csv" not in statuses(other)
    other.land()
    assert other.state() == site.state()


def test_an_undeclared_table_cannot_be_asked_for(site):
    with pytest.raises(ValueError, match="leads"):
        site.land(tables=["leads", "people"])


# --- refused and unknown files


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("leads/extract_date=2026-07-01/a.csv", "no table leads is declared"),
        ("peeple/extract_date=2026-07-01/a.csv", "did you mean people?"),
        (f"people/{DAY}/a.xlsx", "unknown kind of file"),
        ("README.md", "folder named like their table"),
    ],
)
def test_unknown_files_are_reported_and_not_fatal(site, file, words):
    site.deliver(b"x", file)
    site.deliver(ROWS)
    report = site.land()
    assert statuses(site) == {file: "unknown", A: "landed"}
    assert words in site.entry(file).message
    assert [problem.file for problem in report.problems] == [file]
    (site.settings.extracts / file).unlink()
    assert site.land().problems == []
    assert statuses(site) == {A: "landed"}


def test_hidden_temporary_and_linked_files_are_no_deliveries(site):
    for name in (".a.csv", "_SUCCESS", "_a.csv", "a.csv.tmp"):
        site.deliver(ROWS, f"people/{DAY}/{name}")
    site.deliver(ROWS, f"people/_work/{DAY}/a.csv")
    outside = site.settings.home.parent / "secret.csv"
    outside.write_bytes(ROWS)
    (site.settings.extracts / "people" / DAY / "link.csv").symlink_to(outside)
    assert site.land().nothing_new
    assert site.entries() == []


@pytest.mark.parametrize("folder", ["people", "people/extract_date=2026-7-1", "people/2026-07-01"])
def test_a_path_without_extract_date_refuses_the_file(site, folder):
    entry = site.land_one(ROWS, f"{folder}/a.csv")
    assert entry.status == "failed"
    assert "extract_date=YYYY-MM-DD" in entry.message
    assert site.rows() == []


@pytest.mark.parametrize("cut", [5, -9, -1])
def test_a_truncated_gzip_file_is_refused_whole(site, cut):
    path = site.deliver(b"", f"people/{DAY}/a.csv.gz")
    path.write_bytes(gzip.compress(HEADER + b"1,a,b\n" * 100_000)[:cut])
    site.land()
    entry = site.entry(f"people/{DAY}/a.csv.gz")
    assert (entry.status, entry.rows_in_file, entry.rows_landed) == ("failed", None, 0)
    assert "deliver it again" in entry.message
    assert site.rows() == []


def test_a_gzip_file_with_a_wrong_checksum_is_refused(site):
    path = site.deliver(b"", f"people/{DAY}/a.csv.gz")
    content = bytearray(gzip.compress(ROWS))
    content[-8] ^= 1
    path.write_bytes(content)
    site.land()
    assert site.entry(f"people/{DAY}/a.csv.gz").status == "failed"


def test_compression_is_seen_in_the_content_not_in_the_name(site):
    site.deliver(ROWS, f"people/{DAY}/a.csv").write_bytes(gzip.compress(ROWS))
    site.land()
    assert site.entry().rows_landed == 2


def test_a_refused_file_that_is_delivered_again_is_refused_no_more(site):
    path = site.deliver(b"name\nx\n")
    assert site.land().count("failed") == 1
    path.write_bytes(ROWS)
    report = site.land()
    assert report.problems == []
    assert statuses(site) == {A: "landed"}
    assert site.rejects() == []


def test_equal_refused_files_are_refused_each(site):
    site.deliver(b"name\nx\n")
    site.deliver(b"name\nx\n", f"people/{DAY}/b.csv")
    site.land()
    assert set(statuses(site).values()) == {"failed"}
    assert len(site.rejects()) == 2


def test_a_file_that_may_not_be_read_is_refused(site, monkeypatch):
    site.deliver(ROWS)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", denied_for(A))
        site.land()
    assert "let this user read it" in site.entry().message
    site.land()
    assert site.entry().status == "landed"


def denied_for(file):
    """Path.open as another user would find it; the tests may run as root."""
    open_path = Path.open

    def open_or_not(path, *arguments, **options):
        if path.as_posix().endswith(file):
            raise PermissionError(13, "Permission denied", str(path))
        return open_path(path, *arguments, **options)

    return open_or_not


def test_messages_and_reports_hold_no_cell(site):
    site.deliver(HEADER + b'1,secret,"secret\n2,secret\n3,sec\0ret,x\n4,"a"secret,b\n')
    site.deliver(b"secret,13800138000\n", f"people/{DAY}/b.csv")
    site.deliver(b'{"id": "secret"\n{"name": "secret"}\n', f"people/{DAY}/c.jsonl")
    said = []
    report = site.land(progress=said.append)
    told = [*said, report.summary(), *map(str, report.files), *map(str, site.entries())]
    assert not any("secret" in text or "13800138000" in text for text in told)
    assert not any("secret" in reject["detail"] for reject in site.rejects())


# --- a changed contract


def test_a_changed_contract_reads_the_files_again(site, tmp_path):
    site.deliver(HEADER.replace(b"note", b"rank") + b"1,a,b\n")
    site.deliver(b"note\nx\n", f"people/{DAY}/bad.csv")
    site.land()
    assert site.cells("people", "_extra") == [('{"rank": "b"}',)]
    renamed = SOURCES.replace("name: note", "name: rank").replace(", required: true", "", 1)
    changed = replace(site, contract=contract_of(renamed, tmp_path))
    changed.land()
    assert changed.cells("people", "rank", "_extra") == [
        ("b", None),
        (None, '{"note": "x"}'),
    ]
    assert set(statuses(changed).values()) == {"landed"}
    assert changed.rejects() == []


def test_what_a_changed_contract_refuses_is_refused_in_every_copy(site, tmp_path):
    site.deliver(b"id,name\n1,a\n")
    site.deliver(b"id,name\n1,a\n", f"people/{LATER}/b.csv")
    site.land()
    strict = SOURCES.replace(
        "{name: note, data_type: string}",
        "{name: note, data_type: string, config: {meta: {required: true}}}",
    )
    changed = replace(site, contract=contract_of(strict, tmp_path))
    changed.land()
    assert set(statuses(changed).values()) == {"failed"}
    assert (changed.rows(), len(changed.rejects())) == ([], 2)
    site.land()
    assert sorted(statuses(site).values()) == ["duplicate", "landed"]


def test_a_file_that_is_gone_stays_landed_under_a_changed_contract(site, tmp_path):
    path = site.deliver(ROWS)
    site.land()
    path.unlink()
    changed = replace(site, contract=contract_of(SOURCES.replace("note", "rank"), tmp_path))
    changed.land()
    assert changed.cells("people", "id", "note") == [("1", "b"), ("2", "d")]


# --- faults


def stop_at(monkeypatch, name, owner=lander.Ledger):
    def stop(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(owner, name, stop)


def crash(site, monkeypatch):
    """Everything is written but the ledger."""
    with monkeypatch.context() as patch:
        stop_at(patch, "save")
        with pytest.raises(KeyboardInterrupt):
            site.land()


def test_a_crash_before_the_ledger_loses_and_doubles_nothing(site, sites, monkeypatch):
    for file, content in DELIVERIES.items():
        site.deliver(content, file)
    crash(site, monkeypatch)
    assert site.entries() == []
    other = sites()
    for file, content in DELIVERIES.items():
        other.deliver(content, file)
    other.land()
    site.land()
    assert site.state() == other.state()


def test_what_is_whole_after_a_crash_is_not_parsed_again(site, monkeypatch):
    site.deliver(ROWS + b"bad\n")
    crash(site, monkeypatch)
    monkeypatch.setattr(lander._Landing, "_parse", None)
    site.land()
    assert (len(site.rows()), len(site.rejects())) == (2, 1)


def test_a_batch_written_before_a_crash_counts_as_delivered(site, monkeypatch):
    path = site.deliver(ROWS + b"bad\n")
    crash(site, monkeypatch)
    path.unlink()
    site.land()
    assert statuses(site) == {A: "landed"}
    assert (len(site.rows()), len(site.rejects())) == (2, 1)


def test_a_crash_while_an_earlier_date_takes_over(site, sites, monkeypatch):
    site.deliver(ROWS, f"people/{LATER}/b.csv")
    site.land()
    site.deliver(ROWS)
    with monkeypatch.context() as patch:
        stop_at(patch, "_sweep", lander._Landing)  # after the ledger, before the old batch goes
        with pytest.raises(KeyboardInterrupt):
            site.land()
    site.land()
    assert {row["_file"] for row in site.rows()} == {A}
    assert len(site.rows()) == 2


def test_leftovers_of_a_killed_landing_are_removed(site):
    site.deliver(ROWS)
    site.land()
    state = site.state()
    landing = site.settings.landing
    for name in ("people/x.parquet.tmp", "_rejects/x.parquet.tmp", "_ledger.parquet.tmp"):
        (landing / name).write_bytes(b"half")
    (batch,) = landing.glob("people/[!_]*.parquet")
    (landing / "people" / "20260701_0000000000000000.parquet").write_bytes(batch.read_bytes())
    (landing / "_rejects" / "20260701_0000000000000000.parquet").write_bytes(b"half")
    site.land()
    assert site.state() == state
    assert list(landing.rglob("*.tmp")) == []


def test_a_deleted_batch_is_landed_again(site):
    site.deliver(ROWS)
    site.deliver(ROWS, f"people/{LATER}/b.csv")
    site.land()
    state = site.state()
    (batch,) = site.settings.landing.glob("people/[!_]*.parquet")
    batch.unlink()
    report = site.land()
    assert site.state() == state
    assert report.lost == []


def test_a_deleted_batch_comes_back_from_a_duplicate(site):
    path = site.deliver(ROWS)
    site.deliver(ROWS, f"people/{LATER}/b.csv")
    site.land()
    path.unlink()
    (batch,) = site.settings.landing.glob("people/[!_]*.parquet")
    batch.unlink()
    report = site.land()
    assert len(report.lost) == 1
    assert {row["_file"] for row in site.rows()} == {f"people/{LATER}/b.csv"}


def test_a_batch_that_cannot_come_back_is_reported(site):
    path = site.deliver(ROWS)
    site.land()
    path.unlink()
    (batch,) = site.settings.landing.glob("people/[!_]*.parquet")
    batch.unlink()
    report = site.land()
    assert [line.split(":")[0] for line in report.lost] == [A]
    assert site.entries() == []


def test_deleted_rejects_are_written_again(site):
    site.deliver(ROWS + b"bad\n")
    site.land()
    state = site.state()
    (rejects,) = site.settings.landing.glob("_rejects/[!_]*.parquet")
    rejects.unlink()
    site.land()
    assert site.state() == state


@pytest.mark.parametrize("rows", [2, 400_000])  # within one block, and over several
def test_a_file_written_to_while_it_is_read_is_left_for_later(site, monkeypatch, rows):
    path = site.deliver(HEADER + b"1,a,b\n" * rows)
    chunks = CsvReader.chunks

    def append_meanwhile(reader):
        with path.open("ab") as file:
            file.write(b"3,e,f\n")
        yield from chunks(reader)

    with monkeypatch.context() as patch:
        patch.setattr(CsvReader, "chunks", append_meanwhile)
        report = site.land()
    assert [file.status for file in report.files] == ["skipped"]
    assert (site.rows(), site.entries()) == ([], [])
    site.land()
    assert site.entry().rows_landed == rows + 1


def test_a_failing_write_leaves_no_half_batch(site, monkeypatch):
    site.deliver(ROWS)

    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(lander.BatchWriter, "close", full)
        with pytest.raises(OSError, match="No space left"):
            site.land()
    assert [path.name for path in site.settings.landing.rglob("people/*")] == []
    site.land()
    assert len(site.rows()) == 2


def test_a_killed_process_loses_and_doubles_nothing(site, sites):
    """SIGKILL at several moments of a landing of many files, then a whole landing."""
    for n in range(60):
        site.deliver(HEADER + b"%d,a,b\n" % n * 500, f"people/{DAY}/{n:02}.csv")
    code = (
        "import sys; from pathlib import Path; from tests.unit.landing_site import *\n"
        "from dagster_project.lib.contract import read_contract\n"
        "from dagster_project.lib.settings import Settings\n"
        "root = Path(sys.argv[1])\n"
        "site = Site(Settings(home=root / 'home', extracts=root / 'extracts'),\n"
        "            read_contract([root / '_crm__sources.yml']))\n"
        "site.land(progress=lambda line: print(line, flush=True))\n"
    )
    root = site.settings.home.parent
    for files in (1, 25):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, cwd=PROJECT_ROOT
        )
        for _ in range(files):
            process.stdout.readline()
        process.kill()
        process.communicate()
    site.land()
    assert len(site.entries()) == 60
    assert sum(entry.rows_landed for entry in site.entries()) == 30_000
    assert len(site.rows()) == 30_000


# --- the lock


def test_two_landings_do_not_interleave(site, monkeypatch):
    site.deliver(ROWS)
    said = []
    inside = threading.Event()
    run = lander._Landing.run

    def slow(landing):
        inside.set()
        time.sleep(0.4)
        return run(landing)

    monkeypatch.setattr(lander._Landing, "run", slow)
    first = threading.Thread(target=site.land)
    first.start()
    inside.wait()
    report = site.land(progress=said.append)
    first.join()
    assert report.nothing_new
    assert said == [f"waiting for another landing (process {os.getpid()}) to finish"]
    assert len(site.rows()) == 2


def test_a_lock_held_too_long_is_an_error_that_names_the_holder(site):
    site.settings.landing.mkdir(parents=True)
    with (site.settings.landing / ".lock").open("w") as file:
        file.write("4711")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(LandingLockedError, match="process 4711"):
            site.land(lock_timeout=0.0)


# --- the command


def test_the_command_lands_and_reports(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LEADHOUSE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEADHOUSE_EXTRACTS", str(tmp_path / "extracts"))
    assert main([]) == 2
    assert "LEADHOUSE_EXTRACTS" in capsys.readouterr().err
    folder = tmp_path / "extracts" / "crm_users" / DAY
    folder.mkdir(parents=True)
    (folder / "a.csv").write_bytes(b"user_id,name\nu1,x\n")
    assert main(["crm_users"]) in {0, 1}
    assert "crm_users" in capsys.readouterr().out
    assert main(["nonsense"]) == 2


def test_no_folder_of_extracts_is_a_clear_error(site):
    site.settings.extracts.rmdir()
    with pytest.raises(SettingsError, match="LEADHOUSE_EXTRACTS"):
        site.land()
