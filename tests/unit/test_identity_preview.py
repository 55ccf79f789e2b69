"""Which state a preview may take for the present one, and how its numbers are told."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from unittest.mock import MagicMock
from zoneinfo import ZoneInfo

import pytest

from dagster_project.lib import builds
from dagster_project.lib.identity import preview as previewing
from dagster_project.lib.identity.phrases import Words
from dagster_project.lib.identity.preview import present_warehouse, preview
from dagster_project.lib.identity.preview_report import told
from dagster_project.lib.publishing import publish
from dagster_project.lib.scratch import Scratch, ScratchError
from dagster_project.lib.settings import PROJECT_ROOT
from tests.unit.toy_warehouse import TABLES, build, settings_of

ENTITY = {
    "before": 10, "after": 9, "merged": 2, "split": 1, "ids_gone": 2, "ids_new": 1,
    "records_with_another_id": 5, "grown": [{"key": "a" * 32, "before": [3, 2], "after": 5}],
}  # fmt: skip
COUNTS = {"leads_before": 4, "leads_after": 3, "persons_before": 4, "persons_after": 4}
RESULT = {
    "files": ["identity_override.csv"],
    "baseline": "scratch",
    "decisions_moved": 1,
    "rows_waiting": 2,
    "as_of": "2026-07-01 15:59:59",
    "entities": {"person": ENTITY, "account": ENTITY | {"grown": []}},
    "mql": [{"month": "2025-01", **COUNTS}, {"month": "2025-02", **COUNTS, "leads_after": 4}],
    "mql_total": COUNTS,
    "cash": [
        {"model": "linear", "channel": "email", "label_en": "E-mail", "label_zh": "邮件营销",
         "before_minor": 100_001, "after_minor": 99_996},
        {"model": "linear", "channel": "direct", "label_en": "Direct", "label_zh": "直接访问",
         "before_minor": 0, "after_minor": 5},
    ],
    "permissions": {"allow_to_deny": 1, "deny_to_allow": 0, "changes": [
        {"channel": "email", "purpose": "marketing", "before": "granted", "after": "denied", "n": 1}
    ]},
    "handovers": {"status": "not_computable", "missing_extract": "crm_handoffs"},
    "scores": {
        "above_both": 600, "above_before_only": 97, "above_after_only": 3, "above_neither": 2300,
        "outcomes_before": 297, "outcomes_kept": 227, "outcomes_lost": 70, "outcomes_gained": 2,
        "never_called": 98, "lost_share": [0.2357, 0.1910, 0.2872],
        "present": {"crossings": 697, "leads_per_workday": 1.44, "capacity_per_workday": 360.0},
        "proposed": {"crossings": 603, "leads_per_workday": 1.25, "capacity_per_workday": None},
    },
    "review_items": {"before": 3, "after": 5},
}  # fmt: skip


def test_the_present_state_is_the_warehouse_only_where_that_is_certain(
    tmp_path: Path, monkeypatch
) -> None:
    settings = settings_of(tmp_path)
    monkeypatch.setattr(builds, "landing_digest", lambda _: "landing")
    assert present_warehouse(settings) is None
    build(settings, 3)
    assert present_warehouse(settings) is None
    settings.published.mkdir()
    publish(settings, TABLES)
    assert present_warehouse(settings) == settings.warehouse
    monkeypatch.setattr(builds, "landing_digest", lambda _: "a new delivery")
    assert present_warehouse(settings) is None
    monkeypatch.setattr(builds, "landing_digest", lambda _: "landing")
    rule = settings.project_root / "seeds" / "rules" / "channel.csv"
    rule.parent.mkdir(parents=True)
    rule.write_text("channel", encoding="utf-8")
    assert present_warehouse(settings) is None
    rule.unlink()
    assert present_warehouse(settings) == settings.warehouse
    build(settings, 4)
    assert present_warehouse(settings) is None


def test_without_a_landing_there_is_nothing_to_build(tmp_path: Path) -> None:
    with pytest.raises(ScratchError, match="make run"):
        Scratch(settings_of(tmp_path), tmp_path / "scratch")


def test_rules_of_the_future_are_told_to_do_nothing(tmp_path: Path, monkeypatch) -> None:
    """D15: the as-of day is July 1st in Shanghai, so a threshold of July 2nd changes no history."""
    settings = replace(settings_of(tmp_path / "home"), project_root=PROJECT_ROOT)
    monkeypatch.setattr(previewing, "present_warehouse", lambda _: tmp_path)
    monkeypatch.setattr(previewing, "_known_records", lambda _: lambda _: True)
    monkeypatch.setattr(previewing, "as_of", lambda _: datetime(2026, 6, 30, 16))
    monkeypatch.setattr(previewing, "Scratch", MagicMock())
    monkeypatch.setattr(previewing.preview_measures, "opened", MagicMock())
    monkeypatch.setattr(previewing.preview_measures, "compared", lambda *_: {})
    file = tmp_path / "score_threshold.csv"
    file.write_text(
        "threshold_name,threshold_op,threshold_points,rule_version,valid_from,valid_to\n"
        "mql,gt,60,v1,2000-01-01,2026-07-01\nmql,gt,50,v2,2026-07-01,2026-07-02\n"
        "mql,gt,40,v3,2026-07-02,\n",
        encoding="utf-8",
    )
    assert preview(settings, file, False, print)["rows_waiting"] == 1


def test_a_preview_is_told_in_both_languages() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    english, chinese = told(RESULT, Words("en", zone)), told(RESULT, Words("zh", zone))
    for words in (
        "-0.05",
        "+0.05",
        "1,000.01",
        "1 lost, 0 won",
        "3 + 2",
        "2025-01",
        "not computable",
        "2 row(s) come in force after the newest extract",
    ):
        assert words in english
    assert "2025-02" not in english
    assert "3 → 5 (+2)" in english
    for words in ("邮件营销", "失去1项", "无法计算", "待核查事项", "2行规则"):
        assert words in chinese
