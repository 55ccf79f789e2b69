"""D3: random histories of deliveries and decisions; incremental = full, history = what was known.

A small company in which everybody shares something with somebody. Each step delivers new, changed,
deleted, late and repeated rows, and takes and withdraws decisions. The models are dbt's compiled
ones (tests/pipeline/compiled.py); IDENTITY_STEPS=150 runs the long version.
"""

import csv
import datetime as dt
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from tests.pipeline.compiled import CompiledModels
from tests.pipeline.warehouse import Warehouse

STEPS = int(os.environ.get("IDENTITY_STEPS", "8"))
SELECT = "+fct_identity_event +person_membership_history +int_identity__person_records"
FIRST_DAY = dt.date(2026, 1, 5)
KEYS = {"crm_leads": "lead_id", "web_form_submissions": "submission_id"}
NAMES = ["王伟", "李娜", "张敏", "欧阳雪", "Wang Wei", "John Smith", "Jon Smith", "王总", "", ""]
COMPANIES = ["华创科技有限公司", "华创", "蓝海信息股份有限公司", "Acme Inc", "Acme", "", ""]
COLUMNS = {
    "crm_leads": ["lead_id", "created_at", "updated_at", "status", "full_name", "email",
                  "mobile_phone", "phone", "company_name", "_is_deleted"],
    "web_form_submissions": ["submission_id", "form_kind", "submitted_at", "received_at",
                             "anonymous_id", "name", "email", "phone", "company", "_is_deleted"],
    "crm_merge_log": ["object_type", "winner_id", "loser_id", "merged_at", "_is_deleted"],
}  # fmt: skip


@dataclass
class World:
    """A company that delivers its extracts into a folder, one day a step."""

    folder: Path
    dice: random.Random
    day: int = 0
    rows: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    gone: set[tuple[str, str]] = field(default_factory=set)
    decisions: dict[str, list] = field(default_factory=dict)

    @property
    def today(self) -> dt.date:
        return FIRST_DAY + dt.timedelta(days=self.day)

    def known_at(self, day: int | None = None) -> dt.datetime:
        """End of the extract day in Shanghai, in UTC."""
        date = FIRST_DAY + dt.timedelta(days=self.day if day is None else day)
        return dt.datetime.combine(date, dt.time(15, 59, 59))

    def step(self, *, late: bool) -> None:
        """One more day: deliveries of all kinds."""
        self.day += 1
        fresh = [self._new_row() for _ in range(self.dice.choice([1, 2, 5, 12]))]
        changed = [self._changed(key) for key in self._some(self.dice.choice([0, 1, 4]))]
        dropped = [self._deleted(key) for key in self._some(self.dice.choice([0, 0, 1, 2]))]
        self._deliver("crm_leads", self.day, fresh + changed + dropped)
        self._deliver("web_form_submissions", self.day, fresh + changed + dropped)
        if self.dice.random() < 0.2:
            self._deliver_merge()
        if late and self.dice.random() < 0.4:
            self._deliver("crm_leads", self.dice.randrange(self.day), [self._new_row("crm_leads")])
        if late and self.dice.random() < 0.3:
            files = sorted(self.folder.glob("*/*/*.csv"))
            again = self.dice.choice(files)
            shutil.copy(again, self._file(again.parent.parent.name, self.day))

    def decided_at(self) -> dt.datetime:
        """Humans decide on what they saw: after today's build."""
        return self.known_at() + dt.timedelta(seconds=1)

    def decide(self, members: dict[str, list[tuple[str, str]]]) -> None:
        """Takes and withdraws decisions; members: person -> (record type, record id)."""
        everybody = [record for records in members.values() for record in records]
        crowds = [records for records in members.values() if len(records) > 1]
        for kind, chance in (("must_link", 0.25), ("cannot_link", 0.35), ("detach", 0.1),
                             ("pin_id", 0.15), ("block_identifier", 0.1)):  # fmt: skip
            if self.dice.random() > chance or not crowds or len(everybody) < 3:
                continue
            two = self.dice.sample(
                everybody if kind == "must_link" else self.dice.choice(crowds), 2
            )
            self._decide(kind, *two)
        standing = [name for name, row in self.decisions.items() if row[-1] is None]
        if standing and self.dice.random() < 0.4:
            self.decisions[self.dice.choice(standing)][-1] = self.decided_at()

    def _decide(self, kind: str, one: tuple[str, str], other: tuple[str, str]) -> None:
        name = f"o{len(self.decisions):03}"
        first = ["crm" if one[0] == "crm_lead" else "web", *([one[0], one[1]])]
        second = ["crm" if other[0] == "crm_lead" else "web", other[0], other[1]]
        record = [first[1], first[0], first[2]] if kind != "block_identifier" else [None] * 3
        pair = [second[1], second[0], second[2]] if kind.endswith("_link") else [None] * 3
        blocked = ("mobile", self._mobile(e164=True)) if kind == "block_identifier" else (None,) * 2
        self.decisions[name] = [
            *(name, "person", kind, *record, *pair, *blocked),
            *("test", "tester", self.decided_at(), None),
        ]  # fmt: skip

    def _some(self, n: int) -> list[tuple[str, str]]:
        alive = sorted(self.rows.keys() - self.gone)
        return self.dice.sample(alive, min(n, len(alive)))

    def _new_row(self, table: str | None = None) -> tuple[str, dict[str, str]]:
        table = table or self.dice.choice(sorted(KEYS))
        row_id = f"{table[0]}{len(self.rows):04}"
        at = f"{self.today} 09:00:00"
        row = {KEYS[table]: row_id, **self._words()}
        if table == "crm_leads":
            row |= {"created_at": at, "updated_at": at, "status": "New"}
        else:
            row |= {"form_kind": "demo", "submitted_at": at, "received_at": at}
        self.rows[table, row_id] = row
        return table, row

    def _words(self) -> dict[str, str]:
        name, company = self.dice.choice(NAMES), self.dice.choice(COMPANIES)
        email = self.dice.choice(["", f"u{self.dice.randrange(40)}@{self._domain()}"])
        mobile = self.dice.choice(["", self._mobile()])
        return {
            "full_name": name,
            "name": name,
            "company": company,
            "company_name": company,
            "email": email,
            "mobile_phone": mobile,
            "phone": self.dice.choice(["", mobile]),
            "anonymous_id": self.dice.choice(["", f"c{self.dice.randrange(30)}"]),
        }

    def _domain(self) -> str:
        return self.dice.choice(["qq.com", "huachuang.cn", "lanhai.com.cn", "acme.com"])

    def _mobile(self, *, e164: bool = False) -> str:
        return ("+86" if e164 else "") + f"1391357{self.dice.randrange(40) * 173 + 1000:04}"

    def _changed(self, key: tuple[str, str]) -> tuple[str, dict[str, str]]:
        at = {"updated_at": f"{self.today} 18:00:00", "received_at": f"{self.today} 18:00:00"}
        words = self._words()
        kept = self.dice.sample(sorted(words), self.dice.randrange(len(words)))
        self.rows[key] |= {k: v for k, v in words.items() if k not in kept} | at
        return key[0], self.rows[key]

    def _deleted(self, key: tuple[str, str]) -> tuple[str, dict[str, str]]:
        self.gone.add(key)
        at = {"updated_at": f"{self.today} 20:00:00", "received_at": f"{self.today} 20:00:00"}
        return key[0], self.rows[key] | at | {"_is_deleted": "true"}

    def _deliver_merge(self) -> None:
        leads = [row_id for table, row_id in self.rows if table == "crm_leads"]
        if len(leads) < 2:
            return
        winner, loser = self.dice.sample(leads, 2)
        row = {"object_type": "lead", "winner_id": winner, "loser_id": loser}
        row["_is_deleted"] = self.dice.choice(["", "", "true"])
        self._deliver("crm_merge_log", self.day, [("crm_merge_log", row)])

    def _deliver(self, table: str, day: int, rows: list[tuple[str, dict[str, str]]]) -> None:
        rows = [row for name, row in rows if name == table]
        if not rows:
            return
        with self._file(table, day).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[table], extrasaction="ignore", restval="")
            writer.writeheader()
            writer.writerows(self.dice.sample(rows, len(rows)))

    def _file(self, table: str, day: int) -> Path:
        source = "crm" if table.startswith("crm") else "web"
        date = FIRST_DAY + dt.timedelta(days=day)
        folder = self.folder / table / f"extract_date={date}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{source}-{self.day:03}-{len(list(folder.iterdir())):02}.csv"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> CompiledModels:
    """The identity models, compiled over a first day of every table the world delivers."""
    home = tmp_path_factory.mktemp("over_time")
    world = World(home / "extracts", random.Random(0))
    for table in COLUMNS:
        world._file(table, 0).write_text(",".join(COLUMNS[table]) + "\n", encoding="utf-8")
    warehouse = Warehouse(home / "home", home / "extracts")
    warehouse.land()
    changing = (
        "stg_landing__files",
        "int_identity__overrides",
        *(f"stg_{t.replace('_', '__', 1)}" for t in COLUMNS),
    )
    return CompiledModels(warehouse, SELECT, changing).prepare()


def tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    """Everything identity decided: edges, memberships, events."""
    names = ("intermediate.int_identity__edges", "intermediate.int_identity__memberships",
             "intermediate.int_identity__shared_identifiers", "intermediate.int_identity__replayed",
             "marts.fct_identity_event", "marts.person_membership_history")  # fmt: skip
    return {
        name: sorted(map(repr, connection.execute(f"from {name}").fetchall())) for name in names
    }


def assignment(connection: duckdb.DuckDBPyConnection, at: dt.datetime | None = None) -> dict:
    """Entity of every record as known at an instant, or now."""
    when = (
        "valid_to is null"
        if at is None
        else f"valid_from <= timestamp '{at}' and (valid_to is null or valid_to > timestamp '{at}')"
    )
    return {
        (entity, record): key
        for entity, record, key in connection.execute(
            f"select entity, record_key, entity_key from intermediate.int_identity__memberships"
            f" where {when}"
        ).fetchall()
    }


def people(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for person, record_type, record_id in connection.execute(
        "select person_key, record_type, record_id from intermediate.int_identity__person_records"
        " where record_type in ('crm_lead', 'form_submission') order by all"
    ).fetchall():
        found.setdefault(person, []).append((record_type, record_id))
    return found


def write_decisions(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    connection.execute("delete from rules.identity_override")
    for row in world.decisions.values():
        marks = ", ".join("?" * len(row))
        connection.execute(f"insert into rules.identity_override values ({marks})", row)


def history(
    compiled: CompiledModels, folder: Path, seed: int, *, late: bool
) -> Iterator[tuple[World, duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]]:
    """Yields after every step: the world, the incremental warehouse and the full one."""
    extracts = compiled.warehouse.extracts
    for file in extracts.glob("*/*/*-*.csv"):
        if "-000-" not in file.name:
            file.unlink()
    shutil.rmtree(compiled.warehouse.home / "landing")
    world = World(extracts, random.Random(seed))
    incremental = compiled.connect(folder / "incremental" / compiled.warehouse.file.name)
    full = compiled.connect(folder / "full" / compiled.warehouse.file.name)
    for _ in range(STEPS):
        world.step(late=late)
        compiled.land()
        for connection, reuse in ((incremental, True), (full, False)):
            write_decisions(connection, world)
            compiled.run(connection, reuse=reuse)
        yield world, incremental, full
        world.decide(people(full))
    incremental.close()
    full.close()


def test_incremental_is_full_whatever_comes(compiled: CompiledModels, tmp_path: Path) -> None:
    """C08, D3: insert, update, delete, decide, withdraw, late, repeated: 0 differences."""
    n_events = 0
    for world, incremental, full in history(compiled, tmp_path, seed=1, late=True):
        expected = tables(full)
        for name, rows in tables(incremental).items():
            different = set(rows) ^ set(expected[name])
            assert not different, f"step {world.day}: {len(different)} rows of {name} differ"
        n_events = len(expected["marts.fct_identity_event"])
    assert n_events > 2 * STEPS


def test_history_is_what_was_known_and_no_id_changes_in_silence(
    compiled: CompiledModels, tmp_path: Path
) -> None:
    """D3: the state of each day is what that day's build said; every changed id has its event."""
    snapshots: dict[dt.datetime, dict] = {}
    before, before_at = {}, dt.datetime(2000, 1, 1)
    for world, _, full in history(compiled, tmp_path, seed=2, late=False):
        # A day on which nothing was delivered is no later than the one before it.
        ((as_of,),) = full.execute("select as_of from intermediate.int_time__as_of").fetchall()
        now = assignment(full)
        logged = {
            (entity, former, key)
            for entity, former, key in full.execute(
                "select entity, other_entity_key, entity_key from marts.fct_identity_event"
                f" where known_at > timestamp '{before_at}'"
            ).fetchall()
        }
        for record, key in now.items():
            if record in before and before[record] != key:
                assert (record[0], before[record], key) in logged, f"step {world.day}: in silence"
        snapshots[as_of] = before = now
        before_at = as_of
        if world.day in (STEPS // 2, STEPS):
            for day, snapshot in snapshots.items():
                assert assignment(full, day) == snapshot, f"as known at {day}"
    assert len(snapshots) > STEPS // 2
