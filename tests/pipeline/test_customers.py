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
            account
            | {"milestone": f"step {n}", "reached_at": at, "success_definition_version": "1"}
            for n, at in enumerate(customer.milestones)
        ]
        usage += [account | {"user_key": "u", "date": day, "active": True} for day in customer.use]
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


def delivery(
    customers: list[Customer], dice: random.Random | None = None, as_of: datetime = AS_OF
) -> dict[str, list[Row]]:
    """Every row once; with dice: shuffled, some twice, some wrong in an earlier version."""
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
    world["int_time__as_of"] = [{"as_of": as_of, "newest_extract_date": as_of.date()}]
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
                    dice.choice(
                        ("renewed", "early", "partial", "churned", "Churned", "open", None)
                    ),
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
    """F20, F12: 800 customers with ties, corrections, repetitions and rows in any order."""
    dice = random.Random(4)
    customers = [random_customer(number, dice) for number in range(800)]
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
    assert n_probes > 10_000
    assert seen == {None, "onboarding", "adoption", "renewal", "churn", "win_back"}
    assert (
        states.run(delivery(customers))
        .execute("select * from intermediate.int_customer__states order by all")
        .fetchall()
        == states.run(delivery(customers, random.Random(5)))
        .execute("select * from intermediate.int_customer__states order by all")
        .fetchall()
    )


def test_use_that_stops_is_a_milestone_and_no_step_back(states: Island) -> None:
    """F20: adoption after 4 weeks of use, its end with the first week of too little, once over."""
    dice = random.Random(9)
    customers = [random_customer(number, dice) for number in range(300)]
    expected = {
        (customer.account_id, at)
        for customer in customers
        for at in States(customer, AS_OF).lapses()
    }
    found = states.run(delivery(customers)).execute(
        "select account_key, occurred_at, milestone_kind from intermediate.int_customer__signals"
        " where signal_source = 'usage' and signal_value = 'lapsed'"
    )
    rows = found.fetchall()
    assert {(account, at) for account, at, _ in rows} == expected
    assert {kind for *_, kind in rows} == {"health"}
    assert len(expected) > 30


def test_the_past_does_not_depend_on_what_comes_after_it(states: Island) -> None:
    """F20, law 4: the stays up to an instant are those of a build that ends there."""
    dice = random.Random(7)
    customers = [random_customer(number, dice) for number in range(400)]
    cut = datetime(2025, 6, 10, 3)
    now = stays(states.run(delivery(customers)))
    then = stays(states.run(delivery(customers, as_of=cut)))
    clipped = {
        account: [
            (stage, entered, exited if exited and exited <= cut else None)
            for stage, entered, exited in rows
            if entered <= cut
        ]
        for account, rows in now.items()
    }
    assert then == {account: rows for account, rows in clipped.items() if rows}
    assert sum(len(rows) for rows in then.values()) > 300


def test_the_last_instant_of_grace_keeps_the_customer(states: Island) -> None:
    """F20: renewed at due + 30 days it carries on; one second later it was lost and won back."""
    customers = []
    for number, late in enumerate((timedelta(0), SECOND)):
        customer = Customer(f"A{number}")
        first = Contract("", "new", midnight(date(2024, 3, 1)), date(2025, 2, 28), auto=False)
        second = Contract("", "renewal", first.end + GRACE + late, date(2027, 2, 28), auto=False)
        first.contract_id, second.contract_id = f"A{number}C0", f"A{number}C1"
        customer.contracts = [first, second]
        customers.append(customer)
    found = stays(states.run(delivery(customers)))
    kept, lost = ([stage for stage, *_ in found[f"A{number}"]] for number in (0, 1))
    assert kept == ["onboarding", "renewal", "onboarding"]
    assert lost == ["onboarding", "renewal", "churn", "win_back"]
    assert found["A1"][2][2] - found["A1"][2][1] == SECOND


def test_a_corrected_decision_takes_the_churn_back(states: Island) -> None:
    """F20: churn that a newer delivery denies was never there; a late one appears."""
    customer = Customer("A0")
    contract = Contract("C0", "new", midnight(date(2024, 3, 1)), date(2025, 2, 28), auto=False)
    said = Renewal("R0", contract, date(2025, 3, 1), "churned", datetime(2025, 3, 5))
    customer.contracts, customer.renewals = [contract], [said]
    churned = [stage for stage, *_ in stays(states.run(delivery([customer])))["A0"]]
    assert churned == ["onboarding", "renewal", "churn"]
    world = delivery([customer])
    (row,) = world["stg_success__renewals"]
    newer = {"decision": "renewed", "_extracted_at": LATE + DAY, "_row_hash": "new"}
    world["stg_success__renewals"] = [{**row, **newer}, row]
    assert [stage for stage, *_ in stays(states.run(world))["A0"]] == [
        "onboarding",
        "renewal",
        "onboarding",
    ]


CASH_MODELS = (
    *STATE_MODELS,
    "int_cash__invoices",
    "int_cash__receipts",
    "int_cash__contract_totals",
    "int_customer__first_uses",
    "int_customer__due_terms",
    "int_customer__due_amounts",
    "int_customer__tickets",
    "bridge_opportunity_lead",
    "fct_contract_cash",
    "fct_lead_to_cash",
    "mart_activation_overdue",
    "mart_renewal_due",
    "fct_account_milestone",
    "fct_support_ticket",
)


@pytest.fixture(scope="module")
def cash(demonstration: Warehouse) -> Island:
    return Island(demonstration, CASH_MODELS)


def present(*extracts: str) -> list[Row]:
    """What mart_coverage and the marts are told about the extracts."""
    every = (
        "contracts",
        "invoices",
        "payments",
        "renewals",
        "product_usage_daily",
        "onboarding_milestones",
        "advocacy_events",
        "crm_opportunities",
    )
    return [{"extract_table": name, "is_present": name in extracts} for name in every]


def test_contract_bills_and_cash_are_never_clamped(cash: Island) -> None:
    """F13, X11: 800 contracts against plain sums: refunds, void bills, too much, currencies."""
    dice = random.Random(11)
    contracts, invoices, payments, expected = [], [], [], {}
    day = datetime(2026, 3, 2, 4)
    for number in range(800):
        currency = dice.choice(("CNY", "CNY", "USD"))
        value = dice.choice((None, *(Decimal(dice.randint(0, 400)) / 4 for _ in range(9))))
        key = {"contract_id": f"C{number}", "currency": currency}
        contracts.append({**key, "signed_at": day, "tcv": value, "type": "new", "account_id": "A"})
        billed = received = Decimal(0)
        for n in range(dice.randint(0, 3)):
            amount, status = Decimal(dice.randint(0, 200)) / 4, dice.choice(("paid", "VOID", None))
            invoice = {"invoice_id": f"C{number}I{n}", "issued_at": day, "amount": amount}
            invoices.append({**key, **invoice, "status": status})
            billed += amount if status != "VOID" else 0
            for m in range(dice.randint(0, 2)):
                amount = Decimal(dice.randint(-40, 160)) / 4
                payment = {"payment_id": f"C{number}P{n}{m}", "received_at": day, "amount": amount}
                by = dice.choice((key, {"currency": currency, "invoice_id": f"C{number}I{n}"}))
                payments.append({**by, **payment})
                received += amount
        status = "ok" if value is not None else "unknown_value"
        if received > billed or (value is not None and billed > value):
            status = "out_of_order"
        expected[f"C{number}"] = (int(billed * 100), int(received * 100), status)
    world = {
        "stg_finance__contracts": delivered(contracts, "contract_id", LATE),
        "stg_finance__invoices": delivered(invoices, "invoice_id", LATE),
        "stg_finance__payments": delivered(payments, "payment_id", LATE),
        "int_time__as_of": [{"as_of": AS_OF}],
        "int_quality__extract_presence": present("contracts", "invoices", "payments"),
    }
    rows = (
        cash.run(world)
        .execute(
            "select contract_id, invoiced_original_minor, cash_original_minor, cash_status"
            " from marts.fct_contract_cash"
        )
        .fetchall()
    )
    assert {contract: tuple(rest) for contract, *rest in rows} == expected
    assert {status for *_, status in expected.values()} == {"ok", "unknown_value", "out_of_order"}
    world["int_quality__extract_presence"] = present("contracts", "payments")
    without_bills = cash.run(world).execute(
        "select distinct invoiced_minor, is_cash_above_invoiced, cash_status"
        " from marts.fct_contract_cash"
    )
    assert without_bills.fetchall() == [(None, None, "not_computable")]


def deal(number: int, won: datetime) -> Row:
    return {
        "opportunity_id": f"O{number}",
        "account_id": f"A{number}",
        "type": "new",
        "stage": "won",
        "created_at": won - DAY,
        "closed_at": won,
        "is_won": True,
    }


def test_won_and_used_are_two_instants(cash: Island) -> None:
    """F12, X9: used on the day of the win, later, before it only, not yet, and not in time."""
    old, young = datetime(2026, 3, 2, 6), AS_OF - 30 * DAY
    deals = [deal(number, old) for number in range(5)] + [deal(5, young), deal(6, young - SECOND)]
    usage = [
        {"account_id": "A0", "user_key": "u", "date": date(2026, 3, 2), "active": True},
        {"account_id": "A1", "user_key": "u", "date": date(2026, 3, 9), "active": True},
        {"account_id": "A2", "user_key": "u", "date": date(2026, 3, 1), "active": True},
        {"account_id": "A3", "user_key": "u", "date": date(2026, 3, 9), "active": False},
    ]
    steps = [
        {"account_id": "A4", "milestone": "live", "reached_at": datetime(2026, 4, 1)},
        {"account_id": "A4", "milestone": "trial", "reached_at": old - SECOND},
    ]
    world = {
        "stg_crm__opportunities": delivered(deals, "opportunity_id", LATE),
        "stg_success__product_usage_daily": delivered(usage, "account_id", LATE),
        "stg_success__onboarding_milestones": delivered(steps, "milestone", LATE),
        "int_time__as_of": [{"as_of": AS_OF}],
        "int_quality__extract_presence": present("product_usage_daily", "onboarding_milestones"),
    }
    connection = cash.run(world)
    query = (
        "select b.opportunity_id, c.activated_at, c.activation_status"
        " from marts.fct_lead_to_cash as c"
        " inner join marts.bridge_opportunity_lead as b using (opportunity_key) order by 1"
    )
    assert connection.execute(query).fetchall() == [
        ("O0", old, "activated"),
        ("O1", midnight(date(2026, 3, 9)), "activated"),
        ("O2", None, "overdue"),
        ("O3", None, "overdue"),
        ("O4", datetime(2026, 4, 1), "activated"),
        ("O5", None, "pending"),
        ("O6", None, "overdue"),
    ]
    listed = "select count(*) from marts.mart_activation_overdue"
    assert connection.execute(listed).fetchall() == [(3,)]
    world["int_quality__extract_presence"] = present("contracts")
    world["stg_success__product_usage_daily"] = world["stg_success__onboarding_milestones"] = []
    unknown = cash.run(world)
    states_of = "select distinct activated_at, activation_status from marts.fct_lead_to_cash"
    assert unknown.execute(states_of).fetchall() == [(None, "not_computable")]
    assert unknown.execute(listed).fetchall() == [(0,)]


def test_retention_is_of_what_fell_due(cash: Island) -> None:
    """F20: GRR = kept / due, NRR = (renewed + expansion) / due, early ones in the month due."""
    signed = datetime(2025, 3, 3, 4)
    contracts = [
        {"contract_id": f"C{n}", "account_id": f"A{n}", "type": kind, "signed_at": at,
         "end_date": end, "tcv": tcv, "currency": "CNY", "auto_renew": False}
        for n, kind, at, end, tcv in (
            (0, "new", signed, date(2026, 2, 28), 100),
            (1, "new", signed, date(2026, 2, 28), 100),
            (2, "new", signed, date(2026, 2, 28), 100),
            (3, "new", signed, date(2026, 6, 1), 100),
        )
    ]  # fmt: skip
    more = {"contract_id": "CX", "account_id": "A0", "type": "upsell", "tcv": 30}
    contracts.append({**contracts[0], **more, "signed_at": signed + 90 * DAY})
    renewals = [
        {"renewal_id": f"R{n}", "contract_id": f"C{n}", "due_date": due, "available_amount": 100,
         "decision": decision, "decided_at": decided, "renewed_amount": amount}
        for n, due, decision, decided, amount in (
            (0, date(2026, 3, 1), "early", datetime(2025, 12, 1), 120),
            (1, date(2026, 3, 1), "partial", datetime(2026, 3, 9), 40),
            (2, date(2026, 3, 1), "churned", datetime(2026, 2, 9), None),
            (3, date(2026, 6, 2), "open", None, None),
        )
    ]  # fmt: skip
    world = {
        "stg_finance__contracts": delivered(contracts, "contract_id", LATE),
        "stg_success__renewals": delivered(renewals, "renewal_id", LATE),
        "int_time__as_of": [{"as_of": AS_OF}],
        "int_quality__extract_presence": present("contracts", "renewals"),
    }
    query = (
        "select due_month, n_terms_due, n_renewed, n_ended, n_open, due_minor, kept_minor,"
        " renewed_minor, expansion_minor, gross_retention, net_retention, ratio_status"
        " from marts.mart_renewal_due order by 1"
    )
    assert cash.run(world).execute(query).fetchall() == [
        (date(2026, 3, 1), 4, 2, 2, 0, 30000, 14000, 16000, 3000, 14 / 30, 19 / 30, "ok"),
        (date(2026, 6, 1), 1, 0, 0, 1, 10000, 0, 0, 0, None, None, "undecided"),
    ]
    world["int_quality__extract_presence"] = present("contracts")
    world["stg_success__renewals"] = []
    found = cash.run(world).execute(
        "select due_month, n_renewed, n_ended, n_open, gross_retention, ratio_status"
        " from marts.mart_renewal_due order by 1"
    )
    assert found.fetchall() == [
        (date(2026, 3, 1), 0, 4, 0, None, "not_computable"),
        (date(2026, 6, 1), 0, 0, 1, None, "not_computable"),
    ]


def test_tickets_and_advocacy_find_their_account(cash: Island) -> None:
    """F22: the contract in force when the ticket came; F20: a referral links back to a lead."""
    at = datetime(2026, 3, 2, 4)
    contracts = [
        {"contract_id": f"C{n}", "account_id": "A", "signed_at": signed, "end_date": end,
         "currency": "CNY", "tcv": 1, "type": "new"}
        for n, signed, end in (
            (0, at, date(2026, 4, 30)),
            (1, at + 10 * DAY, date(2026, 4, 30)),
        )
    ]  # fmt: skip
    tickets = [
        {"ticket_id": f"T{n}", "account_id": account, "created_at": opened, "resolved_at": closed}
        for n, account, opened, closed in (
            (0, "A", at + DAY, at + DAY + timedelta(hours=36)),
            (1, "A", at + 11 * DAY, None),
            (2, "A", midnight(date(2026, 5, 1)), None),
            (3, "B", at + DAY, at),
        )
    ]
    acts = [{"account_id": "A", "kind": "referral", "occurred_at": at, "referred_lead_id": "L1"}]
    world = {
        "stg_finance__contracts": delivered(contracts, "contract_id", LATE),
        "stg_success__support_tickets": delivered(tickets, "ticket_id", LATE),
        "stg_success__advocacy_events": delivered(acts, "kind", LATE),
        "int_crm__leads": [{"lead_id": "L1", "lead_key": "key of L1"}],
        "int_time__as_of": [{"as_of": AS_OF}],
    }
    connection = cash.run(world)
    found = connection.execute(
        "select ticket_id, contract_id, hours_to_resolution, is_open, is_before_creation"
        " from marts.fct_support_ticket left join marts.fct_contract_cash using (contract_key)"
        " order by 1"
    ).fetchall()
    assert found == [
        ("T0", "C0", 36.0, False, False),
        ("T1", "C1", None, True, False),
        ("T2", None, None, True, False),
        ("T3", None, -24.0, False, True),
    ]
    milestones = connection.execute(
        "select milestone_kind, signal_value, referred_lead_key from marts.fct_account_milestone"
    ).fetchall()
    assert milestones == [("advocacy", "referral", "key of L1")]


def test_rules_are_rows(states: Island) -> None:
    """F20: days of notice and grace, silent renewals, and the words of a source."""
    customer = Customer("A0")
    customer.contracts = [
        Contract("C0", "new", midnight(date(2024, 3, 1)), date(2025, 2, 28), auto=True),
        Contract("C1", "Verlängerung", midnight(date(2025, 3, 21)), date(2026, 2, 28), auto=True),
    ]
    world = delivery([customer])
    assert [stage for stage, *_ in stays(states.run(world))["A0"]] == [
        "onboarding",
        "renewal",
        "onboarding",
        "renewal",
        "onboarding",
    ]
    always = {"valid_from": date(2000, 1, 1)}
    world["measure_policy"] = [
        {"measure": "customer", "parameter": name, "param_value": value, **always}
        for name, value in (
            ("renewal_notice_days", 10),
            ("lapse_grace_days", 15),
            ("auto_renew_extends", 0),
            ("adoption_weeks", 4),
            ("adoption_active_days", 2),
        )
    ]
    due, churned = midnight(date(2025, 3, 1)), midnight(date(2025, 3, 16))
    assert stays(states.run(world))["A0"][:4] == [
        ("onboarding", midnight(date(2024, 3, 1)), due - 10 * DAY),
        ("renewal", due - 10 * DAY, churned),
        ("churn", churned, midnight(date(2025, 3, 21))),
        ("win_back", midnight(date(2025, 3, 21)), midnight(date(2026, 3, 1)) - 10 * DAY),
    ]
    word = {"signal_source": "contract", "signal_value": "verlängerung", "meaning": "renews"}
    others = {"signal_source": "contract", "signal_value": "*", "meaning": "awaits"}
    world["customer_signal"] = [{**word, **always}, {**others, **always}]
    connection = states.run(world)
    meanings = "select signal_value, meaning from intermediate.int_customer__signals order by 1"
    assert connection.execute(meanings).fetchall() == [
        ("new", "awaits"),
        ("verlängerung", "renews"),
    ]


def test_a_lead_the_crm_calls_a_customer_is_one(states: Island) -> None:
    """X9, F20: without any deal or contract of the account; else the deal dates the customer."""
    won = datetime(2026, 1, 5, 2)
    world = delivery([Customer("A0"), Customer("A1")])
    world["int_leads__leads"] = [
        {"lead_key": "l0", "account_key": "A0", "first_known_at": LATE},
        {"lead_key": "l1", "account_key": "A1", "first_known_at": LATE},
    ]
    world["int_funnel__reached"] = [
        {"lead_key": key, "reached_account_at": won - DAY} for key in ("l0", "l1")
    ]
    no_account = {"account_id": None, "lead_id": "L1"}
    world["stg_crm__opportunities"] = delivered([deal(1, won) | no_account], "lead_id", LATE)
    connection = states.run(world)
    # The deal names a lead nobody delivered, and no account: it is nobody's.
    told = [("onboarding", won - DAY, None)]
    assert stays(connection) == {"A0": told, "A1": told}
    # Once the lead is there, the deal is that of its account.
    (key,) = connection.execute(
        "select named_lead_key from intermediate.int_customer__opportunities"
    ).fetchall()[0]
    world["int_leads__leads"][1]["lead_key"] = key
    world["int_funnel__reached"][1]["lead_key"] = key
    assert stays(states.run(world)) == {"A0": told, "A1": [("onboarding", won, None)]}
