"""D2, E01, E02, E03, X3: the score at any instant, as known then and as known now, is counted.

A world of more than 4,000 leads whose rows tie, come late, are corrected, withdrawn and tie people
together or apart (score_world.py), scored by dbt's compiled models and by brute force
(score_oracle.py). SCORE_FAMILIES sets the size of the world.
"""

import datetime as dt
import json
import os
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.pipeline.compiled import CompiledModels
from tests.pipeline.redelivery import deliver_twice_shuffled_and_split
from tests.pipeline.score_oracle import Oracle, Score
from tests.pipeline.score_world import BEGIN, COLUMNS, N_DELIVERIES, ScoreWorld, known_at
from tests.pipeline.warehouse import Warehouse

N_FAMILIES = int(os.environ.get("SCORE_FAMILIES", "2350"))
N_PROBES = 20_000
SELECT = "+int_scoring__intervals +int_scoring__intervals_then"
# Deliveries after which the warehouse is built, to be remembered: it must say the same later.
STOPS = (0, 4)
ITEM = ["score_item", "score_group", "points", "repeat_policy", "max_count", "window_days",
        "signal_kind", "signal", "match_kind", "match_value", "rule_version",
        "valid_from", "valid_to"]  # fmt: skip
ITEMS = [
    "price,behaviour,20,each_session,2,,web_event,pricing_view,,,v1,2000-01-01,2026-01-20",
    "price,behaviour,7,each_session,3,,web_event,pricing_view,,,v2,2026-01-20,",
    "case,behaviour,10,each_asset,3,12,web_event,case_download,,,v1,2000-01-01,",
    "again,behaviour,5,each_later_session,6,,web_event,*,,,v1,2000-01-01,",
    "busy,behaviour,3,each_later_session,2,6,web_event,*,,,v1,2026-01-10,2026-02-01",
    "webinar,behaviour,4,each,4,9,web_event,webinar_view,,,v1,2000-01-01,",
    "trial,behaviour,9,once,1,,web_event,trial_start,,,v1,2000-01-01,",
    "chief,attribute,20,once,1,,lead_field,title,buying_role,decision_maker,v1,2000-01-01,",
    "field,attribute,10,once,1,,lead_field,industry,target_industry,,v1,2000-01-01,2026-01-25",
    "field,attribute,15,once,1,,lead_field,industry,target_industry,,v2,2026-01-25,",
    "size,attribute,10,once,1,,lead_field,employee_count,at_least,200,v1,2000-01-01,",
]
GROUPS = [
    ("behaviour", "60", "v1", "2000-01-01", ""),
    ("attribute", "40", "v1", "2000-01-01", "2026-01-28"),
    ("attribute", "30", "v2", "2026-01-28", ""),
]
INTERVALS = """
    select leads.lead_id, valid_from, valid_to, behaviour_raw, attribute_raw,
        behaviour_points, attribute_points, total_points
    from intermediate.int_scoring__intervals{mode} inner join intermediate.int_crm__leads as leads
        using (lead_key)
    order by all
"""


@dataclass
class Replay:
    """The world, its warehouse after the last delivery, and what it said after earlier ones."""

    world: ScoreWorld
    compiled: CompiledModels
    connection: duckdb.DuckDBPyConnection
    remembered: dict[int, dict[str, Score | None]]

    def intervals(self, mode: str) -> list[tuple]:
        """All intervals of a mode ('' or '_then'), in order."""
        return self.connection.execute(INTERVALS.format(mode=mode)).fetchall()


def scores_at(
    intervals: list[tuple], probes: list[tuple[str, dt.datetime]]
) -> list[tuple[str, dt.datetime, Score | None]]:
    """The row of each (lead, instant); None where there is none."""
    of_lead: dict[str, list[tuple]] = {}
    for lead_id, valid_from, valid_to, *score in intervals:
        of_lead.setdefault(lead_id, []).append((valid_from, valid_to, tuple(score)))
    found = []
    for lead_id, at in probes:
        held = [
            score
            for start, end, score in of_lead.get(lead_id, [])
            if start <= at and (end is None or at < end)
        ]
        assert len(held) <= 1, f"{lead_id} has {len(held)} scores at {at}"
        found.append((lead_id, at, held[0] if held else None))
    return found


@pytest.fixture(scope="module")
def replay(tmp_path_factory) -> Iterator[Replay]:
    """Delivery after delivery landed; built at the stops and at the end."""
    home = tmp_path_factory.mktemp("score_replay")
    world = ScoreWorld(N_FAMILIES, random.Random(4)).fill()
    extracts = home / "extracts"
    warehouse = Warehouse(home / "home", extracts)
    for table in COLUMNS:
        source = "crm" if table.startswith("crm") else "web"
        file = extracts / table / "extract_date=2025-12-31" / f"{source}-start.csv"
        file.parent.mkdir(parents=True)
        file.write_text(",".join(COLUMNS[table]) + "\n", encoding="utf-8")
    world.write(extracts, 0)
    warehouse.land()
    changing = ("stg_landing__files", *(f"stg_{t.replace('_', '__', 1)}" for t in COLUMNS))
    compiled = CompiledModels(warehouse, SELECT, changing).prepare()
    connection = compiled.connect(home / "replay" / warehouse.file.name)
    connection.execute("delete from rules.score_item")
    connection.execute("delete from rules.score_group")
    into = f"insert into rules.score_item ({', '.join(ITEM)}) values ({', '.join('?' * len(ITEM))})"
    for line in ITEMS:
        connection.execute(into, [cell or None for cell in line.split(",")])
    for group in GROUPS:
        cells = [cell or None for cell in group]
        connection.execute("insert into rules.score_group values (?, ?, ?, ?, ?)", cells)
    found = Replay(world, compiled, connection, {})
    for number in range(N_DELIVERIES):
        world.write(extracts, number)
        if number not in (*STOPS, N_DELIVERIES - 1):
            continue
        compiled.land()
        compiled.run(connection, reuse=False)
        if number in STOPS:
            intervals = found.intervals("")
            leads = sorted({row[0] for row in intervals})
            probes = [(lead_id, known_at(number)) for lead_id in leads]
            found.remembered[number] = {
                lead_id: score for lead_id, _, score in scores_at(intervals, probes)
            }
    yield found
    connection.close()


@pytest.fixture(scope="module")
def oracle(replay: Replay) -> Oracle:
    items = [dict(zip(ITEM, line.split(","), strict=True)) for line in ITEMS]
    columns = ("score_group", "cap_points", "rule_version", "valid_from", "valid_to")
    groups = [dict(zip(columns, group, strict=True)) for group in GROUPS]
    return Oracle(replay.world.deliveries, items, groups, N_DELIVERIES)


def random_probes(replay: Replay, seed: int) -> list[tuple[str, dt.datetime]]:
    """Leads at random instants, a third of them when something is delivered or a second beside."""
    dice = random.Random(seed)
    leads = sorted({d.row["lead_id"] for d in replay.world.deliveries if d.table == "crm_leads"})
    assert len(leads) >= 4_000
    last = known_at(N_DELIVERIES - 1)
    probes = []
    for _ in range(N_PROBES):
        at = BEGIN + dt.timedelta(minutes=dice.randrange(int((last - BEGIN).total_seconds() / 60)))
        if dice.random() < 1 / 3:
            beside = dt.timedelta(seconds=dice.choice([-1, 0, 1]))
            at = min(last, known_at(dice.randrange(N_DELIVERIES)) + beside)
        probes.append((dice.choice(leads), at))
    return probes


@pytest.mark.parametrize(("mode", "seed"), [("", 1), ("_then", 2)])
def test_20000_probes_agree_with_brute_force(
    replay: Replay, oracle: Oracle, mode: str, seed: int
) -> None:
    """E01, E02, E03, X3, D2: items, windows, versions and caps, in both modes: 0 mismatches."""
    ask = oracle.then if mode else oracle.now
    found = scores_at(replay.intervals(mode), random_probes(replay, seed))
    wrong = [
        (lead_id, at, score, expected)
        for lead_id, at, score in found
        if score != (expected := ask(lead_id, at))
    ]
    assert not wrong, f"{len(wrong)} of {N_PROBES} differ, such as {wrong[:3]}"
    # Else there would be little to disagree on.
    scored = [score for *_, score in found if score is not None and (score[0] or 0) > 0]
    assert len(scored) > N_PROBES / 10


def test_then_is_what_the_build_of_that_day_said(replay: Replay) -> None:
    """D2 (i), (iii), (iv): late rows, corrections and merges of after t move no score of t."""
    n_moved = 0
    for number, remembered in replay.remembered.items():
        at = known_at(number)
        probes = [(lead_id, at) for lead_id in sorted(remembered)]
        then = {lead: score for lead, _, score in scores_at(replay.intervals("_then"), probes)}
        wrong = [lead for lead in remembered if then[lead] != remembered[lead]]
        assert not wrong, f"delivery {number}: {len(wrong)} differ, such as {wrong[:3]}"
        now = {lead: score for lead, _, score in scores_at(replay.intervals(""), probes)}
        n_moved += sum(now[lead] != then[lead] for lead in remembered)
    # Else the world would plant nothing that could move them.
    assert n_moved > 500


def test_the_future_moves_nothing(replay: Replay, oracle: Oracle) -> None:
    """D2 (ii): without all that happened after t, the score of t as known now is the same."""
    dice = random.Random(5)
    for lead_id, at in dice.sample(random_probes(replay, 3), 12):
        past = [
            d
            for d in replay.world.deliveries
            if d.table != "web_events" or d.row["occurred_at"] <= at.isoformat() + "Z"
        ]
        shorter = Oracle(past, oracle.items, oracle.groups, N_DELIVERIES)
        ((_, _, score),) = scores_at(replay.intervals(""), [(lead_id, at)])
        assert score == shorter.now(lead_id, at)


INPUTS = {
    "": ("int_scoring__lead_hits", "int_scoring__attribute_periods"),
    "_then": ("int_scoring__lead_hits_then", "int_scoring__attribute_periods_then"),
}


@pytest.fixture(scope="module")
def incremental(replay: Replay) -> dict[str, str]:
    """The incremental form of both models, as dbt compiles it where their tables are."""
    built = replay.compiled.warehouse
    warehouse = Warehouse(built.home, built.extracts, {"score_incremental": True})
    warehouse.dbt("compile", "-s", *(f"int_scoring__intervals{mode}" for mode in INPUTS))
    manifest = json.loads((built.home / "target" / "manifest.json").read_text("utf-8"))
    queries = {
        mode: manifest["nodes"][f"model.leadhouse.int_scoring__intervals{mode}"]["compiled_code"]
        for mode in INPUTS
    }
    assert all("as built" in query for query in queries.values()), "not compiled as incremental"
    return queries


@pytest.mark.parametrize("mode", INPUTS)
def test_incremental_is_full_after_ten_schedules(
    replay: Replay, incremental: dict[str, str], mode: str
) -> None:
    """D2, C08: hits and attributes come and go in ten random orders, and with them the as-of
    instant and a cap: only dirty leads are redone, and the rows are those of a full build. The
    deletion and the insertion are those dbt makes."""
    run, dice = replay.connection.execute, random.Random(7)
    model = f"int_scoring__intervals{mode}"
    table = f"intermediate.{model}"
    full = next(m["compiled"] for m in replay.compiled.models if m["name"] == model)
    everything = replay.intervals(mode)
    for name in (*INPUTS[mode], "int_time__as_of", "int_scoring__cap_periods"):
        run(f"create or replace temp table whole_{name} as from intermediate.{name}")
    n_kept = 0
    for schedule in range(10):
        for share, salt in [(dice.choice([1, 3, 5, 8]), dice.randrange(10**6)), (10, 0)]:
            for name in INPUTS[mode]:
                # Three leads in four have all their rows in every step.
                came = f"hash(lead_key, score_item, valid_from, {salt}) % 10 < {share}"
                run(
                    f"create or replace table intermediate.{name} as from whole_{name}"
                    f" where hash(lead_key, {schedule}) % 4 > 0 or {came}"
                )
            run(
                "create or replace table intermediate.int_time__as_of as select * replace"
                f" (as_of - {10 - share} * interval 1 day as as_of) from whole_int_time__as_of"
            )
            less = 7 if schedule == 5 and share < 10 else 0
            run(
                "create or replace table intermediate.int_scoring__cap_periods as select * replace"
                f" (behaviour_cap - {less} as behaviour_cap) from whole_int_scoring__cap_periods"
            )
            run(f"create or replace temp table redone as {incremental[mode]}")
            run(f"delete from {table} where lead_key in (select lead_key from redone)")
            run(f"insert into {table} from redone")
            run(f"create or replace temp table expected as {full}")
            different = run(
                f"(from {table} except all from expected)"
                f" union all (from expected except all from {table})"
            ).fetchall()
            assert not different, f"schedule {schedule}: {len(different)} rows differ"
            n_redone, n_all = (
                run(f"select count(distinct lead_key) from {name}").fetchall()[0][0]
                for name in ("redone", "expected")
            )
            n_kept += n_redone < 0.8 * n_all
    assert replay.intervals(mode) == everything
    # Else everything would be redone every time.
    assert n_kept >= 10


def test_shuffled_and_doubled_deliveries_change_nothing(replay: Replay, tmp_path: Path) -> None:
    """D2, C08: the same rows in another order, in more files, twice: the same intervals."""
    before = {mode: replay.intervals(mode) for mode in ("", "_then")}
    extracts = replay.compiled.warehouse.extracts
    again = tmp_path / "again"
    deliver_twice_shuffled_and_split(extracts, again, seed=6)
    shutil.rmtree(extracts)
    shutil.copytree(again, extracts)
    shutil.rmtree(replay.compiled.warehouse.home / "landing")
    replay.compiled.land()
    replay.compiled.run(replay.connection, reuse=False)
    for mode, intervals in before.items():
        assert replay.intervals(mode) == intervals
