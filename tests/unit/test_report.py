"""What a person reads: aligned, honest about missing numbers, and it says what to do."""

import contextlib
import io
import json
import os

import pytest

from dagster_project.lib import report, results_page
from dagster_project.lib.deliveries import next_tick, note_start, note_success, recalled
from dagster_project.lib.report import Progress, cells, clipped, failure, roi_table, table, wilson
from tests.unit.toy_warehouse import settings_of


def test_chinese_characters_take_two_cells():
    lines = table(["channel", "n"], [["搜索广告", "1"], ["direct", "1,000"]]).split("\n")
    assert cells(lines[2]) == cells(lines[3]) == cells(lines[1])
    assert lines[2].endswith("    1")


def test_text_is_cut_to_cells():
    assert clipped("搜索广告", 5) == "搜索…"
    assert clipped("short", 5) == "short"


def test_the_interval_is_wilsons():
    low, high = wilson(2, 20)
    assert (round(low, 4), round(high, 4)) == (0.0279, 0.3010)
    assert wilson(0, 0) == (None, None)


ROI_ROW = ["paid_search", "搜索广告", 10, 2, 10000, 30000, 25000, 20000, True, False, False]


@pytest.mark.parametrize(
    ("change", "roi", "status"),
    [
        ({}, "150.0%", "ok"),
        ({4: 0}, "–", "no_spend"),
        ({6: 0}, "-100.0%", "no_cash"),
        ({6: 0, 10: True}, "–", "not_creditable"),
        ({8: False}, "–", "immature"),
        ({9: True}, "–", "not_computable"),
        ({4: None}, "–", "not_computable"),
    ],
)
def test_a_ratio_is_shown_only_where_it_means_something(change, roi, status):
    row = [change.get(i, value) for i, value in enumerate(ROI_ROW)]
    line = roi_table([row]).split("\n")[2].split()
    assert line[-2:] == [roi, status]


def test_a_failure_names_its_causes_and_what_stays(tmp_path):
    settings = settings_of(tmp_path / "home")
    text = failure(settings, ["marts.fct_cash: no_cent_lost (largest difference 3)"])
    assert "✗ marts.fct_cash: no_cent_lost" in text
    assert "Nothing has been published yet" in text
    assert "and 5 more" in failure(settings, [f"problem {i}" for i in range(15)])


def test_progress_without_a_terminal_is_lines_and_ends_with_the_seconds():
    stream = io.StringIO()
    progress = Progress()
    with progress.step("silent") as say:
        say("nobody hears this")
    progress.show_on(stream)
    with progress.step("landing") as say:
        say("3 files")
    with contextlib.suppress(KeyboardInterrupt), progress.step("marts") as say:
        say("1/9")
        raise KeyboardInterrupt
    lines = stream.getvalue().strip().split("\n")
    assert lines[1].startswith("[2] landing")
    assert "3 files" in lines[1]
    assert "stopped after" in lines[-1]


def test_the_page_escapes_names_and_needs_no_network():
    outcome = {
        "schema": "raw",
        "table": "crm_leads",
        "name": "delivered",
        "severity": "critical",
        "notes": "At least <one> lead.",
        "passed": False,
        "counts": {"observed": 0.0},
        "asked": "min_value 1",
        "skipped": None,
    }
    page = results_page.render(
        "build-1",
        {"raw": {"tables": {"crm_leads": {"description": "Leads.", "outcomes": [outcome]}}}},
    )
    assert "At least &lt;one&gt; lead." in page
    assert "Needs attention" in page
    assert "observed 0" in page
    assert "http" not in page
    assert "<script" not in page


def test_the_page_is_written_beside_the_results_and_latest_points_to_it(tmp_path):
    settings = settings_of(tmp_path / "home")
    folder = settings.audit / "build-1"
    folder.mkdir(parents=True)
    row = {"table": "marts.dim_lead", "name": "unique", "state": "warned", "told": "2 rows"}
    content = {"results": [{**row, "asked": "", "notes": ""}]}
    (folder / "dbt_marts.json").write_text(json.dumps(content), encoding="utf-8")
    results_page.write(settings, "build-1")
    page = (settings.audit / "latest" / "index.html").read_text(encoding="utf-8")
    assert "2 rows" in page
    assert report._attention(settings) == " (1 to look at)"


class TestDeliveries:
    """The sensor asks once per change, and only when files have settled."""

    @pytest.fixture
    def settings(self, tmp_path):
        settings = settings_of(tmp_path / "home")
        (settings.extracts / "crm_leads").mkdir(parents=True)
        (settings.extracts / "crm_leads" / "a.csv").write_text("lead_id\n1\n", encoding="utf-8")
        return settings

    def test_new_files_are_asked_for_once_they_settle(self, settings):
        first = next_tick(settings, None, 60, now=0)
        early = next_tick(settings, first.cursor, 60, now=30)
        ripe = next_tick(settings, early.cursor, 60, now=61)
        after = next_tick(settings, ripe.cursor, 60, now=90)
        assert [t.request is not None for t in (first, early, ripe, after)] == [
            False,
            False,
            True,
            False,
        ]

    def test_a_file_that_still_grows_starts_the_wait_again(self, settings):
        first = next_tick(settings, None, 60, now=0)
        (settings.extracts / "crm_leads" / "a.csv").write_text("lead_id\n1\n2\n", encoding="utf-8")
        grown = next_tick(settings, first.cursor, 60, now=61)
        assert grown.request is None
        assert next_tick(settings, grown.cursor, 60, now=122).request is not None

    def test_what_a_good_refresh_has_seen_is_not_asked_for(self, settings):
        note_start(settings, "build-1")
        note_success(settings, "build-1", "version-1")
        assert next_tick(settings, None, 0, now=0).request is None
        os.utime(settings.extracts / "crm_leads" / "a.csv", (1, 1))
        waiting = next_tick(settings, None, 0, now=0)
        assert next_tick(settings, waiting.cursor, 0, now=1).request is not None

    def test_a_refresh_that_failed_or_did_not_land_is_not_remembered(self, settings):
        note_start(settings, "build-1")
        assert recalled(settings) is None
        note_success(settings, "build-2", "version-1")
        assert recalled(settings) is None


def test_a_step_nobody_can_know_shows_dashes_and_says_so():
    text = report.funnel_table([("lead → account", 365, 4, 2, None, None)])
    assert text.splitlines()[-1].split() == [
        *(["lead", "→", "account", "365", "d", "4", "2", "–", "–", "–", "–"]),
        "not_computable",
    ]
