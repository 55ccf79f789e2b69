"""The black hole: who is forgotten, since when and why, against one who asks lead by lead (H07)."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.pipeline.black_hole_oracle import (
    AS_OF,
    DECISION,
    LATER_LIMITS,
    LIMITS,
    PATHS,
    START,
    Lead,
    Worth,
    cause,
    conversations,
    exit_kind,
    falls,
    found_again,
    made_up_lead,
    state,
    worths,
)
from tests.pipeline.model_bench import ModelBench
from tests.pipeline.roi_world import telescoped
from tests.pipeline.test_truth import instant, truth
from tests.pipeline.warehouse import Warehouse

MODELS = (
    "int_blackhole__leads", "int_blackhole__contacts", "int_blackhole__shelters",
    "int_blackhole__moments", "int_blackhole__states", "int_blackhole__intervals",
    "int_blackhole__entries", "int_blackhole__signals", "int_blackhole__causes",
    "fct_black_hole_interval", "mart_black_hole_daily",
)  # fmt: skip
POLICY = {"win_days": 50, "cash_days": 30, "rescue_days": 25, "small_n": 25}
ALWAYS, CHANGE = date(2000, 1, 1), date(2025, 6, 1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> Iterator[ModelBench]:
    """An empty warehouse: limits of two versions, shipped causes and exits."""
    bench = ModelBench(demonstration)
    bench.put_rules("black_hole_cause", "black_hole_exit", "black_hole_sentence")
    bench.put(
        "int_time__as_of", "as_of timestamp, newest_extract_date date", [(AS_OF, AS_OF.date())]
    )
    rows = [(stage, *limit, "v1", ALWAYS, CHANGE if stage == "mql" else None)
            for stage, limit in LIMITS.items()]  # fmt: skip
    rows.append(("mql", *LATER_LIMITS["mql"], "v2", CHANGE, None))
    bench.put("black_hole_rule", "stage text, silence_days integer, grace_days integer,"
              " restarts_clock boolean, rule_version text, valid_from date, valid_to date",
              rows)  # fmt: skip
    bench.put("measure_policy", "measure text, parameter text, param_value integer,"
              " valid_from date, valid_to date",
              [("black_hole", *row, ALWAYS, None) for row in POLICY.items()])  # fmt: skip
    yield bench
    bench.connection.close()


def put_leads(bench: ModelBench, leads: list[Lead]) -> None:
    """Puts leads where the models of the black hole read them."""
    keys = [lead.key for lead in leads]
    bench.put("int_leads__leads", "lead_key text, channel text, created_at timestamp",
              [(lead.key, "web", lead.created_at) for lead in leads])  # fmt: skip
    # Who the CRM deleted was there until then; who cleaning rejects never was.
    bench.put("int_leads__verdicts", "lead_key text, rule_id text, verdict text",
              [(lead.key, "deleted_lead", "exclude")
               for lead in leads if lead.gone_at])  # fmt: skip
    bench.put("int_leads__duplicate_verdicts", "lead_key text, rule_id text", [])
    bench.put("int_handoffs__closings", "lead_key text, closed_at timestamp, closed_as text",
              [(lead.key, lead.gone_at, "deleted") for lead in leads if lead.gone_at])  # fmt: skip
    bench.put("int_routing__computable", "has_sides boolean, has_contacts boolean", [(True, True)])
    bench.put("int_leads__enquiries", "lead_key text, survivor_lead_key text",
              [(key, key) for key in keys])  # fmt: skip
    bench.put("int_sla__contacts", "activity_key text, lead_key text, occurred_at timestamp,"
              " contact_level text, is_attempt boolean",
              [(f"{lead.key}-{n}", lead.key, c["at"],
                "connected" if c["answered"] else "attempt", c["attempt"])
               for lead in leads for n, c in enumerate(lead.contacts)])  # fmt: skip
    bench.put("int_handoffs__judged", "lead_key text, handoff_number integer, offered_at timestamp,"
              " decision text, decided_at timestamp, came_back_at timestamp,"
              " decision_seconds double",
              [(lead.key, h["number"], h["at"], h["decision"], h["decided"], h["back"],
                DECISION.total_seconds())
               for lead in leads for h in lead.handoffs])  # fmt: skip
    bench.put("int_sla__clocks", "clock_key text, lead_key text, clock_start text,"
              " started_at timestamp, due_at timestamp, stopped_at timestamp,"
              " closed_at timestamp, is_binding boolean",
              [(c["key"], lead.key, c["start"], c["at"], c["due"], c["stopped"], c["closed"], True)
               for lead in leads for c in lead.clocks])  # fmt: skip
    bench.put("int_lifecycle__intervals", "lead_key text, stay_number integer,"
              " passage_number integer, stage text, path_kind text, move text,"
              " entered_at timestamp, exited_at timestamp",
              [(lead.key, n + 1, s["passage"], s["stage"], PATHS[s["stage"]], s["move"], s["at"],
                lead.stays[n + 1]["at"] if n + 1 < len(lead.stays) else None)
               for lead in leads for n, s in enumerate(lead.stays)])  # fmt: skip
    bench.put("int_routing__owner_periods", "lead_key text, owner_user_id text,"
              " owner_team_id text, owner_side text, valid_from timestamp, valid_to timestamp",
              [(lead.key, None if o["side"] == "nobody" else f"u-{o['side']}",
                None if o["side"] == "nobody" else f"t-{o['side']}", o["side"], o["at"], o["until"])
               for lead in leads for o in lead.owners])  # fmt: skip
    bench.put("dim_lead", "lead_key text, channel text, created_at timestamp",
              [(lead.key, "web", lead.created_at) for lead in leads])  # fmt: skip
    bench.put("fct_lead_source", "lead_key text, source_kind text, channel text", [])


@pytest.mark.parametrize("seed", range(2))
def test_falls_causes_and_exits_are_those_of_asking_every_half_day(
    bench: ModelBench, seed: int
) -> None:
    """H07, D16: 150 leads with ties, returns, two versions of a limit, promises and contacts at the
    very instant the limit is over; every fall, its cause and its exit; law 3 day by day."""
    dice = random.Random(seed)
    leads = [made_up_lead(f"lead-{seed}-{number:03}", dice) for number in range(150)]
    put_leads(bench, leads)
    bench.run(*MODELS)
    expected = {
        (lead.key, entered, left, cause(lead, entered), left and exit_kind(lead, left))
        for lead in leads
        for entered, left in falls(lead)
    }
    found = bench.rows("fct_black_hole_interval", "lead_key, entered_at, left_at, cause, exit_kind")
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert {row[3] for row in found} >= {
        "nurture_ended", "returned_dropped", "never_assigned", "breached", "one_touch", "went_quiet"
    }  # fmt: skip
    assert {row[4] for row in found} >= {
        None, "erased", "re_engaged", "became_opportunity", "disqualified", "handed_over",
        "came_back", "into_nurture", "limit_changed"
    }  # fmt: skip

    # The stock of a day is asked for an instant before midnight, not added up.
    stock = {
        day: (opening, inflow, outflow, closing)
        for day, opening, inflow, outflow, closing in bench.connection.execute(
            "select date_day, sum(opening), sum(inflow), sum(outflow), sum(closing)"
            " from warehouse.marts.mart_black_hole_daily group by date_day"
        ).fetchall()
    }
    before, midnight = 0, START
    while midnight + DAY <= AS_OF + timedelta(seconds=1):
        day, ends = (midnight + timedelta(hours=8)).date(), midnight + DAY
        closing = sum(
            state(lead, ends - timedelta(hours=12))[1] for lead in leads if lead.created_at < ends
        )
        opening, inflow, outflow, counted = stock.get(day, (0, 0, 0, 0))
        assert (opening, counted) == (before, closing), day
        assert before + inflow - outflow == closing
        before, midnight = closing, ends
    assert before == sum(1 for row in found if row[2] is None)
    assert any(conversations(lead) for lead in leads)


def test_the_very_instant_decides(bench: ModelBench) -> None:
    """D16, H07: contact exactly when the limit is over keeps a lead out, one instant later it does
    not; a message nobody asked for is no conversation; a deal of that instant keeps it out too."""
    limit = timedelta(days=LIMITS["lead"][1])
    second = timedelta(seconds=1)
    born = datetime(2025, 3, 1, 3, 4, 5)

    def lead(key: str, *contacts: tuple[datetime, bool], deal: datetime | None = None) -> Lead:
        stays = [{"at": born, "stage": "lead", "move": "create", "passage": 1}]
        if deal:
            stays.append({"at": deal, "stage": "opportunity", "move": "skip", "passage": 1})
        said = [{"at": at, "attempt": ours, "answered": True} for at, ours in contacts]
        return Lead(key, stays, said)

    put_leads(bench, [
        lead("never"), lead("at_once", (born + limit, True)),
        lead("late", (born + limit + second, True)), lead("unasked", (born + limit, False)),
        lead("dealt", deal=born + limit), lead("dealt_late", deal=born + limit + second),
    ])  # fmt: skip
    bench.run(*MODELS)
    rows = bench.rows("fct_black_hole_interval", "lead_key, entered_at, left_at, exit_kind")
    first = {
        key: (entered, left, kind)
        for key, entered, left, kind in sorted(rows, key=lambda row: row[1], reverse=True)
    }
    silence = timedelta(days=LIMITS["lead"][0])
    assert first == {
        "never": (born + limit, None, None),
        "at_once": (born + limit + silence, None, None),
        "late": (born + limit, born + limit + second, "re_engaged"),
        "unasked": (born + limit, None, None),
        "dealt_late": (born + limit, born + limit + second, "became_opportunity"),
    }


def test_without_contacts_nobody_is_said_to_be_forgotten(bench: ModelBench) -> None:
    """H07, O02: an absent extract of contacts makes the black hole not computable."""
    put_leads(bench, [made_up_lead("lead", random.Random(1))])
    bench.put("int_routing__computable", "has_sides boolean, has_contacts boolean", [(True, False)])
    bench.run(*MODELS)
    assert bench.rows("fct_black_hole_interval", "*") == []


def test_worth_is_what_leads_that_were_forgotten_as_long_brought(bench: ModelBench) -> None:
    """H07, D16, D20: trials, wins in time and the group compared with are those counted by hand;
    value is rate times cash of an average deal old enough; never 0 for what is not known."""
    dice = random.Random(7)
    leads = [made_up_lead(f"lead-{number:03}", dice) for number in range(250)]
    bands = {lead.key: dice.choice(("HOT", "COLD")) for lead in leads}
    points = {"HOT": 80, "COLD": 10}
    dwells = [("fresh", 0, 20), ("months", 20, 60), ("long", 60, None)]
    put_leads(bench, leads)
    in_force = "valid_from date, valid_to date"
    bench.put("black_hole_dwell", "dwell_band text, min_days integer, max_days integer,"
              f" {in_force}",
              [(*dwell, ALWAYS, None) for dwell in dwells])  # fmt: skip
    bench.put("int_scoring__intervals", "lead_key text, total_points integer,"
              " valid_from timestamp, valid_to timestamp",
              [(lead.key, points[bands[lead.key]], START, None) for lead in leads])  # fmt: skip
    bench.put("int_scoring__bands", "band text, min_points integer, max_points integer,"
              " valid_from timestamp, valid_to timestamp",
              [("HOT", 61, 100, START, None), ("COLD", 0, 60, START, None)])  # fmt: skip
    deals = [(AS_OF - DAY * days, True, 100_000 * days) for days in range(31, 61)]
    young, lost = (AS_OF - DAY * 29, True, 10**9), (AS_OF - DAY * 90, False, 10**9)
    bench.put("int_attribution__conversions", "converted_at timestamp, is_won boolean,"
              " cash_minor bigint", [*deals, young, lost])  # fmt: skip
    bench.put("int_attribution__computable", "has_wins boolean, has_cash boolean", [(True, True)])
    valued = ("int_blackhole__trials", "int_blackhole__odds", "int_blackhole__win_cash",
              "int_blackhole__values")  # fmt: skip
    bench.run(*MODELS, *valued)
    rows = bench.rows(
        "int_blackhole__values",
        "lead_key, odds_basis, n_trials, n_won, value_status, expected_value_minor,"
        " expected_value_low, expected_value_high",
    )
    expected = worths(leads, bands, dwells, POLICY["win_days"], POLICY["small_n"])
    assert {row[0]: Worth(*row[1:4]) for row in rows} == expected
    assert {"stage_band", "stage", "all"} <= {worth.basis for worth in expected.values()}
    cash = 100_000 * 45.5
    for key, _, n, won, status, value, low, high in rows:
        enough = n >= POLICY["small_n"]
        assert status == (
            "immature" if not n else "small_n" if not enough else "ok" if won else "no_wins"
        ), key
        if status == "ok":
            assert value == pytest.approx(won / n * cash, abs=1)
            assert 0 < low < value < high
        else:
            assert value is None
            assert low is None
            assert (high is not None) == (status == "no_wins")
    assert {"ok", "no_wins"} <= {row[4] for row in rows}

    # What was not delivered, or has not paid, is not worth 0.
    bench.put("int_attribution__conversions", "converted_at timestamp, is_won boolean,"
              " cash_minor bigint", [])  # fmt: skip
    bench.run(*valued)
    told = bench.rows("int_blackhole__values", "value_status, expected_value_minor")
    assert {value for _, value in told} == {None}
    assert "no_cash" in {status for status, _ in told}
    bench.put("int_attribution__computable", "has_wins boolean, has_cash boolean", [(True, False)])
    bench.run(*valued)
    told = bench.rows("int_blackhole__values", "value_status, expected_value_high, win_rate")
    assert set(told) == {("not_computable", None, None)}


def test_leads_found_again_are_those_of_asking(bench: ModelBench) -> None:
    """H07, D20: when each fall was over for good, and the shares by cause: mature falls only, NULL
    where a month is young or leads are few."""
    dice = random.Random(11)
    leads = [made_up_lead(f"lead-{number:03}", dice) for number in range(250)]
    put_leads(bench, leads)
    bench.run(*MODELS, "int_blackhole__rescues", "mart_black_hole_rescue")
    fell = [(lead, entered) for lead in leads for entered, _ in falls(lead)]
    found = bench.rows("int_blackhole__rescues", "lead_key, entered_at, rescued_at")
    assert set(found) == {(lead.key, at, found_again(lead, at)) for lead, at in fell}
    days = timedelta(days=POLICY["rescue_days"])
    counts = {name: [0, 0, 0] for name in {cause(lead, at) for lead, at in fell}}
    for lead, at in fell:
        again = found_again(lead, at)
        is_mature = AS_OF - at >= days
        is_found = is_mature and again is not None and again - at <= days
        for place, amount in enumerate((1, is_mature, is_found)):
            counts[cause(lead, at)][place] += amount
    rows = bench.rows("mart_black_hole_rescue", "period_kind, cause, n_falls, n_mature, n_rescued,"
                      " ratio_status, rescue_rate, rescue_rate_low, rescue_rate_high")  # fmt: skip
    assert {row[1]: list(row[2:5]) for row in rows if row[0] == "all"} == counts
    for kind, _, n, mature, again, status, rate, low, high in rows:
        if not mature or (kind == "month" and mature < n):
            assert (status, rate, low, high) == ("immature", None, None, None)
        elif mature < POLICY["small_n"]:
            assert (status, rate, low, high) == ("small_n", None, None, None)
        else:
            assert rate == again / mature
            assert 0 <= low <= rate <= high <= 1
    assert {"ok", "small_n", "immature"} == {row[5] for row in rows}


@pytest.mark.parametrize("seed", range(20))
def test_cost_of_leads_adds_up_to_the_cost(bench: ModelBench, seed: int) -> None:
    """H07, A10, law 5: shares are differences of rounded running parts, credit notes and months
    without leads included; what no lead bears stays."""
    dice = random.Random(seed)
    months = [date(2025, number, 1) for number in range(1, 5)]
    cells: Counter = Counter()
    for _ in range(40):
        cell = dice.choice("abc"), dice.choice(months), dice.choice(("media", "people"))
        cells[cell] += dice.choice((1, -1, 1, 1)) * dice.randint(1, 100_000)
    leads = [
        (f"l{n:02}", dice.choice("abcd"), datetime(2025, dice.randint(1, 5), dice.randint(2, 27)),
         dice.choice(("net", "net", "duplicate", "exclude")))
        for n in range(25)
    ]  # fmt: skip
    bench.put("dim_lead", "lead_key text, channel text, created_at timestamp,"
              " cleaning_outcome text", leads)  # fmt: skip
    bench.put("fct_cost", "channel text, service_month date, cost_group text, amount_minor bigint",
              [row for (*cell, total) in ((*c, t) for c, t in cells.items())
               for row in ((*cell, total - 7), (*cell, 7))])  # fmt: skip
    bench.run("fct_lead_cost")
    found = {
        (channel, month, group, key): cents
        for channel, month, group, key, cents in bench.rows(
            "fct_lead_cost", "channel, cost_month, cost_group, lead_key, amount_minor"
        )
    }
    expected = {}
    for (channel, month, group), total in cells.items():
        bearers = sorted(
            (created, key) for key, of, created, outcome in leads
            if of == channel and created.replace(day=1).date() == month and outcome == "net"
        )  # fmt: skip
        keys = [key for _, key in bearers] or [None]
        for key, cents in zip(keys, telescoped(total, [1] * len(keys)), strict=True):
            expected[channel, month, group, key] = cents
    assert found == expected
    assert sum(found.values()) == sum(cells.values())


def test_the_demonstration_forgets_only_who_was_left_lying(demonstration: Warehouse) -> None:
    """H07: of the planted stages of a lead, one without a limit never lies in a fall.

    Nobody falls in before the days of the stage are over; what was planted open is found.
    """
    limits = dict(demonstration.rows("select stage, grace_days from rules.black_hole_rule"))
    stays: dict[str, list[dict]] = {}
    for row in truth("stage_intervals"):
        stays.setdefault(row["lead_id"], []).append(row)
    fell = demonstration.rows(
        "select lead_id, entered_at, left_at, interval_number"
        " from marts.fct_black_hole_interval inner join marts.dim_lead using (lead_key)"
    )
    assert len(fell) > 1000
    for lead_id, entered, left, number in fell:
        for stay in stays[lead_id]:
            begun, over = instant(stay["entered_at"]), instant(stay["exited_at"])
            lasts = begun < over if over else True
            if lasts and begun < (left or datetime(9999, 1, 1)) and (not over or over > entered):
                assert stay["stage"] in limits
        if number == 1:
            assert entered - instant(stays[lead_id][0]["entered_at"]) >= timedelta(days=30)
    # Nobody ever touched these: their lead lies there from its thirtieth day to this one.
    touched = {row[0] for row in demonstration.rows(
        "select distinct lead_key from intermediate.int_engagement__activity_records"
    )}  # fmt: skip
    untouched = demonstration.rows(
        "select lead_id, lead_key, created_at from marts.dim_lead where cleaning_outcome = 'net'"
        " and created_at < (select as_of - interval '31' day from intermediate.int_time__as_of)"
    )
    lying = {
        lead_id
        for lead_id, key, _ in untouched
        if key not in touched and [s["stage"] for s in stays[lead_id]] == ["lead"]
    }
    assert len(lying) > 20
    assert lying <= {row[0] for row in fell if row[2] is None}
