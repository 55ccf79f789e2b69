import csv
import io
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.lib.contract import Column, Table
from dagster_project.lib.landing import reader_csv
from dagster_project.lib.landing.errors import FileRefusedError, WrongEncodingError
from tests.unit.landing_site import DAY, HEADER, Site, parse

PEOPLE = Table(
    "people",
    "crm",
    "state",
    ("id",),
    (Column("id", "string", required=True), Column("name", "string"), Column("note", "string")),
)


@pytest.fixture
def site(tmp_path):
    return Site.at(tmp_path)


def test_rows_arrive_as_written_with_their_line(site):
    site.deliver('id,name,note\n1, 王伟 ,\n2,"O""Neil, J",0013800\n'.encode())
    report = site.land()
    assert site.cells() == [("1", " 王伟 ", ""), ("2", 'O"Neil, J', "0013800")]
    first, second = site.rows()
    assert (first["_row_number"], second["_row_number"]) == (2, 3)
    assert first["_file"] == f"people/{DAY}/a.csv"
    assert first["_source_system"] == "crm"
    assert first["_extracted_at"] == "2026-07-01T23:59:59"
    assert first["_is_deleted"] is None
    assert first["_extra"] is None
    assert report.rows_landed == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_declared_columns(site, delimiter):
    content = f"id,name,note\n1,{'a;b|c' if delimiter == ',' else 'a,b'},x\n"
    if delimiter != ",":
        content = f'id{delimiter}"name"{delimiter}note\n1{delimiter}a,b{delimiter}x\n'
    entry = site.land_one(content.encode(), f"people/{DAY}/a.txt")
    assert entry.delimiter == delimiter
    assert site.cells() == [("1", "a;b|c" if delimiter == "," else "a,b", "x")]


def test_a_byte_order_mark_is_no_part_of_the_first_column(site):
    entry = site.land_one(b"\xef\xbb\xbf" + HEADER + b"1,a,b\n")
    assert entry.encoding == "utf-8-sig"
    assert site.cells() == [("1", "a", "b")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf16_is_known_by_its_mark(site, encoding):
    entry = site.land_one('id,name,note\n1,王伟,"a\nb"\n2,李娜,c\n'.encode(encoding))
    assert entry.encoding == encoding
    assert site.cells() == [("1", "王伟", "a\nb"), ("2", "李娜", "c")]
    assert [row["_row_number"] for row in site.rows()] == [2, 4]


def test_a_declared_encoding_is_tried_after_utf8_over_the_whole_file(site):
    lines = "".join(f"{n},abc,x\n" for n in range(200_000))  # more than one block before it shows
    entry = site.land_one(("id,name,note\n" + lines + "200000,王伟,备注\n").encode("gb18030"))
    assert (entry.encoding, entry.rows_landed) == ("gb18030", 200_001)
    assert site.cells()[-1] in {("99999", "abc", "x"), ("200000", "王伟", "备注")}
    assert ("200000", "王伟", "备注") in site.cells()


def test_the_next_declared_encoding_is_tried_when_one_does_not_fit(site):
    # 0x81 0x30 begins a four-byte sequence of gb18030 and is cut off by the end of the line.
    entry = site.land_one(HEADER + b"1,caf\xe9,\xa4\n")
    assert entry.encoding == "cp1252"
    assert site.cells() == [("1", "café", "¤")]


def test_an_undeclared_encoding_refuses_the_file_and_names_line_and_remedy(site):
    content = "id,at\n1,2026\n2,王伟\n".encode("gb18030")
    entry = site.land_one(content, f"visits/{DAY}/a.csv")
    assert entry.status == "failed"
    assert "line 3" in entry.message
    assert "encodings" in entry.message
    assert site.rows("visits") == []


def test_mixed_line_ends(site):
    entry = site.land_one(b"id,name,note\r\n1,a,b\n2,a,b\r\n3,a,b\r4,a,b")
    assert entry.rows_landed == 4
    assert site.cells()[3] == ("4", "a", "b")
    assert [row["_row_number"] for row in site.rows()] == [2, 3, 4, 5]


@pytest.mark.parametrize("block", range(1, 9))
def test_a_line_end_cut_in_two_is_one(block):
    landed, rejected = parse(b"id,name,note\r\n1,a,b\r\n\r\n2,a,b\r3,a,b\r\n", PEOPLE, block)
    assert [row[:2] for row in landed] == [(2, "1"), (4, "2"), (5, "3")]
    assert rejected == []


def test_columns_are_found_by_name_whatever_case_space_width_and_order(site):
    site.deliver("ＮＯＴＥ, Name ,iD\nn,王,1\n".encode())
    site.land()
    assert site.cells() == [("1", "王", "n")]


def test_undeclared_columns_are_kept_and_reported(site):
    entry = site.land_one(b"id,Rating,name,note,,\n1,hot,a,b,x,\n2,,a,b,,\n")
    assert entry.extra_columns == "Rating, column_5, column_6"
    assert site.cells("people", "id", "_extra") == [
        ("1", '{"Rating": "hot", "column_5": "x"}'),
        ("2", None),
    ]


def test_a_missing_optional_column_is_reported(site):
    entry = site.land_one(b"id,note\n1,b\n")
    assert (entry.status, entry.missing_columns) == ("landed", "name")
    assert site.cells() == [("1", None, "b")]


def test_a_missing_required_column_refuses_that_file_alone(site):
    site.deliver(b"name,note\nsecret,b\nc,d\n", f"people/{DAY}/bad.csv")
    site.deliver(HEADER + b"1,a,b\n", f"people/{DAY}/good.csv")
    report = site.land()
    entry = site.entry(f"people/{DAY}/bad.csv")
    assert (entry.status, entry.rows_in_file, entry.rows_landed) == ("failed", 2, 0)
    assert "required column(s) id" in entry.message
    assert "header (line 1)" in entry.message
    (reject,) = site.rejects()
    assert (reject["reason"], reject["row_number"]) == ("file_refused", 1)
    assert reject["raw_text"] == "name,note"
    assert site.cells() == [("1", "a", "b")]
    assert [problem.file for problem in report.problems] == [f"people/{DAY}/bad.csv"]


def test_a_file_without_header_is_refused_and_its_cells_stay_out_of_messages(site):
    entry = site.land_one("7,王伟,13800138000\n8,李娜,13900139000\n".encode())
    assert entry.status == "failed"
    assert "no header" in entry.message
    assert "王伟" not in entry.message
    assert entry.extra_columns is None


def test_a_column_twice_in_the_header_refuses_the_file(site):
    entry = site.land_one(b"id,name,note,NAME\n1,a,b,c\n")
    assert (entry.status, entry.rows_in_file) == ("failed", 1)
    assert "name" in entry.message
    assert "twice" in entry.message


def test_an_open_quote_in_the_header_refuses_the_file(site):
    entry = site.land_one(b'id,"name,note\n1,a,b\n')
    assert entry.status == "failed"
    assert "line 1" in entry.message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", HEADER, HEADER.strip()])
def test_a_file_without_rows_is_fine(site, content):
    entry = site.land_one(content)
    assert (entry.status, entry.rows_in_file, entry.rows_landed) == ("landed", 0, 0)
    assert entry.missing_columns is None


def test_a_stray_quote_costs_one_row(site):
    rows = [f"{n},a,b" for n in range(1, 52)]
    rows[10] = '11,"a,b'
    entry = site.land_one(HEADER + "\n".join(rows).encode() + b"\n")
    assert (entry.rows_in_file, entry.rows_landed, entry.rows_rejected) == (51, 50, 1)
    (reject,) = site.rejects()
    assert (reject["row_number"], reject["reason"]) == (12, "stray_quote")
    assert reject["raw_text"] == '11,"a,b'
    assert "11" not in reject["detail"].replace("41", "")
    assert entry.message == "rejected rows: 1 stray_quote; the first at 12"


@pytest.mark.parametrize(
    "broken",
    [
        b'5,"a,b',  # swallows to the quote of a later row, where it shows
        b'5,"a"x,b',
        b'5,"a,b"',  # closes well, but hides nothing: one field too few
    ],
)
def test_rows_around_a_broken_one_land(broken):
    good = b"".join(b'%d,"q ""%d""",x\n' % (n, n) for n in range(10, 60))
    landed, rejected = parse(HEADER + b"1,a,b\n" + broken + b"\n" + good, PEOPLE)
    assert len(landed) == 51
    assert [(line, raw) for line, _, raw in rejected] == [(3, broken.decode())]


def test_a_quote_that_swallows_whole_rows_and_closes_by_chance_costs_one_row():
    content = HEADER + b'1,"a,b\n2,a,b\n3,a"\n4,a,b\n'
    landed, rejected = parse(content, PEOPLE)
    assert [row[1] for row in landed] == ["2", "4"]
    assert [(line, reason) for line, reason, _ in rejected] == [
        (2, "stray_quote"),
        (4, "field_count"),
    ]


def test_a_quote_inside_an_unquoted_field_is_text():
    landed, rejected = parse(HEADER + b'1,15" screen,it"s\n2,a,b\n', PEOPLE)
    assert landed == [(2, "1", '15" screen', 'it"s'), (3, "2", "a", "b")]
    assert rejected == []


def test_rows_of_another_width_are_rejected_with_their_text(site):
    entry = site.land_one(HEADER + b"1,a\n2,a,b\n3,a,b,c\n\n4,a,b\n5,a")
    assert (entry.rows_in_file, entry.rows_landed, entry.rows_rejected) == (5, 2, 3)
    assert [(r["row_number"], r["reason"], r["raw_text"]) for r in site.rejects()] == [
        (2, "field_count", "1,a"),
        (4, "field_count", "3,a,b,c"),
        (7, "field_count", "5,a"),
    ]
    assert site.rejects()[0]["detail"] == "2 fields where the header has 3"


def test_a_ragged_row_of_several_lines_is_rejected_whole():
    landed, rejected = parse(HEADER + b'1,"a\nb",c,d,e\n2,a,b\n', PEOPLE)
    assert landed == [(4, "2", "a", "b")]
    assert rejected == [(2, "field_count", '1,"a\nb",c,d,e')]


def test_blank_lines_are_no_rows_but_count_as_lines(site):
    entry = site.land_one(b"\n" + HEADER + b"\n1,a,b\n\r\n\n2,a,b\n\n")
    assert entry.rows_in_file == 2
    assert [row["_row_number"] for row in site.rows()] == [4, 7]


def test_a_nul_byte_rejects_the_row():
    landed, rejected = parse(HEADER + b"1,a\0,b\n2,a,b\n", PEOPLE)
    assert landed == [(3, "2", "a", "b")]
    assert rejected == [(2, "nul_byte", "1,a\0,b")]


def test_quoted_line_breaks_move_the_line_numbers():
    content = HEADER + b'1,"a\nb\r\nc",x\n2,a,"\n\n"\n3,a,b\n'
    landed, _ = parse(content, PEOPLE)
    assert [(row[0], row[1]) for row in landed] == [(2, "1"), (5, "2"), (8, "3")]
    assert landed[0][2] == "a\nb\r\nc"


@pytest.mark.parametrize("cell", [b"x" * 10_000_000, b'"' + b"x,y\n" * 2_500 * 3 + b'"'])
def test_a_field_of_ten_megabytes_or_thousands_of_lines_is_fine(site, cell):
    entry = site.land_one(HEADER + b"1,a,b\n2," + cell + b",b\n3,a,b\n")
    assert (entry.rows_landed, entry.rows_rejected) == (3, 0)
    assert len(site.cells()[1][1]) == len(cell.strip(b'"'))


def test_a_quote_that_is_never_closed_costs_one_row_in_a_long_file():
    content = HEADER + b'0,"a,b\n' + b"".join(b'%d,"",b\n' % n for n in range(1, 30_000))
    landed, rejected = parse(content, PEOPLE)
    assert len(landed) == 29_999
    assert [line for line, _, _ in rejected] == [2]


def test_an_endless_line_refuses_the_file(monkeypatch):
    monkeypatch.setattr(reader_csv, "MAX_RECORD_BYTES", 1000)
    monkeypatch.setattr(reader_csv, "_WINDOW_BYTES", 100)
    with pytest.raises(FileRefusedError, match="line 3 is longer"):
        parse(HEADER + b"1,a,b\n" + b"x" * 5000, PEOPLE, block=100)


def test_a_single_column_file():
    table = Table("t", "s", "state", ("id",), (Column("id", "string", required=True),))
    landed, rejected = parse(b"ID\n1\n\n2,5\n3\n", table)
    assert landed == [(2, "1"), (5, "3")]
    assert rejected == [(4, "field_count", "2,5")]


def test_where_arrow_counts_otherwise_the_csv_module_decides(monkeypatch):
    read_csv = reader_csv.arrow_csv.read_csv
    monkeypatch.setattr(
        reader_csv.arrow_csv, "read_csv", lambda *options: read_csv(*options).slice(1)
    )
    landed, rejected = parse(HEADER + b"1,a,b\n2,a,b\n3,a\n", PEOPLE)
    assert [row[1] for row in landed] == ["1", "2"]
    assert [row[0] for row in rejected] == [4]


# --- properties

CELLS = st.text(st.sampled_from('ab王 ,;|\t"\n\r'), max_size=6)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=12)
QUOTING = st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
QUICK = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUICK
@given(ROWS, QUOTING, st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_csv_writes_is_what_lands(rows, quoting, delimiter, line_end):
    if quoting == csv.QUOTE_MINIMAL:
        line_end = "\r\n"  # with another one, Python's writer leaves a lone CR unquoted
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    writer.writerow(("id", "name", "note"))
    writer.writerows(rows)
    landed, rejected = parse(text.getvalue().encode(), PEOPLE)
    assert [row[1:] for row in landed] == rows
    assert rejected == []


FRAGMENTS = st.lists(
    st.sampled_from(
        ["a", "王", ",", ",", ",", '"', '"', '""', "\n", "\n", "\r\n", "\r", "\0", "a,b,c\n", " "]
    ),
    max_size=40,
).map("".join)


def only_slow(self):
    return None, bool(self._window.ends.size)


@settings(QUICK, max_examples=600)
@given(FRAGMENTS, st.integers(1, 40))
def test_fast_and_slow_path_agree_on_anything_and_lose_nothing(body, block):
    content = b"id,name,note\n" + body.encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader_csv, "_WINDOW_BYTES", block)
        patch.setattr(reader_csv, "_SLOW_RECORDS", 2)
        landed, rejected = parse(content, PEOPLE, block)
        patch.setattr(reader_csv.CsvReader, "_sound_records", only_slow)
        assert (landed, rejected) == parse(content, PEOPLE)
    assert_every_line_is_accounted_for(content.decode(), landed, rejected)


def assert_every_line_is_accounted_for(text, landed, rejected):
    """Between one record's line and the next stand exactly that record and blank lines."""
    lines = [*io.StringIO(text, newline="")]
    records = {row[0]: (row[1:], None) for row in landed}
    records |= {line: (None, raw) for line, _, raw in rejected}
    assert len(records) == len(landed) + len(rejected)
    starts = [*sorted(records), len(lines) + 1]
    assert all(not line.strip("\r\n") for line in lines[1 : starts[0] - 1])
    for start, end in itertools.pairwise(starts):
        cells, raw = records[start]
        mine = lines[start - 1 : end - 1]
        if cells is None:
            assert "".join(mine).rstrip("\r\n") == raw.rstrip("\r\n")
        else:
            first, *others = csv.reader(mine, strict=True)
            assert tuple(first) == cells
            assert others == [[]] * len(others)


@QUICK
@given(st.integers(1, 60), st.sampled_from(['{},"a,b', '{},"a"x,b', "{},a", "{},a,b,c", "{},\0,b"]))
def test_a_broken_row_among_plain_rows_costs_itself_alone(at, broken):
    lines = [f"{n},a,b" for n in range(1, 61)]
    lines[at - 1] = broken.format(at)
    landed, rejected = parse(("id,name,note\n" + "\n".join(lines)).encode(), PEOPLE)
    assert [int(row[1]) for row in landed] == [n for n in range(1, 61) if n != at]
    assert [row[0] for row in rejected] == [at + 1]


@QUICK
@given(st.binary(max_size=60), st.integers(1, 20))
def test_no_bytes_bring_the_reader_down(tail, block):
    try:
        landed, rejected = parse(HEADER + tail, PEOPLE, block)
    except WrongEncodingError:
        with pytest.raises(UnicodeDecodeError):
            tail.decode()
    else:
        assert_every_line_is_accounted_for((HEADER + tail).decode(), landed, rejected)
