"""Customers after the sale, on companies a test makes up: states, use, money, tickets."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest

from tests.pipeline.customer_oracle import (
    DAY,
    GRACE,
    Contract,
    Customer,
    Renewal,
    States,
    Win,
    midnight,
)
from tests.pipeline.island import Island, Row, delivered
from tests.pipeline.warehouse import Warehouse

AS_OF = datetime(2026, 7, 1, 15, 59, 59)
FIRST = date(2024, 1, 1)
LATE = datetime(2026, 6, 30)
EARLY = datetime(2026, 5, 31)
SECOND = timedelta(seconds=1)

STATE_MODELS = (
    "int_crm__opportunities",
    "int_customer__account_ids",
    "int_customer__opportunities",
    "int_cash__contracts",
    "int_customer__usage_days",
    "int_customer__usage_signals",
    "int_customer__renewals",
    "int_customer__advocacy",
    "int_customer__said",
    "int_customer__signals",
    "int_customer__terms",
    "int_customer__term_outcomes",
    "int_customer__spells",
    "int_customer__activations",
    "int_customer__states",
)


@pytest.fixture(scope="module")
def states(demonstration: Warehouse) -> Island:
    return Island(demonstration, STATE_MODELS)


def tables(customers: list[Customer]) -> dict[str, list[Row]]:
    """What the extracts of these customers say, as staging shows it."""
    contracts, wins, renewals, milestones, usage = [], [], [], [], []
    for customer in customers:
        account = {"account_id": customer.account_id}
        named = {id(win.contract): win.opportunity_id for win in customer.wins if win.contract}
        contracts += [
            account
            | {
                "contract_id": c.contract_id,
                "type": c.kind,
                "signed_at": c.signed,
                "end_date": c.last_day,
                "auto_renew": c.auto,
                "opportunity_id": named.get(id(c)),
                "currency": "CNY",
                "tcv": 100,
            }
            for c in customer.contracts
        ]
        wins += [
            account
            | {
                "opportunity_id": w.opportunity_id,
                "type": w.kind,
                "stage": "won",
                "created_at": w.won - 20 * DAY,
                "closed_at": w.won,
                "is_won": True,
            }
            for w in customer.wins
        ]
        renewals += [
            {
                "renewal_id": r.renewal_id,
                "contract_id": r.contract.contract_id,
                "due_date": r.due_date,
                "available_amount": 10,
                "decision": r.decision,
                "decided_at": r.decided,
            }
            for r in customer.renewals
        ]
        milestones += [
            account | {"milestone": f"step {n}", "reached_at": at, "success_definition_version": "1"}
            for n, at in enumerate(customer.milestones)
        ]
        usage += [
            account | {"user_key": "u", "date": day, "active": True} for day in customer.use
        ]
    return {
        "stg_finance__contracts": contracts,
        "stg_crm__opportunities": wins,
        "stg_success__renewals": renewals,
        "stg_success__onboarding_milestones": milestones,
        "stg_success__product_usage_daily": usage,
    }


KEYS = {
    "stg_finance__contracts": "contract_id",
    "stg_crm__opportunities": "opportunity_id",
    "stg_success__renewals": "renewal_id",
    "stg_success__onboarding_milestones": "milestone",
    "stg_success__product_usage_daily": "date",
}


def delivery(customers: list[Customer], dice: random.Random | None = None) -> dict[str, list[Row]]:
    """Every row once; with dice: shuffled, some twice, some in an earlier version that was wrong."""
    world: dict[str, list[Row]] = {}
    for table, rows in tables(customers).items():
        arrived = delivered(rows, KEYS[table], LATE)
        if dice:
            again = [
                {**row, "_extracted_at": EARLY, "_batch_id": "a"}
                for row in arrived
                if dice.random() < 0.3
            ]
            wrong = [
                {**row, "_extracted_at": EARLY - DAY, "_row_hash": "old", **_mistake(table)}
                for row in arrived
                if dice.random() < 0.3
            ]
            arrived = arrived + again + wrong
            dice.shuffle(arrived)
        world[table] = arrived
    world["int_time__as_of"] = [{"as_of": AS_OF, "newest_extract_date": AS_OF.date()}]
    world["int_identity__account_records"] = [
        {
            "record_key": f"r{c.account_id}",
            "record_type": "crm_account",
            "source_system": "crm",
            "record_id": c.account_id,
            "account_key": c.account_id,
        }
        for c in customers
    ]
    return world


def _mistake(table: str) -> Row:
    """What an earlier version of a row said instead."""
    return {
        "stg_finance__contracts": {"end_date": date(2030, 1, 1), "type": "renewal"},
        "stg_crm__opportunities": {"is_won": False},
        "stg_success__renewals": {"decision": "churned"},
        "stg_success__onboarding_milestones": {"reached_at": FIRST},
        "stg_success__product_usage_daily": {"active": False},
    }[table]


def random_customer(number: int, dice: random.Random) -> Customer:
    """A customer with ties: instants fall on few hours, and on the very edges of other terms."""
    customer = Customer(f"A{number:04d}")

    def instant(low: int, high: int) -> datetime:
        return midnight(FIRST + timedelta(days=dice.randint(low, high))) + timedelta(
            hours=dice.choice((0, 0, 9))
        )

    signed = instant(0, 500)
    for n in range(dice.randint(0, 4)):
        days = dice.choice((30, 91, 180, 365))
        contract = Contract(
            f"{customer.account_id}C{n}",
            dice.choice(("new", "renewal", "Renewal", "续约", "upsell", None)),
            signed,
            None if dice.random() < 0.08 else (signed + timedelta(hours=8) + days * DAY).date(),
            dice.random() < 0.25,
        )
        customer.contracts.append(contract)
        for m in range(dice.choice((0, 0, 1, 2))):
            base = contract.last_day or (signed + 200 * DAY).date()
            due = base + timedelta(days=1 + m * dice.choice((90, 365)) + dice.choice((0, 0, -7)))
            decided = midnight(due) + dice.randint(-60, 50) * DAY
            customer.renewals.append(
                Renewal(
                    f"{contract.contract_id}R{m}",
                    contract,
                    due,
                    dice.choice(("renewed", "early", "partial", "churned", "Churned", "open", None)),
                    dice.choice((decided, decided, None)),
                )
            )
        end = contract.end or signed + 200 * DAY
        edges = (end, end + GRACE, end + GRACE + SECOND, end - 90 * DAY, end + 200 * DAY)
        signed = max(signed, dice.choice((*edges, instant(0, 900))))
    for n in range(dice.choice((0, 1, 1, 2))):
        contract = dice.choice(customer.contracts) if customer.contracts else None
        if contract and (dice.random() < 0.5 or any(w.contract is contract for w in customer.wins)):
            contract = None
        at = contract.signed - 3 * DAY if contract else instant(0, 900)
        kind = dice.choice(("new", "renewal", "upsell"))
        customer.wins.append(Win(f"{customer.account_id}O{n}", kind, at, contract))
    customer.milestones = [instant(0, 900) for _ in range(dice.choice((0, 0, 1, 2)))]
    if dice.random() < 0.4:
        monday = FIRST + timedelta(days=7 * dice.randint(0, 110))
        for week in range(dice.randint(2, 12)):
            for day in range(dice.choice((1, 2, 2, 3, 3))):
                customer.use.add(monday + timedelta(days=7 * week + 2 * day))
    return customer


def stays(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    found: dict[str, list[tuple]] = {}
    for account, *stay in connection.execute(
        "select account_key, stage, entered_at, exited_at from intermediate.int_customer__states"
        " order by account_key, stay_number"
    ).fetchall():
        found.setdefault(account, []).append(tuple(stay))
    return found


def state_at(of_account: list[tuple], instant: datetime) -> list[str]:
    return [
        stage
        for stage, entered, exited in of_account
        if entered <= instant and (exited is None or instant < exited)
    ]


def probes(oracle: States, dice: random.Random) -> Iterator[datetime]:
    for edge in oracle.instants():
        yield from (edge - SECOND, edge, edge + SECOND)
    for _ in range(5):
        yield midnight(FIRST + timedelta(days=dice.randint(0, 910)))
    yield AS_OF


def test_states_are_those_of_a_brute_force_at_every_edge(states: Island) -> None:
    """F20, F12: 1,200 customers with ties, corrections, repetitions and rows in any order."""
    dice = random.Random(4)
    customers = [random_customer(number, dice) for number in range(1200)]
    found = stays(states.run(delivery(customers, dice)))
    wrong, n_probes, seen = [], 0, set()
    for customer in customers:
        oracle = States(customer, AS_OF)
        for instant in probes(oracle, dice):
            if instant > AS_OF:
                continue
            n_probes += 1
            expected = oracle.at(instant)
            actual = state_at(found.get(customer.account_id, []), instant)
            seen.add(expected)
            if actual != ([expected] if expected else []):
                wrong.append((customer.account_id, instant, actual, expected))
    assert wrong == []
    assert n_probes > 15_000
    assert seen == {None, "onboarding", "adoption", "renewal", "churn", "win_back"}
    assert states.run(delivery(customers)).execute(
        "select * from intermediate.int_customer__states order by all"
    ).fetchall() == states.run(delivery(customers, random.Random(5))).execute(
        "select * from intermediate.int_customer__states order by all"
    ).fetchall()
