"""Suites are read strictly, judged by name, and tell numbers only."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from dagster_project.lib import expectations
from dagster_project.lib.expectations import SuiteError, judge, load_suites, skipped, verify
from dagster_project.lib.settings import PROJECT_ROOT

SUITE = """
table: raw.leads
description: Leads as delivered.
expectations:
  - name: delivered
    type: expect_table_row_count_to_be_between
    kwargs: {min_value: 1}
    severity: critical
    notes: At least one lead.
  - name: mail_filled
    type: expect_column_values_to_not_be_null
    kwargs: {column: mail, mostly: 0.9}
    severity: warning
    notes: Nearly every lead has a mail.
  - name: few_from_abroad
    type: expect_column_values_to_be_between
    query: select avg((country <> 'CN')::int) as share_abroad from {table}
    kwargs: {column: share_abroad, max_value: 0.5}
    severity: critical
    notes: At most half come from abroad.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "leads.yml").write_text(SUITE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.leads as select * from (values"
            " (1, 'secret@example.cn', 'CN'), (2, null, 'CN'), (3, 'x@example.cn', 'SG')"
            ") as t(id, mail, country)"
        )
        yield connection


def suite_of(folder: Path) -> expectations.Suite:
    return load_suites(folder, "raw")[0]


def test_a_suite_is_read_in_the_order_of_the_file(folder):
    names = [expectation.name for expectation in suite_of(folder).expectations]
    assert names == ["delivered", "mail_filled", "few_from_abroad"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("table: raw.leads", "table: raw.lead", "must begin with `table: raw.leads`"),
        ("severity: warning", "severity: bad", "severity must be one of"),
        ("    notes: At least one lead.\n", "", "lacks ['notes']"),
        ("name: mail_filled", "name: delivered", "used twice: ['delivered']"),
        ("name: mail_filled", "name: mail filled", "letters, digits and underscores"),
        ("    kwargs: {min_value: 1}", "    kwarg: {min_value: 1}", "unknown keys ['kwarg']"),
        ("description:", "descripton:", "unknown keys ['descripton']"),
    ],
)
def test_a_mistake_in_a_file_is_an_error_that_names_it(folder, old, new, message):
    path = folder / "raw" / "leads.yml"
    path.write_text(SUITE.replace(old, new), encoding="utf-8")
    with pytest.raises(SuiteError) as error:
        load_suites(folder, "raw")
    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_outcomes_are_in_the_order_of_the_suite_and_hold_numbers_only(folder, connection):
    outcomes = judge(suite_of(folder), connection, "raw.leads")
    assert [(outcome.name, outcome.passed) for outcome in outcomes] == [
        ("delivered", True),
        ("mail_filled", False),
        ("few_from_abroad", True),
    ]
    assert outcomes[1].counts["unexpected_count"] == 1
    assert outcomes[2].counts == {"share_abroad": pytest.approx(1 / 3)}
    assert "secret@example.cn" not in repr(outcomes)
    assert outcomes[1].sentence.startswith("raw.leads: mail_filled (element_count 3")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "expect_nothing"}, "no such type 'expect_nothing'"),
        ({"kwargs": {"min_vlue": 1}}, "min_vlue"),
        ({"query": "select nothing from {table}"}, "nothing"),
        ({"query": "select mail::int as n from {table}"}, "ConversionException"),
        (
            {
                "type": "expect_column_values_to_be_between",
                "kwargs": {"column": "mail", "min_value": 1},
            },
            "could not be evaluated",
        ),
    ],
)
def test_what_can_not_be_evaluated_is_an_error_and_not_a_failed_check(
    folder, connection, change, message
):
    suite = suite_of(folder)
    broken = replace(suite.expectations[0], **change)
    with pytest.raises(SuiteError) as error:
        judge(replace(suite, expectations=(broken,)), connection, "raw.leads")
    assert message in str(error.value)
    assert "leads.yml" in str(error.value)
    assert "secret@example.cn" not in str(error.value)


def test_an_expectation_that_great_expectations_drops_is_noticed(folder, monkeypatch):
    monkeypatch.setattr(
        "great_expectations.ExpectationSuite",
        lambda **suite: SimpleNamespace(expectations=suite["expectations"][:-1]),
    )
    with pytest.raises(SuiteError, match="kept 2 of 3"):
        verify(suite_of(folder))


def test_an_absent_table_is_skipped_and_says_so(folder):
    outcomes = skipped(suite_of(folder), "never delivered")
    assert all(outcome.passed and outcome.skipped == "never delivered" for outcome in outcomes)


@pytest.mark.parametrize("schema", ["raw", "marts"])
def test_our_own_suites_are_understood_by_great_expectations(schema):
    suites = load_suites(PROJECT_ROOT / "expectations", schema)
    assert suites
    for suite in suites:
        verify(suite)
        assert suite.description
