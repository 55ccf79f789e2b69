"""Why closed figures changed: arithmetic, split of deliveries, ledger and what is published (D13).

The builder is a query on the landing of a step, so every step is real except dbt; the replay
through dbt is tests/pipeline/test_restatement.py.
"""

import dataclasses
import itertools
import json
import random
import shutil
from collections import defaultdict
from datetime import date
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib import builds, report
from dagster_project.lib.contract import load_contract
from dagster_project.lib.landing import land
from dagster_project.lib.publishing import (
    MartTable,
    Publication,
    PublicationRefused,
    current_folder,
    damaged_files,
    publish,
)
from dagster_project.lib.restatement import cells, inputs, ledger
from dagster_project.lib.restatement.causes import Causes, changed_rules, read_causes
from dagster_project.lib.restatement.cells import Cell, Place, restated_places, value
from dagster_project.lib.restatement.deliveries import Deliveries
from dagster_project.lib.restatement.explain import Verdict, explain, read_verdict
from dagster_project.lib.restatement.inputs import Delivered, Inputs
from dagster_project.lib.restatement.outgoing import addition
from dagster_project.lib.restatement.replay import Build, Step, StepFailed, planned, replayed
from dagster_project.lib.settings import PROJECT_ROOT, Settings

ORDER = ("code", "rule", "late", "correction", "spend", "erasure", "identity")
CAUSES = Causes(ORDER, {"links": "identity", "spend": "spend"}, {"rules/who.csv": "identity"})
MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 1)


def closed(amount: int | None, is_closed: bool = True) -> Cell:
    return Cell(amount, is_closed, "count", None)


def made_of(code: str = "a", day: int = 1, files: str = "", **rules: str) -> Inputs:
    delivered = tuple(Delivered(name, name, date(2026, 7, day), True) for name in files or "x")
    return Inputs(code, {f"rules/{name}.csv": text for name, text in rules.items()}, delivered)


def causes_of(then: Inputs, now: Inputs, delivered: set[str]) -> list[str]:
    return [step.cause for step in planned(then, now, delivered, CAUSES)]


def test_only_closed_figures_that_changed_are_restated() -> None:
    """D13: a new cell of a closed month was 0, a vanished one is 0, an open month is nobody's."""
    may, june = Place("leads", MAY, "seo"), Place("leads", JUNE, "seo")
    gone, new = Place("leads", MAY, "old"), Place("leads", MAY, "new")
    unknown, dropped = Place("cost", MAY, "seo"), Place("dropped", MAY, "seo")
    before = {
        may: closed(3),
        june: closed(5, is_closed=False),
        gone: closed(2),
        unknown: closed(None),
        dropped: closed(9),
    }
    after = {
        may: closed(3),
        june: closed(7),
        new: closed(1),
        unknown: closed(4),
    }
    assert restated_places(before, after) == [new, gone]
    assert restated_places(before, before) == []
    assert restated_places({}, after) == []
    # An extract that stops coming makes a measure unknown, not 0.
    blind = {place: Cell(None, cell.is_closed, "count", None) for place, cell in before.items()}
    assert restated_places(before, blind) == []


def test_a_step_is_there_when_its_inputs_changed_and_the_last_one_is_now() -> None:
    then = made_of(rule="a", who="a")
    assert causes_of(then, made_of(day=2, rule="b", who="a"), {"late"}) == ["rule", "late"]
    assert causes_of(then, made_of("b", rule="a", who="b"), set()) == ["code", "identity"]
    assert causes_of(then, made_of(rule="a", who="a"), set()) == ["code"], "an engine changed"
    new = made_of("b", day=2, rule="b", who="b")
    steps = planned(then, new, set(ORDER[2:6]), CAUSES)
    assert [step.cause for step in steps] == list(ORDER)
    assert steps[0].rules == then.rules
    assert steps[0].clock is None, "code looks at the state of then"
    assert steps[1].rules == {"rules/rule.csv": "b", "rules/who.csv": "a"}
    assert steps[-1].rules == new.rules
    assert steps[-1].causes == ORDER
    assert {step.clock for step in steps[1:]} == {date(2026, 7, 2)}


def test_files_taken_out_of_the_landing_are_erasure_and_come_first() -> None:
    """D13, I09: what is gone can't be built with any more, by no code."""
    then = made_of(files="xy", rule="a")
    (erasure, late) = planned(then, made_of(day=2, files="xz", rule="a"), {"late"}, CAUSES)
    assert (erasure.causes, erasure.clock, erasure.joined) == (("code", "erasure"), None, ())
    assert (late.cause, late.clock) == ("late", date(2026, 7, 2))
    (both,) = planned(then, made_of("b", files="x", rule="a"), set(), CAUSES)
    place = Place("leads", MAY, "seo")
    now = {place: closed(1)}
    (change,) = replayed([both], {place: closed(3)}, now, [place], lambda _: now)
    assert (change.cause, change.covers, change.delta) == ("code", ("code", "erasure"), -2)


def test_a_rule_that_comes_into_force_is_a_changed_rule() -> None:
    before = {"rules/r.csv": "code,valid_from,valid_to\na,2026-07-02,\n", "rules/gone.csv": "a\n"}
    after = {"rules/r.csv": before["rules/r.csv"], "rules/new.csv": "a\n"}
    first, second, third = (date(2026, 7, day) for day in (1, 2, 3))
    assert changed_rules(before, after, first, second) == {"rules/r.csv"}
    assert changed_rules(before, after, second, third) == set()
    assert changed_rules(before, after, first, first) == set()


def test_the_deltas_of_random_worlds_add_up_and_the_steps_order_them() -> None:
    """D13: residual 0. Effects that do not touch each other are the same in every order."""
    dice = random.Random(13)
    for _ in range(200):
        places = [Place("leads", MAY, channel) for channel in "abcdef"]
        effect = {(p, c): dice.choice((0, 0, -2, 1, 5)) for p in places for c in ORDER}
        pairs = {(p, *sorted(dice.sample(ORDER, 2))): dice.randint(-3, 3) for p in places}
        then = {place: closed(dice.randint(0, 9)) for place in places}

        def world(causes: tuple[str, ...], joint: bool, then=then, effect=effect, pairs=pairs):
            return {
                place: closed(
                    (cell.amount or 0)
                    + sum(effect[place, cause] for cause in causes)
                    + joint
                    * sum(d for (p, a, b), d in pairs.items() if p == place and {a, b} <= {*causes})
                )
                for place, cell in then.items()
            }

        by_order = []
        for order in (ORDER, ("code", *dice.sample(ORDER[1:], 6))):
            steps = [Step(order[: i + 1], {}, None) for i in range(len(order))]
            for joint in (True, False):
                now = world(ORDER, joint)
                wanted = restated_places(then, now)
                changes = replayed(steps, then, now, wanted, lambda s, j=joint: world(s.causes, j))
                moved = defaultdict(int)
                for change in changes:
                    moved[change.place] += change.delta
                    assert change.delta != 0
                assert all(moved[p] == value(now, p) - value(then, p) for p in wanted)
                assert "unexplained" not in {change.cause for change in changes}
            by_order.append({(c.place, c.cause): c.delta for c in changes})
        assert by_order[0] == by_order[1], "without joint effects the order changes nothing"


def test_old_rules_that_new_code_cannot_read_are_one_row_with_the_code() -> None:
    place = Place("leads", MAY, "seo")
    steps = [Step(ORDER[: i + 1], {}, None) for i in range(3)]

    def build(step: Step) -> dict[Place, Cell]:
        if step.cause == "code":
            raise StepFailed("no such column")
        return {place: closed({"rule": 5, "late": 6}[step.cause])}

    changes = replayed(steps, {place: closed(3)}, {place: closed(6)}, [place], build)
    told = [(change.cause, change.covers, change.before, change.delta) for change in changes]
    assert told == [("code", ("code", "rule"), 3, 2), ("late", ("late",), 5, 1)]
    for failing in ("rule", "late"):
        with pytest.raises(StepFailed):
            replayed(
                steps, {place: closed(3)}, {place: closed(6)}, [place], _failing_at(failing, place)
            )


def test_what_no_step_brings_about_is_unexplained() -> None:
    place = Place("leads", MAY, "seo")
    steps = [Step(("code",), {}, None)]
    changes = replayed(
        steps, {place: closed(3)}, {place: closed(6)}, [place], lambda _: {place: closed(4)}
    )
    assert [(c.cause, c.before, c.after) for c in changes] == [
        ("code", 3, 4),
        ("unexplained", 4, 6),
    ]


def test_the_rules_name_real_tables_and_files_and_put_code_first() -> None:
    rules = inputs.present_inputs(Settings(PROJECT_ROOT / "nowhere", PROJECT_ROOT)).rules
    causes = read_causes(rules, date(2026, 7, 1))
    assert causes.order == ORDER
    assert causes.of_table.keys() <= load_contract(PROJECT_ROOT / "dbt").tables.keys()
    assert causes.of_file.keys() <= rules.keys()
    identity = {path for path in rules if path.startswith("rules/identity_")}
    assert set(causes.of_file) == identity, "a new identity rule needs a row in restatement_input"
    late = {
        "rules/restatement_cause.csv": rules["rules/restatement_cause.csv"].replace("10,", "99,")
    }
    with pytest.raises(ValueError, match="smallest"):
        read_causes(rules | late, None)


def _failing_at(cause: str, place: Place):
    def build(step: Step) -> dict[Place, Cell]:
        if step.cause == cause:
            raise StepFailed("full disk")
        return {place: closed(4)}

    return build


SOURCES = """
version: 2
sources:
  - name: crm
    tables:
      - name: {name}
        config: {{meta: {{kind: state, key: [id]}}}}
        columns:
          - {{name: id, data_type: string, config: {{meta: {{key: true, required: true}}}}}}
          - {{name: amount, data_type: bigint}}
"""
DBT_TABLE = [MartTable("marts", cells.TABLE, "Cells.")]


class Company:
    """Deliveries of leads, spend and links; the figure of a channel is the sum of its amounts."""

    def __init__(self, folder: Path) -> None:
        project = folder / "project"
        for name in ("leads", "spend", "links"):
            file = project / "dbt" / "models" / "staging" / name / f"_{name}__sources.yml"
            file.parent.mkdir(parents=True)
            file.write_text(SOURCES.format(name=name).replace("name: crm", f"name: {name}"))
        rules = project / "seeds" / "rules"
        rules.mkdir(parents=True)
        for name in ("restatement_cause", "restatement_measure"):
            shutil.copy(PROJECT_ROOT / "seeds" / "rules" / f"{name}.csv", rules)
        (rules / "restatement_input.csv").write_text(
            "input_kind,input_name,cause,valid_from,valid_to\n"
            "raw_table,spend,spend,2000-01-01,\nraw_table,links,identity,2000-01-01,\n"
            "rule_file,who,identity,2000-01-01,\n"
        )
        self.settings = Settings(
            folder / "home", folder / "extracts", keep_versions=1, project_root=project
        )
        self.settings.extracts.mkdir(parents=True)
        self.set_rule("factor", "1")
        self.set_rule("who", "0")
        self.steps: list[str] = []

    def set_rule(self, name: str, value: str) -> None:
        file = self.settings.project_root / "seeds" / "rules" / f"{name}.csv"
        file.write_text(f"value\n{value}\n")

    def set_code(self, added: int) -> None:
        (self.settings.project_root / "dbt" / "added.sql").write_text(str(added))

    def deliver(self, table: str, day: str, *rows: str) -> None:
        file = self.settings.extracts / table / f"extract_date={day}" / "rows.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(["id,amount,_is_deleted", *rows]) + "\n")
        land(self.settings, load_contract(self.settings.dbt_dir))

    def build(self, build: str) -> None:
        """What the dbt steps of a run leave behind, from all that has landed."""
        for part in builds.PARTS:
            builds.begin(self.settings, part, build, "landing")
            inputs.note(self.settings, part, build)
        rules = inputs.present_inputs(self.settings).rules
        figures = self.figures(self.settings.landing, rules)
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            connection.execute("create schema if not exists marts")
            connection.execute(
                "create or replace table marts.mart_published_cell (measure varchar, business_month"
                " date, channel varchar, cell_value bigint, is_closed boolean, unit_kind varchar,"
                " currency varchar)"
            )
            connection.executemany(
                "insert into marts.mart_published_cell values (?, ?, ?, ?, true, 'money', 'CNY')",
                [("cost", MAY, channel, amount) for channel, amount in figures.items()],
            )
        with builds.open_warehouse(self.settings) as connection:
            contents = builds.table_contents(connection, [f"marts.{cells.TABLE}"])
        builds.record_gate(self.settings, builds.Gate("foundation", build, True))
        builds.record_gate(self.settings, builds.Gate("marts", build, True, [], contents))

    def figures(self, landing: Path, rules: dict[str, str]) -> dict[str, int]:
        """(leads x factor + code, spend, links + who), the newest version of every key."""
        factor, who = (int(rules[f"rules/{name}.csv"].split()[1]) for name in ("factor", "who"))
        code = self.settings.project_root / "dbt" / "added.sql"
        added = int(code.read_text()) if code.exists() else 0
        sums = {table: self._newest(landing, table) for table in ("leads", "spend", "links")}
        return {
            "leads": sums["leads"] * factor + added,
            "spend": sums["spend"],
            "links": sums["links"] + who,
        }

    def _newest(self, landing: Path, table: str) -> int:
        return duckdb.execute(
            "select coalesce(sum(amount), 0)::int from (select id, max_by(if(_is_deleted = 'true',"
            " 0, amount::int), _extracted_at) as amount from read_parquet(?, union_by_name = true)"
            " group by id)",
            [str(landing / table / "*.parquet")],
        ).fetchall()[0][0]

    def builder(self, _: Settings, folder: Path, deliveries: Deliveries) -> Build:
        def build(step: Step) -> dict[Place, Cell]:
            self.steps.append(step.cause)
            landing = folder / step.cause
            landing.mkdir()
            deliveries.landing_of(landing, step.causes, step.clock)
            figures = self.figures(landing, dict(step.rules))
            return {Place("cost", MAY, name): closed(amount) for name, amount in figures.items()}

        return build

    def explain(self, build: str) -> Verdict:
        self.steps.clear()
        current = current_folder(self.settings.published)
        return explain(self.settings, build, current, make_builder=self.builder)

    def publish(self, build: str) -> Publication:
        return publish(self.settings, DBT_TABLE, build, add=addition(self.settings))

    def refresh(self, build: str) -> Publication:
        self.build(build)
        self.explain(build)
        return self.publish(build)

    def published(self) -> list[tuple]:
        file = current_folder(self.settings.published) / "leadhouse.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(
                "select build, channel, cause, value_before, delta, value_after, cause_zh"
                f" from marts.{ledger.NAME} order by build, channel, value_before"
            ).fetchall()


@pytest.fixture
def company(tmp_path: Path) -> Company:
    made = Company(tmp_path)
    made.deliver("leads", "2026-07-01", "a,10,", "b,20,", "c,30,")
    made.deliver("spend", "2026-07-01", "s,100,")
    made.deliver("links", "2026-07-01", "l,1,")
    made.refresh("build-1")
    return made


def test_every_cause_is_told_apart_down_to_the_row_and_published(company: Company) -> None:
    """D13: one file brings a new key, a new version of a known one and a deletion."""
    assert company.published() == [], "typed and empty when nothing was restated"
    company.deliver("leads", "2026-07-02", "a,11,", "b,20,true", "d,40,", "c,30,")
    company.deliver("spend", "2026-07-02", "s,150,", "new,7,")
    company.deliver("links", "2026-07-02", "l,2,")
    company.set_rule("factor", "2")
    company.set_rule("who", "5")
    company.set_code(1000)
    made = company.refresh("build-2")
    assert made.is_new
    assert company.steps == list(ORDER)
    assert company.published() == [
        ("build-2", "leads", "code", 60, 1000, 1060, "计算程序变更"),
        ("build-2", "leads", "rule", 1060, 60, 1120, "规则变更"),
        ("build-2", "leads", "late", 1120, 80, 1200, "迟到数据"),
        ("build-2", "leads", "correction", 1200, 2, 1202, "数据更正"),
        ("build-2", "leads", "erasure", 1202, -40, 1162, "删除或清除的数据"),
        ("build-2", "links", "identity", 1, 6, 7, "记录合并或拆分"),
        ("build-2", "spend", "spend", 100, 57, 157, "成本重报"),
    ]
    folder = current_folder(company.settings.published)
    assert damaged_files(folder) == []
    assert report.restated(company.settings).startswith("Restated: 3 figures of closed months")


def test_nothing_changed_costs_nothing_and_makes_no_version(company: Company) -> None:
    company.build("build-2")
    assert company.explain("build-2").cells == 0
    assert company.steps == []
    assert not company.publish("build-2").is_new
    assert not list((company.settings.home / "restatements").glob("*.parquet"))


def test_the_ledger_outlives_versions_and_starts_from_what_is_published(company: Company) -> None:
    """D13: with one version kept, every restatement of every publication is still told."""
    for number in (2, 3, 4):
        company.deliver("leads", f"2026-07-0{number}", f"n{number},{number},")
        company.refresh(f"build-{number}")
        assert company.steps == ["late"], "what did not change is not replayed"
    told = [(build, delta) for build, _, _, _, delta, _, _ in company.published()]
    assert told == [("build-2", 2), ("build-3", 3), ("build-4", 4)]
    assert len(list(company.settings.published.glob("2*"))) == 1


def test_a_build_that_was_never_published_leaves_no_trace(company: Company) -> None:
    company.deliver("leads", "2026-07-02", "d,5,")
    company.build("build-2")
    company.explain("build-2")
    company.deliver("leads", "2026-07-03", "a,7,")
    company.refresh("build-3")
    told = [row[:6] for row in company.published()]
    assert told == [
        ("build-3", "leads", "late", 60, 5, 65),
        ("build-3", "leads", "correction", 65, -3, 62),
    ]
    company.build("build-4")
    company.explain("build-4")
    assert [row[:6] for row in company.published()] == told


def test_a_replay_that_dies_is_done_again_from_the_start(company: Company) -> None:
    company.deliver("leads", "2026-07-02", "d,5,", "a,7,")
    company.build("build-2")
    whole, dead = company.builder, itertools.count()

    def dying(*arguments):
        def build(step: Step):
            if next(dead) == 1:
                raise KeyboardInterrupt
            return whole(*arguments)(step)

        return build

    company.builder = dying
    with pytest.raises(KeyboardInterrupt):
        company.explain("build-2")
    with pytest.raises(PublicationRefused, match="was not compared"):
        company.publish("build-2")
    leftover = company.settings.home / ".replay-killed"
    leftover.mkdir()
    company.builder = whole
    first, again = company.explain("build-2"), company.explain("build-2")
    assert first == again == read_verdict(company.settings, "build-2")
    assert not leftover.exists()
    company.publish("build-2")
    assert [row[2:5] for row in company.published()] == [("late", 60, 5), ("correction", 65, -3)]
    assert company.explain("build-2").cells == 0, "once published it is what it is compared with"
    assert not company.publish("build-2").is_new


def test_what_lands_after_the_build_is_for_the_next_one(company: Company) -> None:
    company.deliver("leads", "2026-07-02", "d,5,")
    company.build("build-2")
    company.deliver("leads", "2026-07-03", "e,9,", "a,0,")
    verdict = company.explain("build-2")
    assert (company.steps, verdict.by_cause) == (["late"], {"late": 1})


def test_a_damaged_version_is_replaced_with_the_same_ledger(company: Company) -> None:
    company.deliver("leads", "2026-07-02", "d,5,")
    company.refresh("build-2")
    told = company.published()
    file = current_folder(company.settings.published) / inputs.FILE
    file.chmod(0o644)
    file.write_bytes(b"")
    assert company.publish("build-2").is_new, "compared with the version before, which is gone"
    assert company.published() == told
    assert inputs.read(current_folder(company.settings.published) / inputs.FILE) is not None


def test_a_build_compared_with_another_version_is_refused(company: Company) -> None:
    company.deliver("leads", "2026-07-02", "d,5,")
    company.build("build-2")
    company.explain("build-2")
    file = builds.audit_folder(company.settings, "build-2") / "restatement.json"
    verdict = json.loads(file.read_text())
    file.write_text(json.dumps({**verdict, "from_version": "another"}))
    with pytest.raises(PublicationRefused, match="was not compared"):
        company.publish("build-2")


def test_a_version_of_before_the_ledger_was_held_to_nothing(company: Company) -> None:
    folder = current_folder(company.settings.published)
    folder.chmod(0o755)
    (folder / f"{cells.TABLE}.parquet").unlink()
    company.deliver("leads", "2026-07-02", "d,5,")
    assert company.refresh("build-2").is_new
    assert company.published() == []


def test_a_version_without_a_record_of_its_inputs_is_unexplained_and_says_so(
    company: Company,
) -> None:
    folder = current_folder(company.settings.published)
    folder.chmod(0o755)
    (folder / inputs.FILE).unlink()
    company.deliver("leads", "2026-07-02", "d,5,")
    company.build("build-2")
    assert company.explain("build-2").unexplained == 1


def test_the_record_of_inputs_is_read_as_it_was_written(company: Company) -> None:
    made = inputs.present_inputs(company.settings)
    file = company.settings.home / "record"
    file.write_bytes(inputs.dumped(made))
    again = inputs.read(file)
    assert again is not None
    assert dataclasses.asdict(again) | {"files": set(again.files)} == dataclasses.asdict(made) | {
        "files": set(made.files)
    }
    assert inputs.dumped(again) == inputs.dumped(made)
    file.write_bytes(b"damaged")
    assert inputs.read(file) is None


def test_the_order_of_deliveries_does_not_change_the_causes(tmp_path: Path) -> None:
    """The same rows in one file or in three, landed in any order, have the same causes."""
    rows = ["a,11,", "d,40,", "b,20,true"]
    told = set()
    for number, order in enumerate(
        [(rows,), *list(itertools.permutations([[row] for row in rows]))[1::3]]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        company = Company(folder)
        company.deliver("leads", "2026-07-01", "a,10,", "b,20,", "c,30,")
        company.refresh("build-1")
        for part in order:
            file = f"leads/extract_date=2026-07-02/{rows.index(part[0])}.csv"
            target = company.settings.extracts / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("\n".join(["id,amount,_is_deleted", *part]) + "\n")
            land(company.settings, load_contract(company.settings.dbt_dir))
        company.refresh("build-2")
        told.add(tuple(row[1:6] for row in company.published()))
    assert told == {
        (
            ("leads", "late", 60, 40, 100),
            ("leads", "correction", 100, 1, 101),
            ("leads", "erasure", 101, -20, 81),
        )
    }


def test_the_landing_of_no_cause_is_that_of_then_and_of_all_causes_that_of_now(
    tmp_path: Path,
) -> None:
    """Whatever is delivered, twice or in parts: the first and the last step see what there was."""
    dice = random.Random(7)
    tables = ("leads", "spend", "links")
    company = Company(tmp_path)
    landing = company.settings.landing

    def deliver(days: range) -> None:
        for day, table in itertools.product(days, tables):
            keys = dice.sample("abcdef", 3)
            rows = [f"{k},{dice.randint(0, 2)},{dice.choice(('', 'true'))}" for k in keys]
            company.deliver(table, f"2026-07-0{day}", *rows)
        again = company.settings.extracts / "leads" / f"extract_date=2026-07-0{days[0]}"
        shutil.copytree(again, again.with_name(f"extract_date=2026-07-0{days[-1] + 1}"))
        land(company.settings, load_contract(company.settings.dbt_dir))

    def held(folder: Path) -> tuple:
        def query(text: str, path: Path) -> list:
            return duckdb.execute(text, [str(path)]).fetchall()

        rows = "select * from read_parquet(?, union_by_name = true) order by all"
        files = "select file, status from read_parquet(?) where file <> '_clock' order by all"
        newest = "select max(extract_date) from read_parquet(?) where rows_landed > 0"
        return (
            [query(rows, folder / table / "*.parquet") for table in tables],
            query(files, folder / "_ledger.parquet"),
            query(newest, folder / "_ledger.parquet"),
        )

    deliver(range(1, 3))
    then, before = inputs.present_inputs(company.settings), held(landing)
    deliver(range(4, 7))
    now, after = inputs.present_inputs(company.settings), held(landing)
    contract = load_contract(company.settings.dbt_dir)
    deliveries = Deliveries(landing, then, now, read_causes(now.rules, None), contract)
    assert deliveries.causes == {"late", "correction", "spend", "erasure", "identity"}
    seen = []
    for number in range(len(ORDER) + 1):
        folder = tmp_path / f"step {number}"
        folder.mkdir()
        clock = now.newest_extract if number > 1 else None
        seen.append(held(deliveries.landing_of(folder, ORDER[:number], clock)))
    assert seen[0] == seen[1] == before, "code looks at what there was"
    assert seen[-1] == after
    counts = [[len(rows) for rows in step[0]] for step in seen]
    assert all(a <= b for pair in itertools.pairwise(counts) for a, b in zip(*pair, strict=True))
    assert counts[2] == counts[1], "rule brings no row"
    assert counts[3][0] > counts[2][0]
    assert counts[3][1:] == counts[2][1:]
    assert {step[2][0] for step in seen[2:]} == {(now.newest_extract,)}
