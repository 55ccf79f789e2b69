"""The stage log against a state machine of our own, at every state of knowledge, however delivered.

A made-up CRM (lifecycle_world) delivers over weeks; the models are dbt's compiled ones
(tests/pipeline/compiled.py). LIFECYCLE_LEADS sets how many leads are fuzzed.
"""

import datetime as dt
import os
import random
import shutil
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from tests.pipeline.compiled import CompiledModels
from tests.pipeline.lifecycle_oracle import Oracle, Reading, Stay
from tests.pipeline.lifecycle_world import COLUMNS, World, end_of_day
from tests.pipeline.warehouse import Warehouse

N_LEADS = int(os.environ.get("LIFECYCLE_LEADS", "4000"))
N_STEPS = 9
# The models of the log and what they read, without the identity graph below the qualification
# rules: their periods are a table that the test fills.
SELECT = """
    stage crm_status_map measure_policy contact_kind handoff_decision lifecycle_profile
    lifecycle_evidence inferred_event stg_landing__files stg_crm__leads stg_crm__lead_history
    stg_crm__opportunities stg_crm__activities stg_crm__followups stg_crm__handoffs
    stg_crm__merge_log stg_engagement__call_center_calls int_time__as_of int_time__batch_sightings
    int_crm__leads int_crm__opportunities int_engagement__calls int_engagement__activity_records
    int_engagement__sales_activities int_lifecycle__*
""".split()  # noqa: SIM905
PROPOSALS = """
    create or replace table intermediate.int_qualification__rule_periods (
        lead_key varchar, stage varchar, rule_id varchar, rule_version varchar,
        valid_from timestamp, valid_to timestamp, predicates varchar, known_at timestamp
    )
"""
STAY = """lead_id, stage, entered_at, exited_at, passage_number, visit_number, lifetime_visit_number,
    move"""


@pytest.fixture(scope="module")
def world() -> World:
    return World(N_LEADS, N_STEPS, random.Random(4))


@pytest.fixture(scope="module")
def compiled(world: World, tmp_path_factory) -> CompiledModels:
    """The models of the stage log, compiled over all that the world ever delivers."""
    home = tmp_path_factory.mktemp("lifecycle")
    world.write(home / "extracts")
    warehouse = Warehouse(home / "home", home / "extracts")
    warehouse.land()
    with duckdb.connect(str(warehouse.file)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(PROPOSALS)
    models = CompiledModels(warehouse, SELECT, changing=("stg_landing__files",)).prepare()
    with duckdb.connect(str(warehouse.file)) as connection:
        connection.executemany(
            """
            insert into intermediate.int_qualification__rule_periods
            select lead_key, 'mql', 'mql_score', '1', ?, null, '', ?
            from intermediate.int_lifecycle__lead_periods
            where known_to is null and lead_id = ?
            """,
            [(at, end_of_day(step), lead) for lead, at, step in world.proposals],
        )
    return models


def rules(connection: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """The rule rows that say what a reading says."""
    connection.execute(
        "update rules.lifecycle_profile set profile = ?, mql_by = ?",
        [reading.profile, reading.mql_by],
    )
    connection.execute(
        "update rules.inferred_event set moves_stage = ?, boundary = ?",
        [reading.silence_moves, reading.silence_boundary],
    )


def by_lead(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, list[Stay]]:
    """lead id -> its stays in order."""
    found = defaultdict(list)
    for lead, *stay in connection.execute(
        f"""
        select {STAY} from {relation}
        inner join intermediate.int_lifecycle__lead_periods as leads using (lead_key)
        where leads.known_to is null order by lead_id, stay_number
        """
    ).fetchall():
        found[lead].append(tuple(stay))
    return dict(found)


def at_step(step: int) -> str:
    """The history as known at a step."""
    known = f"timestamp '{end_of_day(step)}'"
    return f"""(
        select * exclude (known_from, known_to) from intermediate.int_lifecycle__stay_history
        where known_from <= {known} and (known_to is null or known_to > {known})
    )"""


READINGS = [
    Reading(),
    Reading("sdr_before_mql", "both", silence_moves=True),
    Reading("sales_confirms", "rule", silence_moves=True, silence_boundary="gte"),
]


@pytest.mark.parametrize("reading", READINGS, ids=lambda r: r.profile)
def test_every_stay_at_every_state_of_knowledge_is_that_of_the_state_machine(
    world: World, compiled: CompiledModels, tmp_path: Path, reading: Reading
) -> None:
    """F01, F02, D1, X1, X6: 4,000 fuzzed leads, as known at each extract day, under each profile."""
    connection = compiled.connect(tmp_path / compiled.warehouse.file.name)
    rules(connection, reading)
    compiled.run(connection, reuse=False)
    oracle = Oracle(world)
    expected = {}
    for step in range(N_STEPS):
        expected = oracle.stays(step, reading)
        actual = by_lead(connection, at_step(step))
        wrong = [lead for lead in expected.keys() | actual if expected.get(lead) != actual.get(lead)]
        assert not wrong, (step, wrong[:3], expected.get(wrong[0]), actual.get(wrong[0]))
    assert len(expected) > 0.95 * N_LEADS
    assert by_lead(connection, "intermediate.int_lifecycle__intervals") == expected
    moves = {stay[-1] for stays in expected.values() for stay in stays}
    assert moves == {"create", "advance", "skip", "regress", "exit", "reenter"}
    connection.close()
