import datetime as dt
import io
import json
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.lib.landing.arrow import text_array
from dagster_project.lib.landing.reader_parquet import to_text
from tests.unit.landing_site import DAY, Site

JSONL = f"visits/{DAY}/a.jsonl"
PARQUET = f"visits/{DAY}/a.parquet"
UTC = dt.UTC


@pytest.fixture
def site(tmp_path):
    return Site.at(tmp_path)


def parquet(columns, **options) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, **options)
    return file.getvalue()


def texts(values, kind, **options):
    array, faulty = to_text(pa.array(values, kind), **options)
    assert pa.string() in (array.type, getattr(array.type, "value_type", None))
    assert faulty == []
    return array.to_pylist()


# --- JSON lines


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson", "jsonl.gz", "JSONL"])
def test_json_scalars_become_text_as_written(site, suffix):
    lines = (
        '{"id": "1", "at": "2026-01-01", "amount": 1.50, "is_new": true, "tags": ["a", 1.0]}\n'
        '{"ID": 12345678901234567890, "at": 1e3, "amount": -0.10, "is_new": false, '
        '"tags": {"k": null, "n": 2.50}}\r\n'
        '{"at": null, "id": 3}'
    )
    site.deliver(lines.encode(), f"visits/{DAY}/a.{suffix}")
    site.land()
    assert site.cells("visits") == [
        ("1", "2026-01-01", "1.50", "true", '["a",1.0]'),
        ("12345678901234567890", "1e3", "-0.10", "false", '{"k":null,"n":2.50}'),
        ("3", None, None, None, None),
    ]
    assert [row["_row_number"] for row in site.rows("visits")] == [1, 2, 3]


def test_bad_lines_are_rejected_with_their_text_and_without_it_in_the_detail(site):
    lines = [
        '{"id": 1, "at": 2}',
        '{"id": secret, "at": 2}',
        '["secret"]',
        '"secret"',
        "",
        '{"id": 2, "Id": "secret", "at": 2}',
        r'{"id": 3, "at": "a\u0000b"}',
        r'{"id": 4, "at": "\ud800"}',
        r'{"id": 5, "at": "\u738b"}',
        '{"id": 6, "at": ' + "[" * 100_000,
        '{"id": 7, "at"',
        '{"id": 8, "at": ' + "[" * 950 + "]" * 950 + "}",
    ]
    entry = site.land_one("\n".join(lines).encode(), JSONL)
    assert (entry.rows_in_file, entry.rows_landed, entry.rows_rejected) == (11, 2, 9)
    assert site.cells("visits", "id", "at") == [("1", "2"), ("5", "王")]
    rejects = site.rejects()
    assert [(reject["row_number"], reject["reason"]) for reject in rejects] == [
        (2, "bad_json"),
        (3, "not_an_object"),
        (4, "not_an_object"),
        (6, "duplicate_key"),
        (7, "nul_byte"),
        (8, "bad_text"),
        (10, "bad_json"),
        (11, "bad_json"),
        (12, "bad_json"),
    ]
    assert [reject["raw_text"] for reject in rejects] == [
        lines[reject["row_number"] - 1] for reject in rejects
    ]
    assert not any("secret" in reject["detail"] for reject in rejects)


def test_undeclared_keys_are_kept_and_reported(site):
    entry = site.land_one(
        b'{"id": 1, "at": 2, "z": "", "Plan": {"a": 1}, "b": null}\n{"id": 2, "at": 3}\n', JSONL
    )
    assert entry.extra_columns == "Plan, b, z"
    assert entry.missing_columns == "amount, is_new, tags"
    assert site.cells("visits", "_extra") == [('{"Plan": "{\\"a\\":1}"}',), (None,)]


def test_any_number_of_keys_is_listed_in_part(site):
    keys = ", ".join(f'"k{n:03}": 1' for n in range(150))
    entry = site.land_one(f'{{"id": 1, "at": 2, {keys}}}'.encode(), JSONL)
    assert entry.extra_columns.endswith("k099 and 50 more")


def test_a_required_key_that_no_line_has_refuses_the_file(site):
    entry = site.land_one(b'{"id": 1}\n{"id": 2, "at2": 1}\n', JSONL)
    assert (entry.status, entry.rows_in_file, entry.rows_landed) == ("failed", 2, 0)
    assert "required column(s) at" in entry.message
    assert site.rows("visits") == []


def test_a_json_array_is_refused_with_the_remedy(site):
    entry = site.land_one(b'[\n{"id": 1}\n]', JSONL)
    assert entry.status == "failed"
    assert "one object per line" in entry.message


def test_an_empty_json_file_is_fine(site):
    assert site.land_one(b"\n", JSONL).status == "landed"


def test_json_lines_in_a_declared_encoding(site):
    line = json.dumps({"id": "1", "name": "王伟"}, ensure_ascii=False)
    entry = site.land_one(line.encode("gb18030"), f"people/{DAY}/a.jsonl")
    assert entry.encoding == "gb18030"
    assert site.cells("people", "name") == [("王伟",)]


# --- Parquet


def test_parquet_types_become_text(site):
    east = dt.timezone(dt.timedelta(hours=8))
    columns = {
        "id": pa.array([1, 2, None], pa.int64()),
        "AT": pa.array(
            [dt.datetime(2026, 1, 1, 8, tzinfo=east), dt.datetime(1969, 1, 1, tzinfo=UTC), None],
            pa.timestamp("us", "Asia/Shanghai"),
        ),
        "amount": pa.array([Decimal("12.5000"), Decimal("-0.0001"), None], pa.decimal128(18, 4)),
        "is_new": [True, False, None],
        "tags": pa.array([["a", "王"], [], None], pa.list_(pa.string())),
        "score": [0.1, 1e300, None],
    }
    entry = site.land_one(parquet(columns), PARQUET)
    assert site.cells("visits") == [
        ("1", "2026-01-01T00:00:00Z", "12.5000", "true", '["a","王"]'),
        ("2", "1969-01-01T00:00:00Z", "-0.0001", "false", "[]"),
        (None,) * 5,
    ]
    assert (entry.extra_columns, entry.rows_in_file) == ("score", 3)
    assert site.cells("visits", "_row_number", "_extra") == [
        (1, '{"score": "0.1"}'),
        (2, '{"score": "1e+300"}'),
        (3, None),
    ]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_an_instant_has_one_text_whatever_its_neighbours(unit):
    plain = dt.datetime(2026, 1, 31, 8, 5)
    kind, aware = pa.timestamp(unit), pa.timestamp(unit, "UTC")
    assert texts([plain], kind) == ["2026-01-31T08:05:00"]
    assert texts([plain], kind, is_instant=True) == ["2026-01-31T08:05:00Z"]
    if unit != "s":
        finer = plain.replace(microsecond=250_000)
        first, second, nothing = texts([plain, finer, None], aware)
        assert first == "2026-01-31T08:05:00Z"
        assert second.startswith("2026-01-31T08:05:00.250")
        assert dt.datetime.fromisoformat(second) == finer.replace(tzinfo=UTC)
        assert nothing is None


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1.0, 0.1, 1e16, float("nan")], pa.float64(), ["1", "0.1", "1e+16", "nan"]),
        ([0.1], pa.float32(), ["0.1"]),
        ([0.5], pa.float16(), ["0.5"]),
        ([True, None, False], pa.bool_(), ["true", None, "false"]),
        ([2**64 - 1], pa.uint64(), ["18446744073709551615"]),
        ([Decimal("1.10")], pa.decimal256(40, 2), ["1.10"]),
        ([dt.date(2026, 1, 31)], pa.date32(), ["2026-01-31"]),
        ([dt.date(2026, 1, 31)], pa.date64(), ["2026-01-31"]),
        ([dt.time(8, 5)], pa.time32("s"), ["08:05:00"]),
        ([5], pa.duration("s"), ["5"]),
        (["王", None], pa.large_string(), ["王", None]),
        (["王", None], pa.string_view(), ["王", None]),
        (["王", None, "王"], pa.dictionary(pa.int8(), pa.string()), ["王", None, "王"]),
        ([b"ab"], pa.binary(2), ["ab"]),
        (["王".encode(), None], pa.binary(), ["王", None]),
        ([None], pa.null(), [None]),
        ([{"a": 1}], pa.struct([("a", pa.int64())]), ['{"a":1}']),
        ([[dt.date(2026, 1, 31)]], pa.list_(pa.date32()), ['["2026-01-31"]']),
    ],
)
def test_a_type_as_text(values, kind, expected):
    assert texts(values, kind) == expected


def test_no_text_is_copied_for_a_sliced_array():
    array = pa.array(["a", "b\0", "c", None, "d"]).slice(2)
    text, faulty = to_text(array)
    assert text.to_pylist() == ["c", None, "d"]
    assert faulty == []


def test_int96_is_utc(site):
    instants = pa.array([dt.datetime(2026, 1, 1, 8)], pa.timestamp("ns"))
    content = parquet({"id": ["1"], "at": instants}, use_deprecated_int96_timestamps=True)
    site.land_one(content, PARQUET)
    assert site.cells("visits", "at") == [("2026-01-01T08:00:00Z",)]


def test_cells_that_are_not_text_reject_their_row(site):
    columns = {
        "id": pa.array([b"1", b"2", b"\xff", b"4"], pa.binary()),
        "at": ["a", "b\0", "c", "d"],
        "amount": [1, 2, 3, 4],
    }
    entry = site.land_one(parquet(columns), PARQUET)
    assert (entry.rows_in_file, entry.rows_landed, entry.rows_rejected) == (4, 2, 2)
    assert site.cells("visits", "id", "_row_number") == [("1", 1), ("4", 4)]
    assert [(r["row_number"], r["reason"], r["raw_text"]) for r in site.rejects()] == [
        (2, "nul_byte", '{"id":"2","at":"b\\u0000","amount":2}'),
        (3, "bad_text", '{"id":"\\\\xff","at":"c","amount":3}'),
    ]


def test_columns_of_few_values_come_through_all_row_groups(site):
    n = 30_000
    columns = {
        "id": [str(row) for row in range(n)],
        "at": [f"d{row // 100 % 7 if row % 5 else None}" for row in range(n)],
        "tags": pa.array([None if row % 3 else f"t{row // 10_000}" for row in range(n)]),
        "_is_deleted": [row % 2 == 0 for row in range(n)],
        "_source_system": pa.array(
            ["x" if row % 2 else "" for row in range(n)]
        ).dictionary_encode(),
    }
    site.land_one(parquet(columns, row_group_size=7_000), PARQUET)
    rows = sorted(site.rows("visits"), key=lambda row: int(row["id"]))
    for name in ("id", "at", "tags"):
        assert [row[name] for row in rows] == pa.array(columns[name]).to_pylist()
    assert [row["_is_deleted"] for row in rows[:2]] == ["true", "false"]
    assert [row["_source_system"] for row in rows[:2]] == ["crm", "x"]


def test_a_cut_off_parquet_file_is_refused(site):
    content = parquet({"id": ["1"], "at": ["2"]})
    entry = site.land_one(content[:-7], PARQUET)
    assert entry.status == "failed"
    assert "deliver it again" in entry.message


def test_a_damaged_parquet_page_refuses_the_file_and_leaves_nothing(site):
    content = bytearray(parquet({"id": [f"{n:09}" for n in range(200_000)], "at": ["2"] * 200_000}))
    content[1000:400_000] = bytes(399_000)
    entry = site.land_one(bytes(content), PARQUET)
    assert (entry.status, site.rows("visits")) == ("failed", [])


def test_parquet_lacking_a_required_column_is_refused(site):
    entry = site.land_one(parquet({"id": ["1", "2"]}), PARQUET)
    assert (entry.status, entry.rows_in_file) == ("failed", 2)
    assert "required column(s) at" in entry.message


# --- what readers of the landing see


def test_duckdb_reads_batches_of_different_width_by_name(site):
    site.deliver(b"id,note\n1,a\n")
    site.deliver(b"name,id,vip\nb,2,y\n", f"people/{DAY}/b.csv")
    site.land()
    folder = site.settings.landing
    query = f"from read_parquet('{folder}/people/*.parquet', union_by_name = true)"
    columns = "id, name, note, _extra, _row_number"
    rows = duckdb.sql(f"select {columns} {query} order by id").fetchall()
    assert rows == [("1", None, "a", None, 2), ("2", "b", None, '{"vip": "y"}', 2)]
    types = {name: kind for name, kind, *_ in duckdb.sql(f"describe {query}").fetchall()}
    assert types.pop("_row_number") == "BIGINT"
    assert set(types.values()) == {"VARCHAR"}
    empty = f"from read_parquet('{folder}/visits/*.parquet', union_by_name = true)"
    assert len(duckdb.sql(f"describe {empty}").fetchall()) == 12
    rejects = f"from read_parquet('{folder}/_rejects/*.parquet')"
    assert duckdb.sql(f"select count(*) {rejects}").fetchall() == [(0,)]
    ledger = f"from read_parquet('{folder}/_ledger.parquet')"
    assert duckdb.sql(f"select sum(rows_landed)::int {ledger}").fetchall() == [(2,)]


def test_what_the_file_says_about_itself_wins_over_its_path(site):
    site.deliver(
        b"id,_source_system,_extracted_at,_is_deleted,_batch_id\n"
        b"1,hub,2026-06-01T00:00:00+08:00,true,x\n2, ,,,\n",
        f"people/source_system=sf/{DAY}/a.csv",
    )
    site.land()
    names = ("_source_system", "_extracted_at", "_is_deleted", "_extra")
    assert site.cells("people", *names) == [
        ("hub", "2026-06-01T00:00:00+08:00", "true", '{"_batch_id": "x"}'),
        ("sf", "2026-07-01T23:59:59", "", None),
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=5)))
def test_text_arrays_are_what_arrow_would_make(values):
    array = text_array(values)
    array.validate(full=True)
    assert array.equals(pa.array(values, pa.string()))
