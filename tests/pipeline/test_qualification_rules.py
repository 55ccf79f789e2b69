"""Rules of MQL and SQL on leads made up here: every combination, and thousands of random histories.

The hand evaluation goes hour by hour over lists of statements and knows nothing of periods.
"""

import math
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from hashlib import md5
from itertools import product
from statistics import NormalDist

import pytest

from tests.pipeline.model_bench import ModelBench
from tests.pipeline.warehouse import Warehouse

# Midnight of 2 January 2025 in Shanghai; hour 24 is the midnight after it.
START = datetime(2025, 1, 1, 16)
HOURS = 48
CHANGE = 24
AS_OF = 40
PREDICATES = "abcde"
PERIODS = [
    "int_qualification__conditions",
    "int_qualification__predicate_periods",
    "int_qualification__group_periods",
    "int_qualification__rule_periods",
]
ENTRIES = [
    "int_qualification__entries",
    "int_qualification__entry_predicates",
    "int_qualification__entry_rules",
    "fct_qualification",
]
DECISIONS = [
    "int_qualification__rule_sets",
    "int_qualification__set_conditions",
    "int_qualification__refuted_groups",
    "int_qualification__evaluated_leads",
    "int_qualification__group_states",
    "int_qualification__hand_overs_due",
    "fct_qualification_decision",
]
STATEMENT = (
    "lead_key varchar, predicate varchar, is_true boolean, valid_from timestamp,"
    " valid_to timestamp, known_at timestamp"
)
STAY = (
    "event_id varchar, lead_key varchar, stage varchar, passage_number integer,"
    " visit_number integer, entered_at timestamp, exited_at timestamp, previous_stage varchar,"
    " actor_user_id varchar"
)


def at(hour: int | None) -> datetime | None:
    """The instant of an hour of the tests' clock."""
    return None if hour is None else START + timedelta(hours=hour)


def put_time_and_leads(bench: ModelBench, created: dict[str, int]) -> None:
    """The as-of instant and the leads with their hours of creation."""
    bench.put("int_time__as_of", "as_of timestamp", [(at(AS_OF),)])
    bench.put(
        "int_leads__leads",
        "lead_key varchar, created_at timestamp, first_known_at timestamp",
        [(lead, at(hour), at(hour)) for lead, hour in created.items()],
    )


def put_statements(bench: ModelBench, rows: list[tuple]) -> None:
    """Statements of one kind; the other kinds say nothing."""
    for kind in ("act", "mark", "score", "verdict"):
        bench.put(f"int_qualification__{kind}_statements", STATEMENT, [])
    bench.put("int_qualification__field_statements", STATEMENT, rows)


# -- the truth table of desire, budget and timing ------------------------------------------------


@pytest.fixture(scope="module")
def combinations(demonstration: Warehouse) -> ModelBench:
    """One SQL for each combination of what can be known about desire, budget and timing."""
    bench = ModelBench(demonstration)
    bench.put_rules(
        "predicate",
        "predicate_value",
        "target_industry",
        "qualification_rule",
        "qualification_condition",
        "qualification_veto",
    )
    signals = {
        "product_interest": {"yes": "客户数据平台", "unknown": None},
        "budget_status": {"yes": "Yes ", "no": "no", "unknown": "unknown"},
        "timeline": {"yes": "3个月内", "no": "later", "unknown": "看情况"},
    }
    rows, stays = [], []
    for known in product(*(values.items() for values in signals.values())):
        lead = "/".join(state for state, _ in known)
        rows += [
            (lead, signal, value, at(0), None, at(0))
            for signal, (_, value) in zip(signals, known, strict=True)
        ]
        stays.append((lead, lead, "sql", 1, 1, at(5), at(9), "mql", "U1"))
    put_time_and_leads(bench, {stay[0]: 0 for stay in stays})
    bench.put(
        "int_qualification__field_signals",
        "lead_key varchar, signal varchar, signal_value varchar, valid_from timestamp,"
        " valid_to timestamp, known_at timestamp",
        rows,
    )
    bench.put(
        "int_routing__owner_periods",
        "lead_key varchar, owner_user_id varchar, valid_from timestamp, valid_to timestamp",
        [(stay[0], "U2", at(0), None) for stay in stays],
    )
    bench.put("int_lifecycle__intervals", STAY, stays)
    bench.run("int_qualification__predicates")
    put_statements(bench, [])
    bench.run("int_qualification__field_statements", *PERIODS, *ENTRIES)
    bench.run("mart_qualification_violation")
    return bench


def test_an_sql_needs_desire_and_budget_and_timing(combinations: ModelBench) -> None:
    """F07, S1:54: of all combinations of yes, no and unknown only three times yes is an SQL."""
    held = dict(combinations.rows("fct_qualification", "lead_key, rule_ids"))
    assert len(held) == 2 * 3 * 3
    assert {lead for lead, rules in held.items() if rules} == {"yes/yes/yes"}
    assert held["yes/yes/yes"] == "sql_desire_budget_timing"


def test_what_is_unknown_is_neither_true_nor_false(combinations: ModelBench) -> None:
    """F07, F09: a value nobody mapped is unknown, and only what is known counts as asked."""
    names = ("desire", "budget", "timing")
    for lead, *lists, n_captured in combinations.rows(
        "fct_qualification",
        "lead_key, predicates_true, predicates_false, predicates_unknown, n_captured",
    ):
        states = dict(zip(names, lead.split("/"), strict=True))
        for state, text in zip(("yes", "no", "unknown"), lists, strict=True):
            found = set((text or "").split(",")) & set(names)
            assert found == {name for name in names if states[name] == state}, lead
        # Of budget, need, time line and decision process the first and third can be known here;
        # a time line nobody mapped is a time line all the same.
        assert n_captured == (states["budget"] != "unknown") + 1


def test_violations_are_the_noes_and_the_sqls_without_a_rule(combinations: ModelBench) -> None:
    """F08: none for the clean lead; no budget, not yet, no rule for the others, with the rep."""
    found = {
        (lead, violation)
        for lead, violation in combinations.rows(
            "mart_qualification_violation", "lead_key, violation"
        )
    }
    expected = set()
    for (lead,) in combinations.rows("fct_qualification", "lead_key"):
        _, budget, timing = lead.split("/")
        expected |= {(lead, "budget_no")} if budget == "no" else set()
        expected |= {(lead, "timing_later")} if timing == "no" else set()
        expected |= {(lead, "no_rule_held")} if lead != "yes/yes/yes" else set()
    assert found == expected
    assert not any(lead == "yes/yes/yes" for lead, _ in found)
    who = combinations.rows(
        "mart_qualification_violation", "distinct entry_actor_user_id, entry_owner_user_id"
    )
    assert who == [("U1", "U2")]


def test_completeness_has_its_n_and_its_interval(demonstration: Warehouse) -> None:
    """F09: share of SQLs with everything known, per business month, with Wilson's interval."""
    bench = ModelBench(demonstration)
    put_time_and_leads(bench, {})
    bench.put_rules("measure_policy")
    bench.put(
        "fct_qualification",
        "stage varchar, entered_date date, is_fully_captured boolean, n_captured integer,"
        " n_to_capture integer",
        [("sql", date(2024, 12, 31), True, 4, 4)]
        + [("sql", date(2025, 1, 1 + n), n < 7, 4 if n < 7 else 2, 4) for n in range(25)]
        + [("mql", date(2025, 1, 5), None, 0, 0)],
    )
    bench.run("mart_qualification_completeness")
    rows = bench.rows(
        "mart_qualification_completeness",
        "entered_month, n_entries, n_complete, is_small_n, captured_share, complete_share_low,"
        " complete_share_high",
    )
    months = {row[0] and row[0].isoformat(): row[1:] for row in rows}
    assert set(months) == {"2024-12-01", "2025-01-01", None}
    assert months["2024-12-01"][:3] == (1, 1, True)
    assert months[None][:2] == (26, 8)
    n, k, is_small, captured, low, high = months["2025-01-01"]
    assert (n, k, is_small) == (25, 7, False)
    assert captured == pytest.approx((7 * 4 + 18 * 2) / 100)
    # Wilson's bounds are the shares p at which |k/n - p| is exactly z standard errors of p.
    for bound in (low, high):
        error = abs(k / n - bound) / math.sqrt(bound * (1 - bound) / n)
        assert error == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-9)
    assert low < k / n < high


# -- random histories under random rules ---------------------------------------------------------

RULES = [
    # rule_id, version, priority, enabled, hours in force, groups of predicate -> is_negated
    ("r1", "v1", 10, True, -240, CHANGE, [{"a": False, "b": False}, {"a": False, "c": True}]),
    ("r1", "v2", 10, True, CHANGE, None, [{"a": False}]),
    ("r2", "v1", 20, True, -240, None, [{"b": False, "c": False, "d": False}]),
    ("r3", "v1", 5, False, -240, None, [{"a": False}]),
    ("r4", "v1", 30, True, CHANGE, None, [{"e": True, "d": False}, {"b": True, "c": True}]),
]


class Hand:
    """Leads as lists of statements, evaluated hour by hour."""

    def __init__(self, statements: list[tuple], created: dict[str, int]) -> None:
        self.created = created
        self.statements: dict[tuple, list] = {}
        for lead, predicate, is_true, begin, end, known in statements:
            self.statements.setdefault((lead, predicate), []).append((is_true, begin, end, known))

    def predicate(self, lead: str, predicate: str, hour: int) -> bool | None:
        said = {
            is_true
            for is_true, begin, end, _ in self.statements.get((lead, predicate), [])
            if begin <= hour and (end is None or hour < end)
        }
        return True if True in said else False if False in said else None

    def groups(self, lead: str, rule: tuple, hour: int) -> list[str]:
        """For each group: held, refuted or open."""
        states = []
        for group in rule[6]:
            known = [
                None if (found := self.predicate(lead, name, hour)) is None else found != negated
                for name, negated in group.items()
            ]
            states.append("held" if all(known) else "refuted" if False in known else "open")
        return states

    @staticmethod
    def in_force(hour: int) -> list[tuple]:
        return [
            rule
            for rule in RULES
            if rule[3] and rule[4] <= hour and (rule[5] is None or hour < rule[5])
        ]

    def fired(self, lead: str, rule: tuple, hour: int) -> str:
        """Predicates of the groups that hold, '' when none does."""
        states = self.groups(lead, rule, hour)
        names = {
            name
            for group, state in zip(rule[6], states, strict=True)
            if state == "held"
            for name in group
        }
        return ",".join(sorted(names))

    def decision(self, lead: str, begin: int, end: int) -> tuple:
        """Decision, rule, predicates and hour for a lead between two hours (end not included)."""
        rules = sorted(self.in_force(begin), key=lambda rule: (rule[2], rule[0]))
        for hour in range(begin, end):
            for rule in rules:
                if self.fired(lead, rule, hour):
                    return "hand_over", rule[0], self._fired_at_start(lead, rule, hour), hour
        last = end - 1
        candidates = []
        for rule in rules:
            for number, group in enumerate(rule[6]):
                missing = {
                    name
                    for name, negated in group.items()
                    if self.predicate(lead, name, last) is not (not negated)
                }
                state = self.groups(lead, rule, last)[number]
                share = len(missing) / len(group)
                rank = (state == "refuted", share, rule[2], rule[0], number)
                candidates.append((rank, rule, number, missing))
        (is_refuted, *_), rule, number, missing = min(candidates, key=lambda each: each[0])

        def stands(hour: int) -> bool:
            if is_refuted:
                return all(
                    state == "refuted" for each in rules for state in self.groups(lead, each, hour)
                )
            return self.groups(lead, rule, hour)[number] != "refuted"

        since = last
        while since > begin and stands(since - 1):
            since -= 1
        decision = "nurture" if is_refuted else "not_evaluable"
        return decision, rule[0], ",".join(sorted(missing)), since

    def _fired_at_start(self, lead: str, rule: tuple, hour: int) -> str:
        """What fired when the period that covers the hour began."""
        while rule[4] < hour and hour > self.created[lead] and self.fired(lead, rule, hour - 1):
            hour -= 1
        return self.fired(lead, rule, hour)


def random_histories(dice: random.Random, n_leads: int) -> tuple[list[tuple], dict[str, int]]:
    """Statements with many ties, gaps, overlaps and contradictions."""
    statements, created = [], {}
    for number in range(n_leads):
        lead = f"L{number:05d}"
        created[lead] = dice.randrange(0, 30)
        for predicate in PREDICATES:
            for _ in range(dice.choice((0, 1, 1, 2, 4))):
                begin = max(created[lead], dice.randrange(0, HOURS))
                end = None if dice.random() < 0.3 else begin + dice.randrange(1, 15)
                known = begin + dice.randrange(0, 9)
                statements.append((lead, predicate, dice.random() < 0.6, begin, end, known))
    return statements, created


def run_rules(bench: ModelBench, statements: list[tuple], created: dict[str, int]) -> None:
    """The models from statements to decisions, under RULES."""
    days = {-240: "2024-12-23", CHANGE: "2025-01-03", None: None}
    bench.put(
        "qualification_rule",
        "rule_id varchar, stage varchar, rule_priority integer, mql_source varchar,"
        " is_capture_set boolean, rule_version varchar, is_enabled boolean, valid_from date,"
        " valid_to date",
        [
            (rule, "mql", priority, rule, rule == "r2", version, enabled, days[begin], days[end])
            for rule, version, priority, enabled, begin, end, _ in RULES
        ],
    )
    bench.put(
        "qualification_condition",
        "rule_id varchar, rule_version varchar, group_no integer, predicate varchar,"
        " is_negated boolean",
        [
            (rule, version, number, predicate, negated)
            for rule, version, *_, groups in RULES
            for number, group in enumerate(groups)
            for predicate, negated in group.items()
        ],
    )
    put_time_and_leads(bench, created)
    put_statements(
        bench,
        [
            (lead, predicate, is_true, at(begin), at(end), at(known))
            for lead, predicate, is_true, begin, end, known in statements
        ],
    )
    bench.run(*PERIODS, *DECISIONS)


@pytest.fixture(scope="module")
def histories() -> tuple[list[tuple], dict[str, int]]:
    return random_histories(random.Random(4), 2_000)


@pytest.fixture(scope="module")
def judged(demonstration: Warehouse, histories: tuple) -> ModelBench:
    bench = ModelBench(demonstration)
    run_rules(bench, *histories)
    return bench


def test_predicates_and_rules_hold_in_the_longest_periods(
    judged: ModelBench, histories: tuple
) -> None:
    """X2, F14: hour by hour, with negations, alternatives, versions and a disabled rule."""
    hand = Hand(*histories)
    n_hours = HOURS + 20
    predicates, rules = set(), set()
    for lead in hand.created:
        for name in PREDICATES:
            states = [hand.predicate(lead, name, hour) for hour in range(n_hours)]
            predicates |= {(lead, name, *run) for run in _runs(states) if run[0] is not None}
        for rule in RULES:
            if not rule[3]:
                continue
            held = [
                bool(hand.fired(lead, rule, hour))
                and rule[4] <= hour
                and (rule[5] is None or hour < rule[5])
                for hour in range(n_hours)
            ]
            rules |= {
                (lead, *rule[:2], *run[1:], hand.fired(lead, rule, run[1]))
                for run in _runs(held)
                if run[0]
            }
    found = judged.rows(
        "int_qualification__predicate_periods", "lead_key, predicate, is_true, valid_from, valid_to"
    )
    assert {(*row[:3], _hour(row[3]), _hour(row[4])) for row in found} == predicates
    found = judged.rows(
        "int_qualification__rule_periods",
        "lead_key, rule_id, rule_version, valid_from, valid_to, predicates",
    )
    assert {(*row[:3], _hour(row[3]), _hour(row[4]), row[5]) for row in found} == rules
    assert len(rules) > 2_000
    assert {rule[1:3] for rule in rules} == {rule[:2] for rule in RULES if rule[3]}


def test_a_period_is_known_when_what_began_it_was(judged: ModelBench, histories: tuple) -> None:
    """D1: the latest delivery among the statements that begin or end at that instant."""
    statements, _ = histories
    known: dict[tuple, int] = {}
    for lead, predicate, _, begin, end, at_hour in statements:
        for hour in (begin, end):
            key = (lead, predicate, hour)
            known[key] = max(known.get(key, at_hour), at_hour)
    for lead, predicate, valid_from, known_at in judged.rows(
        "int_qualification__predicate_periods", "lead_key, predicate, valid_from, known_at"
    ):
        assert known[lead, predicate, _hour(valid_from)] == _hour(known_at)


def test_decisions_are_those_made_hour_by_hour(judged: ModelBench, histories: tuple) -> None:
    """F05: hand over, nurture or not evaluable, why and since when, once per set of versions."""
    hand = Hand(*histories)
    expected = {}
    for lead, created in hand.created.items():
        if created < CHANGE:
            expected[lead, 1] = hand.decision(lead, created, CHANGE)
        expected[lead, 2] = hand.decision(lead, max(created, CHANGE), AS_OF + 1)
    found = {
        (lead, number): (decision, rule, predicates, _hour(decided_at))
        for lead, number, decision, rule, predicates, decided_at in judged.rows(
            "fct_qualification_decision",
            "lead_key, rule_set_number, decision, reason_rule_id, reason_predicates, decided_at",
        )
    }
    assert found == expected
    assert {decision[0] for decision in found.values()} == {"hand_over", "nurture", "not_evaluable"}
    sets = dict(
        judged.rows("fct_qualification_decision", "distinct rule_set_number, rule_versions")
    )
    assert sets == {1: "r1@v1,r2@v1", 2: "r1@v2,r2@v1,r4@v1"}


def test_order_and_repetition_of_statements_change_nothing(
    demonstration: Warehouse, judged: ModelBench, histories: tuple
) -> None:
    """P08 for X2: shuffled, and a third of it said twice."""
    statements, created = histories
    dice = random.Random(5)
    again = statements + dice.sample(statements, len(statements) // 3)
    dice.shuffle(again)
    bench = ModelBench(demonstration)
    run_rules(bench, again, created)
    for model in ("int_qualification__rule_periods", "fct_qualification_decision"):
        assert Warehouse.hashed(bench.rows(model, "*")) == Warehouse.hashed(judged.rows(model, "*"))


def _hour(moment: datetime | None) -> int | None:
    return None if moment is None else int((moment - START) / timedelta(hours=1))


def _runs(states: list) -> list[tuple]:
    """(state, first hour, hour after) of each run; the last one never ends."""
    starts = [hour for hour, state in enumerate(states) if not hour or state != states[hour - 1]]
    return [
        (states[begin], begin, end) for begin, end in zip(starts, [*starts[1:], None], strict=True)
    ]


# -- what was said about fields, as delivered ----------------------------------------------------


def test_fields_as_delivered_late_corrected_and_twice(demonstration: Warehouse) -> None:
    """F09, P08: the value of a field at any hour, from versions and changes in any order.

    By hand: the last word said until the hour; of one instant the newest delivery, of one delivery
    the smallest content hash; a history of the field beats versions.
    """
    dice = random.Random(6)
    created = {f"L{number}": dice.randrange(0, 6) for number in range(400)}
    keys = {lead: md5(f"3:crm{len(lead)}:{lead}".encode()).hexdigest() for lead in created}
    versions, changes = [], []
    for lead, born in created.items():
        for number in range(dice.randrange(1, 6)):
            said = dice.choice((None, born + dice.randrange(0, 12)))
            deleted = dice.random() < 0.15
            words = [dice.choice((None, "a", "b", "c")) for _ in range(2)]
            versions.append((lead, said, 20 + dice.randrange(0, 5), deleted, f"h{number}", *words))
        for number in range(dice.choice((0, 0, 1, 3))):
            old, new = dice.choice("abc"), dice.choice((None, "a", "b"))
            seq = dice.choice((None, 1, 2))
            changes.append((f"{lead}/{number}", lead, dice.randrange(0, 12), seq, old, new))

    changes_of, versions_of = defaultdict(list), defaultdict(list)
    for change in changes:
        changes_of[change[1]].append(change)
    for version in versions:
        versions_of[version[0]].append(version)

    def expected(lead: str, field: int, hour: int) -> str | None:
        if field and (own := changes_of[lead]):
            own.sort(key=lambda change: (change[2], change[3] is None, change[3] or 0, change[0]))
            before = [change for change in own if change[2] <= hour]
            return before[-1][5] if before else own[0][4]
        mine = [version for version in versions_of[lead] if not version[3]] or versions_of[lead]
        said = {}
        for _, word_at, known, _, content, *words in mine:
            at_hour = known if word_at is None else word_at
            # A smaller content hash is the larger of two that came together.
            rank = (known, -int(content[1:]))
            said[at_hour] = max(said.get(at_hour, ((-1, 0), None)), (rank, words[field]))
        before = [at_hour for at_hour in said if at_hour <= hour]
        if before:
            return said[max(before)][1]
        return None if field else said[min(said)][1]

    tables = []
    for _ in range(2):
        bench = ModelBench(demonstration)
        put_time_and_leads(bench, {})
        bench.put_rules("lead_field")
        bench.put("int_time__batch_sightings", "batch_id varchar, last_seen_at timestamp", [])
        bench.put(
            "int_crm__leads",
            "lead_key varchar, created_at timestamp, first_known_at timestamp",
            [(keys[lead], at(born), at(20)) for lead, born in created.items()],
        )
        others = ("company_name", "email", "mobile_phone", "phone", "industry", "employee_count")
        asked = ("product_interest", "pain_point", "budget_status", "decision_process")
        bench.put(
            "stg_crm__leads",
            "_source_system varchar, lead_id varchar, updated_at timestamp,"
            " _extracted_at timestamp, _is_deleted boolean, _row_hash varchar, title varchar,"
            " timeline varchar, _batch_id varchar, "
            + ", ".join(f"{name} varchar" for name in (*others, *asked)),
            [
                ("crm", lead, at(said), at(known), deleted, content, *words, "b", *([None] * 10))
                for lead, said, known, deleted, content, *words in versions
            ],
        )
        bench.put(
            "int_crm__lead_field_changes",
            "change_key varchar, lead_key varchar, field_name varchar, changed_at timestamp,"
            " source_sequence bigint, old_value varchar, new_value varchar,"
            " first_known_at timestamp",
            [
                (key, keys[lead], "timeline", at(hour), seq, old, new, at(25))
                for key, lead, hour, seq, old, new in changes
            ],
        )
        bench.run("int_qualification__field_words", "int_qualification__field_periods")
        tables.append(bench.rows("int_qualification__field_periods", "*"))
        # Once more, everything in another order and some of it twice.
        versions += dice.sample(versions, len(versions) // 4)
        dice.shuffle(versions)
        dice.shuffle(changes)
    assert Warehouse.hashed(tables[0]) == Warehouse.hashed(tables[1])
    found: dict[tuple, list] = {}
    for key, field, value, valid_from, valid_to, _ in tables[0]:
        found.setdefault((key, field), []).append((_hour(valid_from), _hour(valid_to), value))
    for lead, born in created.items():
        for hour in range(born, 26):
            for number, field in enumerate(("title", "timeline")):
                held = [
                    value
                    for begin, end, value in found[keys[lead], field]
                    if begin <= hour and (end is None or hour < end)
                ]
                assert (held or [None]) == [expected(lead, number, hour)], (lead, hour, field)
