"""Cost, cash and ROI: money is conserved in twenty made-up companies; statistics have oracles."""

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.pipeline.model_bench import ModelBench
from tests.pipeline.roi_world import AS_OF, MODELS, USD, RoiWorld, month
from tests.pipeline.warehouse import Warehouse

RULES = ("cost_type", "deal_route", "revenue_basis", "ratio_status", "measure_policy",
         "ltv_horizon", "unit_cost", "channel")  # fmt: skip
WORLD_MODELS = (
    "int_cost__ledger", "int_cost__monthly", "fct_cost", "int_cash__documents",
    "int_cash__deal_routes", "fct_revenue_credit", "fct_cohort_revenue", "mart_channel_roi",
    "dim_channel", "mart_channel_roi_total", "mart_channel_cash_flow", "mart_channel_payback",
    "mart_lead_revenue",
)  # fmt: skip
NEVER = date(9999, 1, 1)
ALWAYS = date(2000, 1, 1)


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> Iterator[ModelBench]:
    """An empty warehouse with the rules of ROI and an as-of instant."""
    bench = ModelBench(demonstration)
    bench.put_rules(*RULES)
    bench.put(
        "int_time__as_of", "as_of timestamp, newest_extract_date date", [(AS_OF, AS_OF.date())]
    )
    yield bench
    bench.connection.close()


def put_world(bench: ModelBench, world: RoiWorld) -> None:
    """Puts a company where the models of cost and cash read it."""
    period = "valid_from date, valid_to date"
    bench.put("attribution_model", f"attribution_model text, is_enabled boolean, credit_grain text,"
              f" {period}", [(m, True, "touch", ALWAYS, None) for m in MODELS])  # fmt: skip
    bench.put("cost_vat", f"cost_type text, currency text, vat_percent decimal(9, 4), {period}",
              [("*", c, world.vat_percent, ALWAYS, None) for c in ("CNY", "USD")])  # fmt: skip
    bench.put("fx_rate", f"from_currency text, to_currency text, rate decimal(18, 8), {period}",
              [("USD", "CNY", USD, ALWAYS, None)])  # fmt: skip
    bench.put("int_cost__lines", "cost_key text, source_system text, cost_type text, channel text,"
              " platform text, campaign_id text, campaign_name text, keyword_id text,"
              " service_from date, service_to date, amount decimal(18, 4), currency text,"
              " fx_rate decimal(18, 8), list_minor bigint, amount_minor bigint, known_at timestamp",
              [(x["cost_key"], "ads", x["cost_type"], x["channel"], None, None, None, None,
                x["first"], x["last"], x["amount"], x["currency"], None,
                world.gross({**x, "amount": x["list"]}), world.gross(x), AS_OF)
               for x in world.lines])  # fmt: skip
    bench.put(
        "int_cost__labour",
        "cost_key text, source_system text, user_role text, channel text,"
        " service_month date, currency text, amount decimal(18, 4), known_at timestamp",
        [],
    )
    of_basis = {
        basis: [x for x in world.documents if x["basis"] == basis]
        for basis in ("contract", "invoiced", "cash")
    }
    contracts = {x["deal"]: x for x in of_basis["contract"]}
    bench.put("int_cash__contracts", "contract_key text, source_system text, contract_id text,"
              " opportunity_key text, signed_at timestamp, contract_minor bigint,"
              " is_deleted boolean",
              [(contracts[d["key"]]["key"] if d["key"] in contracts else f"none-{d['key']}", "fin",
                d["key"], d["key"], contracts.get(d["key"], {"at": d["won"]})["at"],
                contracts[d["key"]]["amount"] if d["key"] in contracts else None, False)
               for d in world.deals])  # fmt: skip
    bench.put("int_cash__invoices", "invoice_key text, source_system text, contract_id text,"
              " issued_at timestamp, first_known_at timestamp, invoiced_minor bigint,"
              " is_counted boolean",
              [(x["key"], "fin", x["deal"], x["at"], x["at"], x["amount"], True)
               for x in of_basis["invoiced"]])  # fmt: skip
    bench.put("int_cash__receipts", "payment_key text, source_system text, contract_id text,"
              " opportunity_key text, received_at timestamp, amount_minor bigint",
              [(x["key"], "fin", x["deal"], x["deal"], x["at"], x["amount"])
               for x in of_basis["cash"]])  # fmt: skip
    meta = (
        "_source_system text, _extracted_at timestamp, _batch_id text, _row_hash text,"
        " _is_deleted boolean"
    )
    bench.put("stg_finance__contracts", f"contract_id text, channel text, {meta}", [])
    bench.put("stg_success__partner_deals", "partner_id text, kind text, registered_at timestamp,"
              f" account_id text, opportunity_id text, {meta}",
              [("p1", "resale", x["at"], None, x["opportunity"], "prm", AS_OF, "b1", f"h{n}", False)
               for n, x in enumerate(world.partner_deals)])  # fmt: skip
    bench.put("int_time__batch_sightings", "batch_id text, last_seen_at timestamp", [])
    bench.put("int_crm__opportunities", "opportunity_key text, opportunity_id text,"
              " account_id text, created_at timestamp, is_deleted boolean",
              [(d["key"], d["key"], d["account"], d["created"], False)
               for d in world.deals])  # fmt: skip
    bench.put("int_funnel__enquiries", "enquiry_lead_key text, channel text, cohort_month date,"
              " reached_lead_at timestamp, reached_mql_at timestamp, reached_sql_at timestamp,"
              " reached_account_at timestamp",
              [(e["key"], e["channel"], month(e["created"].date()), e["created"], None, None, None)
               for e in world.enquiries])  # fmt: skip
    bench.put("int_attribution__conversions", "conversion_key text, survivor_lead_key text,"
              " converted_at timestamp, cohort_month date",
              [(d["key"], d["enquiry"]["key"] if d["enquiry"] else None, d["won"],
                month((d["enquiry"]["created"] if d["enquiry"] else d["won"]).date()))
               for d in world.deals])  # fmt: skip
    cohort = {d["key"]: month((d["enquiry"]["created"] if d["enquiry"] else d["won"]).date())
              for d in world.deals}  # fmt: skip
    bench.put("fct_attribution", "conversion_key text, opportunity_key text,"
              " attribution_model text,"
              " touch_position integer, channel text, cohort_month date, is_won boolean,"
              " credit_micro bigint, cash_minor bigint",
              [(c["deal"], c["deal"], c["model"], c["position"], c["channel"], cohort[c["deal"]],
                True, c["micro"], c["cents"]) for c in world.credits])  # fmt: skip
    bench.put("int_attribution__touches", "channel text",
              [(channel,) for channel in sorted(touched_channels(world))])  # fmt: skip
    bench.put("int_attribution__computable", "has_cost boolean, has_cash boolean,"
              " has_contracts boolean, has_invoices boolean, has_wins boolean",
              [(True, True, True, True, True)])  # fmt: skip


def touched_channels(world: RoiWorld) -> set[str]:
    """Channels with a touch, of a deal or not; every third company has none on display."""
    silent = {"(unattributed)"} | ({"display"} if world.seed % 3 == 0 else set())
    return {credit["channel"] for credit in world.credits} - silent


@pytest.mark.parametrize("seed", range(20))
def test_money_is_conserved_to_the_cent_in_every_world(bench: ModelBench, seed: int) -> None:
    """Law 5, A10, A16, L04: cost by channel and month is the ledger's; documents are their credits;
    cash of a channel is fct_attribution's; partner deals count once; no ratio is 0 or infinite."""
    world = RoiWorld(seed)
    put_world(bench, world)
    bench.run(*WORLD_MODELS)
    by_cell: Counter = Counter()
    for channel, first, cents in bench.rows("fct_cost", "channel, service_month, amount_minor"):
        by_cell[channel, first] += cents
    assert dict(by_cell) == world.cost_cells()

    routes = {deal["key"]: deal["route"] for deal in world.deals}
    credited: Counter = Counter()
    of_touch: Counter = Counter()
    for basis, document, deal, model, touched, channel, cents in bench.rows(
        "fct_revenue_credit",
        "revenue_basis, document_key, conversion_key, attribution_model, touch_channel, channel,"
        " amount_minor",
    ):
        credited[basis, document, model] += cents
        if basis == "cash":
            of_touch[deal, model, touched] += cents
        assert channel == ("partner" if routes[deal] == "partner_sourced" else touched)
    assert credited == Counter(
        {(x["basis"], x["key"], model): x["amount"] for x in world.documents for model in MODELS}
    )
    attributed: Counter = Counter()
    for credit in world.credits:
        attributed[credit["deal"], credit["model"], credit["channel"]] += credit["cents"]
    assert +of_touch == +attributed
    assert -of_touch == -attributed
    check_marts(bench, world)
    check_lead_revenue(bench, world)


def check_lead_revenue(bench: ModelBench, world: RoiWorld) -> None:
    """L07: money of a lead is on the channel and month that created it, whoever touched it."""
    so_far, within, leads = Counter(), Counter(), Counter()
    for enquiry in world.enquiries:
        leads[enquiry["channel"], month(enquiry["created"].date())] += 1
    deals = {deal["key"]: deal for deal in world.deals}
    for document in world.documents:
        deal = deals[document["deal"]]
        channel = deal["enquiry"]["channel"] if deal["enquiry"] else "(unattributed)"
        start = deal["enquiry"]["created"] if deal["enquiry"] else deal["won"]
        cell = (document["basis"], channel, month(start.date()))
        so_far[cell] += document["amount"]
        within[cell] += document["amount"] * (document["at"] <= start + timedelta(days=365))
    seen = set()
    for basis, channel, first, revenue, horizon, n_leads, per_lead, status in bench.rows(
        "mart_lead_revenue",
        "revenue_basis, channel, cohort_month, revenue_minor, horizon_minor, n_leads,"
        " revenue_per_lead_minor, ratio_status",
    ):
        seen.add((basis, channel, first))
        assert (revenue, horizon) == (so_far[basis, channel, first], within[basis, channel, first])
        assert n_leads == leads[channel, first]
        assert per_lead == (horizon / n_leads if status == "ok" else None)
    assert seen >= set(so_far)


def check_marts(bench: ModelBench, world: RoiWorld) -> None:
    """Totals of the marts per model and basis, and what their ratios say."""
    revenue: Counter = Counter()
    for document in world.documents:
        revenue[document["basis"]] += document["amount"]
    cost = sum(world.cost_cells().values())
    flows, totals = Counter(), Counter()
    for model, basis, cost_minor, revenue_minor in bench.rows(
        "mart_channel_cash_flow", "attribution_model, revenue_basis, cost_minor, revenue_minor"
    ):
        flows[model, basis, "cost"] += cost_minor
        flows[model, basis, "revenue"] += revenue_minor
    horizon: Counter = Counter()
    created = {deal["key"]: deal["enquiry"]["created"] if deal["enquiry"] else deal["won"]
               for deal in world.deals}  # fmt: skip
    for document in world.documents:
        if document["at"] <= created[document["deal"]] + timedelta(days=365):
            horizon[document["basis"]] += document["amount"]
    silent = {enquiry["channel"] for enquiry in world.enquiries} - touched_channels(world)
    silent -= {"partner"}  # money of a partner's deals counts there, touched or not
    for (
        channel, model, basis, cost_minor, revenue_minor, within, status, roas, roi, mature, n,
    ) in bench.rows(
        "mart_channel_roi",
        "channel, attribution_model, revenue_basis, cost_minor, revenue_minor, horizon_minor,"
        " ratio_status, roas, roi, is_mature, n_leads",
    ):  # fmt: skip
        totals[model, basis, "cost"] += cost_minor
        totals[model, basis, "revenue"] += revenue_minor
        totals[model, basis, "horizon"] += within
        expected = (
            "no_spend" if cost_minor <= 0
            else "not_creditable" if channel in silent and within == 0
            else "immature" if not mature
            else "no_cash" if within == 0
            else "small_n" if n < 20
            else "ok"
        )  # fmt: skip
        assert status == expected
        assert roas == (within / cost_minor if status == "ok" else None)
        readable = status in ("ok", "no_cash")
        assert roi == ((within - cost_minor) / cost_minor if readable else None)
    for model in MODELS:
        for basis in ("cash", "invoiced", "contract"):
            assert flows[model, basis, "cost"] == totals[model, basis, "cost"] == cost
            assert flows[model, basis, "revenue"] == revenue[basis]
            assert totals[model, basis, "revenue"] == revenue[basis]
            assert totals[model, basis, "horizon"] == horizon[basis]
    check_payback(bench)


def check_payback(bench: ModelBench) -> None:
    """L06: month by month in a loop: the last time that the running cash came up to the cost."""
    flows: dict[tuple, Counter] = {}
    for model, channel, first, paid, cents in bench.rows(
        "fct_revenue_credit",
        "attribution_model, channel, cohort_month, document_date,"
        " case when revenue_basis = 'cash' then amount_minor else 0 end",
    ):
        number = (paid.year - first.year) * 12 + paid.month - first.month
        flows.setdefault((model, channel, first), Counter())[number] += cents
    for model, channel, first, cost, cash, months, censored, status in bench.rows(
        "mart_channel_payback",
        "attribution_model, channel, cohort_month, cost_minor, cash_minor, payback_months,"
        " is_censored, ratio_status",
    ):
        so_far, since, ever = 0, None, False
        for number, cents in sorted(flows.get((model, channel, first), {}).items()):
            so_far += cents
            since = None if so_far < cost else number if since is None else since
            ever = ever or so_far >= cost
        assert so_far == cash
        if cost <= 0:
            expected = (None, False, "no_spend")
        elif since is not None:
            expected = (max(since, 0), False, "ok")
        else:
            expected = (None, True, "refunded" if ever else "not_reached")
        assert (months, censored, status) == expected


def test_restated_spend_is_in_force_and_its_history_kept(bench: ModelBench) -> None:
    """A10, D13: deliveries of the same day again and again, in any order; also withdrawn ones."""
    dice = random.Random(11)
    rows, in_force, history = [], {}, Counter()
    for cell in range(60):
        known = sorted(dice.sample(range(30), dice.randint(1, 5)))
        first = before = None
        for number, day in enumerate(known):
            cost, rebate = dice.randint(0, 9_000), dice.randint(0, 300)
            cash = dice.choice((None, dice.randint(0, 8_000)))
            gone = number > 0 and dice.random() < 0.15
            at = datetime(2025, 1, 1) + timedelta(days=day)
            rows.append(("baidu", "x", date(2024, 12, 1), f"k{cell}", None, None, None, None, None,
                         None, 0, 0, cost, cash, rebate, "CNY", "ads", at, f"b{day}",
                         f"h{cell}-{number}", gone))  # fmt: skip
            paid = 0 if gone else 100 * (cash if cash is not None else cost - rebate)
            if before is not None and paid != before:
                history[f"k{cell}"] += paid - before
            first = paid if before is None else first
            before = paid
        in_force[f"k{cell}"] = (first, before, gone)
    dice.shuffle(rows)
    bench.put("stg_ads__ad_spend_daily", "platform text, account_id text, date date,"
              " campaign_id text, campaign_name text, ad_group_id text, keyword_id text,"
              " keyword_text text, match_type text, device text, impressions bigint,"
              " clicks bigint, cost decimal(18, 4), cost_cash decimal(18, 4),"
              " rebate_amount decimal(18, 4), currency text, _source_system text,"
              " _extracted_at timestamp, _batch_id text, _row_hash text, _is_deleted boolean",
              rows)  # fmt: skip
    bench.put("int_time__batch_sightings", "batch_id text, last_seen_at timestamp", [])
    bench.put_rules("fx_rate")
    bench.run("int_cost__ad_spend", "int_cost__ad_spend_versions", "fct_cost_restatement")
    held = dict(bench.rows("int_cost__ad_spend", "campaign_id, cast(amount * 100 as bigint)"))
    assert held == {cell: last for cell, (_, last, gone) in in_force.items() if not gone}
    changes = Counter()
    for campaign_id, change in bench.rows("fct_cost_restatement", "campaign_id, change_minor"):
        changes[campaign_id] += change
    assert {cell: first + changes[cell] for cell, (first, _, _) in in_force.items()} == {
        cell: last for cell, (_, last, _) in in_force.items()
    }
    assert +changes == +history
    assert -changes == -history


def test_hours_of_people_are_a_cost_of_the_channels_they_work_on(bench: ModelBench) -> None:
    """L06: workdays x hours x rate, shared by acts, to the cent; idle months are unknown's."""
    period = "valid_from date, valid_to date"
    first, second = date(2025, 1, 1), date(2025, 2, 1)
    bench.put(
        "labour_rate",
        "user_role text, hours_per_day decimal(9, 4),"
        f" hourly_rate decimal(18, 4), currency text, {period}",
        [("sdr", 8, 60, "CNY", ALWAYS, second), ("sdr", 8, 70, "CNY", second, None)],
    )
    bench.put(
        "int_routing__user_months",
        "source_system text, role text, month_start date, n_workdays bigint",
        [
            ("crm", "SDR", first, 11),
            ("crm", "SDR", first, 10),
            ("crm", "SDR", second, 20),
            ("crm", "AE", first, 21),
        ],
    )
    bench.put(
        "int_routing__users",
        "source_system text, user_id text, role text, valid_from timestamp, valid_to timestamp",
        [
            ("crm", "u1", "SDR", datetime(2024, 1, 1), None),
            ("crm", "u2", "AE", datetime(2024, 1, 1), None),
        ],
    )
    acts = [("u1", "l1", 4)] * 2 + [("u1", "l2", 5), ("u2", "l2", 6)]
    bench.put(
        "int_engagement__sales_activities",
        "source_system text, actor_user_id text,"
        " lead_key text, is_rep_action boolean, occurred_at timestamp",
        [("crm", user, lead, True, datetime(2025, 1, day)) for user, lead, day in acts],
    )
    bench.put("int_leads__leads", "lead_key text, channel text",
              [("l1", "content"), ("l2", "display")])  # fmt: skip
    bench.run("int_cost__labour")
    assert sorted(bench.rows("int_cost__labour", "service_month, channel, amount")) == [
        (first, "content", 6_720), (first, "display", 3_360), (second, "unknown", 11_200),
    ]  # fmt: skip


def survival_oracle(members: list[tuple[int, bool]], horizon: int) -> tuple[float, float, float]:
    """Kaplan-Meier mean within a horizon, Greenwood's error, and the share left, by plain loops."""
    alive, left, deaths = [], 1.0, []
    for k in range(horizon):
        n = sum(tenure >= k for tenure, _ in members)
        d = sum(tenure == k and gone for tenure, gone in members)
        left *= 1 - d / n if n else 1.0
        alive.append(left)
        deaths.append((n, d))
    variance = sum(
        sum(alive[k:]) ** 2 * d / (n * (n - d)) for k, (n, d) in enumerate(deaths) if n > d > 0
    )
    return sum(alive), math.sqrt(variance), left


def put_tenures(bench: ModelBench, members: list[tuple[int, bool]], month_minor: int) -> None:
    bench.put("int_cash__customer_tenures", "account_key text, channel text,"
              " tenure_months integer, has_lapsed boolean, earned_minor bigint",
              [(f"a{n}", "content", tenure, gone, month_minor * tenure)
               for n, (tenure, gone) in enumerate(members)])  # fmt: skip


def test_customer_value_is_kaplan_meier_and_not_the_mean_to_date(bench: ModelBench) -> None:
    """K13: a churn of 3 % a month, watched for 1 to 36 months: the closed form is within the
    interval, the mean to date is far below it; lifelines gives the same survival."""
    dice = random.Random(5)
    members = []
    for _ in range(2_000):
        life = 1 + int(math.log(dice.random()) / math.log(0.97))
        age = dice.randint(1, 37)
        members.append((min(life, age), life <= age))
    put_tenures(bench, members, 1_000)
    bench.run("int_cash__customer_survival", "mart_customer_ltv")
    found = {
        (channel, horizon): row
        for channel, horizon, *row in bench.rows(
            "mart_customer_ltv",
            "channel, horizon_months, ltv_minor, ltv_low_minor, ltv_high_minor, ratio_status",
        )
    }
    for horizon in (12, 24, 36):
        months, error, left = survival_oracle(members, horizon)
        value, low, high, status = found["all", horizon]
        assert status == "ok"
        assert value == pytest.approx(1_000 * months, rel=1e-9)
        assert high - low == pytest.approx(2 * 1.959963984540054 * 1_000 * error, rel=1e-9)
        closed_form = 1_000 * (1 - 0.97**horizon) / 0.03
        assert low < closed_form < high
        assert found["content", horizon] == found["all", horizon]
    naive = 1_000 * sum(tenure for tenure, _ in members) / len(members)
    assert naive < 0.75 * found["all", 36][0]
    lifelines = pytest.importorskip("lifelines", reason="the library is a test oracle only")
    fitter = lifelines.KaplanMeierFitter().fit(*zip(*members, strict=True))
    assert float(fitter.predict(35)) == pytest.approx(left, rel=1e-9)


def test_no_value_is_shown_beyond_what_was_watched(bench: ModelBench) -> None:
    """K13: 13 months of follow-up say nothing of 24; nobody has left, so there is no interval."""
    put_tenures(bench, [(13, False)] * 30, 500)
    bench.run("int_cash__customer_survival", "mart_customer_ltv")
    assert sorted(
        bench.rows(
            "mart_customer_ltv",
            "horizon_months, ltv_minor, ltv_low_minor, ratio_status, verdict_zh is not null",
        )
    )[::2] == [
        (12, 6_000.0, None, "ok", True),
        (24, None, None, "not_identified", True),
        (36, None, None, "not_identified", True),
    ]


def test_a_month_of_a_customer_is_worth_what_its_whole_months_earned(bench: ModelBench) -> None:
    """K13: 1,000.00 a month for everybody; months begun, second spells and contracts ahead change
    nothing. Ages are between months, so that earned is not a month's worth times the tenure."""
    month_length = timedelta(seconds=2_629_800)
    spells, contracts, expected = [], [], {}
    for n, (age, life, lengths) in enumerate(
        [(7.9, None, (12,)), (0.5, None, (12,)), (14.5, None, (12, 12)), (9.9, 5.2, (5.2,)),
         (3.3, 2.9, (2.9,))]
    ):  # fmt: skip
        account, start = f"a{n}", AS_OF - age * month_length
        spells.append((account, 1, start, start + life * month_length if life else None))
        at = start
        for length in lengths:
            end = at + length * month_length
            contracts.append((account, at, end, round(100_000 * length), False))
            at = end
        tenure = math.ceil(life) if life and math.ceil(life) <= math.floor(age) else int(age)
        expected[account] = (tenure, bool(life) and tenure > life,
                             round(100_000 * min(tenure, life or tenure)))  # fmt: skip
    back = AS_OF - 1.5 * month_length
    contracts.append(("a3", back, back + 12 * month_length, 1_200_000, False))  # came back
    contracts.append(("a0", AS_OF, AS_OF + 12 * month_length, 9_999, True))  # deleted
    bench.put("int_customer__spells", "account_key text, spell_number integer,"
              " started_at timestamp, lapsed_at timestamp", spells)  # fmt: skip
    bench.put("int_cash__contracts", "account_key text, signed_at timestamp, ends_at timestamp,"
              " contract_minor bigint, is_deleted boolean", contracts)  # fmt: skip
    bench.put("int_customer__opportunities", "account_key text, lead_key text, is_won boolean,"
              " won_at timestamp, opportunity_key text", [])  # fmt: skip
    bench.put("int_leads__leads", "lead_key text, channel text", [])
    bench.run("int_cash__customer_tenures", "int_cash__customer_survival", "mart_customer_ltv")
    found = {
        account: (tenure, gone, earned)
        for account, tenure, gone, earned in bench.rows(
            "int_cash__customer_tenures", "account_key, tenure_months, has_lapsed, earned_minor"
        )
    }
    assert found == expected == {
        "a0": (7, False, 700_000), "a1": (0, False, 0), "a2": (14, False, 1_400_000),
        "a3": (6, True, 520_000), "a4": (3, True, 290_000),
    }  # fmt: skip
    [(worth,)] = set(bench.rows("mart_customer_ltv", "month_value_minor"))
    assert worth == (700_000 + 1_400_000 + 520_000 + 290_000) / (7 + 14 + 6 + 3)


def put_spend_response(bench: ModelBench, response: dict[str, object], seed: int) -> None:
    """120 weeks per channel with spend spread evenly, leads Poisson around `response(spend)`."""
    dice = random.Random(seed)
    lines, leads = [], []
    for channel, curve in response.items():
        for week in range(100):
            monday = date(2024, 7, 1) + timedelta(weeks=week)
            spend = dice.uniform(1_000, 10_000)
            lines.append((f"{channel}{week}", channel, "media", monday, monday, int(spend * 100)))
            chance, n = math.exp(-curve(spend)), 0
            product = dice.random()
            while product > chance:
                n, product = n + 1, product * dice.random()
            leads += [(channel, datetime.combine(monday, datetime.min.time()))] * n
    bench.put("int_cost__ledger", "cost_key text, channel text, cost_group text,"
              " service_from date, service_to date, amount_minor bigint", lines)  # fmt: skip
    bench.put("int_funnel__enquiries", "channel text, reached_lead_at timestamp", leads)


def test_a_planted_concave_response_is_recovered(bench: ModelBench) -> None:
    """A11: a channel that is full is flagged, one with constant returns is not; the fitted cost of
    one more lead only rises and lies near the planted one."""
    put_spend_response(
        bench,
        {"display": lambda x: 60 * (1 - math.exp(-x / 1_500)), "paid_search": lambda x: x / 100},
        seed=3,
    )
    bench.run("int_cost__spend_bins", "int_cost__spend_slopes", "mart_marginal_cost")
    rows = sorted(
        bench.rows(
            "mart_marginal_cost",
            "channel, spend_bin, mean_week_spend_minor, marginal_cost_minor, is_saturated,"
            " ratio_status, step_cost_low, step_cost_high",
        )
    )
    assert len(rows) == 20
    for channel in ("display", "paid_search"):
        mine = [row for row in rows if row[0] == channel]
        assert [row[2] for row in mine] == sorted(row[2] for row in mine), "bins rise in spend"
        costs = [row[3] for row in mine if row[3] is not None]
        assert costs == sorted(costs), "one more lead only gets dearer"
        assert mine[0][5] == "lowest_bin"
    full = [row for row in rows if row[0] == "display"]
    assert full[-1][4], "60 (1 - exp(-x / 1500)) is flat at 10,000 a week"
    for *_, cost, is_full, status, _, _ in rows:
        assert is_full == (status == "saturated"), "called full only where it is beyond chance"
        assert cost is not None or status in ("saturated", "flat", "lowest_bin")
    assert not any(row[4] for row in rows if row[0] == "paid_search")
    linear = [row for row in rows if row[0] == "paid_search"]
    covered = [row[6] <= 10_000 <= (row[7] or math.inf) for row in linear[4:]]
    assert sum(covered) >= 5, "100.00 a lead is within the interval"
    assert 5_000 < linear[5][3] < 20_000


def test_concave_fit_is_the_isotonic_regression_of_slopes(bench: ModelBench) -> None:
    """A11: against pool-adjacent-violators written as a loop, on bins that jump about."""
    dice = random.Random(8)
    bins = [(100.0 * (n + 1) + dice.uniform(0, 60), dice.uniform(5, 9) + n / 2) for n in range(10)]
    bench.put("int_cost__spend_bins", "channel text, spend_bin integer, n_weeks bigint,"
              " spend_minor bigint, n_leads bigint, mean_spend double, mean_leads double",
              [("display", n + 1, 10, int(x * 10), int(y * 10), x, y)
               for n, (x, y) in enumerate(bins)])  # fmt: skip
    bench.run("int_cost__spend_slopes", "mart_marginal_cost")
    blocks: list[list[float]] = []
    for (x0, y0), (x1, y1) in itertools.pairwise(bins):
        blocks.append([x1 - x0, y1 - y0, 1])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][0] < blocks[-1][1] / blocks[-1][0]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    slopes = [block[1] / block[0] for block in blocks for _ in range(int(block[2]))]
    found = sorted(bench.rows("mart_marginal_cost", "spend_bin, marginal_cost_minor"))
    assert [cost for _, cost in found] == pytest.approx(
        [None, *(1 / slope if slope > 0 else None for slope in slopes)]
    )


def test_a_channel_that_no_credit_can_reach_is_no_failure(bench: ModelBench) -> None:
    """L04: leads that leave no touch say nothing of their channel; spend without a lead, or with
    touches that earned nothing, is lost money."""
    period, first = "valid_from date, valid_to date", date(2025, 1, 1)
    at = datetime(2025, 1, 9)
    bench.put("attribution_model", "attribution_model text, is_enabled boolean, credit_grain text,"
              f" {period}", [("linear", True, "touch", ALWAYS, None)])  # fmt: skip
    bench.put("fct_cost", "channel text, service_month date, cost_group text, amount_minor bigint",
              [(c, first, "media", 500)
               for c in ("outbound", "content", "display", "partner")])  # fmt: skip
    bench.put("int_funnel__enquiries", "channel text, cohort_month date, reached_mql_at timestamp,"
              " reached_sql_at timestamp, reached_account_at timestamp",
              [(c, first, at, at, at) for c in ("outbound", "content", "partner")])  # fmt: skip
    bench.put("int_attribution__touches", "channel text", [("content",)])
    bench.put("int_attribution__computable", "has_cost boolean, has_cash boolean,"
              " has_contracts boolean, has_invoices boolean, has_wins boolean",
              [(True, True, True, True, True)])  # fmt: skip
    bench.put("fct_cohort_revenue", "attribution_model text, revenue_basis text, channel text,"
              " cohort_month date, revenue_minor bigint, horizon_minor bigint, n_deals bigint,"
              " spread_minor double, win_credit_micro bigint", [])  # fmt: skip
    bench.run("mart_channel_roi", "dim_channel", "mart_channel_roi_total")
    for mart in ("mart_channel_roi", "mart_channel_roi_total"):
        assert set(bench.rows(mart, "channel, roi, ratio_status")) == {
            ("outbound", None, "not_creditable"), ("content", -1.0, "no_cash"),
            ("display", -1.0, "no_cash"), ("partner", -1.0, "no_cash"),
        }  # fmt: skip
    assert bench.rows("mart_channel_roi_total", "distinct verdict_zh is not null") == [(True,)]


def test_payback_is_censored_when_not_reached(bench: ModelBench) -> None:
    """L06: paid back in month 3, never yet, no spend, and lost again by a refund; money that came,
    went and came again pays back when it came for good."""
    cohort = date(2025, 1, 1)
    bench.put("mart_channel_roi", "channel_roi_key text, attribution_model text,"
              " revenue_basis text, channel text, cohort_month date, currency text,"
              " cost_minor bigint, revenue_minor bigint",
              [(c, "linear", "cash", c, cohort, "CNY", cost, cash)
               for c, cost, cash in (("content", 100, 130), ("display", 100, 99),
                                     ("direct", 0, 50), ("webinar", 100, 90),
                                     ("email", 100, 120))])  # fmt: skip
    bench.put("fct_revenue_credit", "attribution_model text, revenue_basis text, channel text,"
              " cohort_month date, document_date date, amount_minor bigint",
              [("linear", "cash", "content", cohort, date(2025, 2, 3), 110),
               ("linear", "cash", "content", cohort, date(2025, 2, 20), -30),
               ("linear", "cash", "content", cohort, date(2025, 4, 9), 50),
               ("linear", "cash", "display", cohort, date(2025, 2, 3), 99),
               ("linear", "cash", "webinar", cohort, date(2025, 2, 3), 110),
               ("linear", "cash", "webinar", cohort, date(2025, 4, 3), -20),
               ("linear", "cash", "email", cohort, date(2025, 2, 3), 110),
               ("linear", "cash", "email", cohort, date(2025, 4, 3), -20),
               ("linear", "cash", "email", cohort, date(2025, 6, 3), 30)])  # fmt: skip
    bench.run("mart_channel_payback")
    assert sorted(
        bench.rows(
            "mart_channel_payback", "channel, payback_months, observed_months, ratio_status"
        )
    ) == [
        ("content", 3, 17, "ok"), ("direct", None, 17, "no_spend"),
        ("display", None, 17, "not_reached"), ("email", 5, 17, "ok"),
        ("webinar", None, 17, "refunded"),
    ]  # fmt: skip


def test_unit_costs_have_a_poisson_interval_and_a_reason(bench: ModelBench) -> None:
    """A10, L06: media and full cost of a customer; the score interval solves (n - m)^2 = z^2 m; few
    units have no price; the pooled price holds the months that gained nothing."""
    first, second, june = date(2025, 1, 1), date(2025, 2, 1), date(2026, 6, 1)
    at = datetime(2025, 1, 10)
    bench.put(
        "fct_cost",
        "channel text, service_month date, cost_group text, amount_minor bigint",
        [
            ("display", first, "media", 9_000),
            ("display", first, "people", 1_000),
            ("display", second, "media", 6_000),
            ("display", june, "media", 7_000),
            ("content", first, "people", 70),
            ("content", june, "people", 60),
        ],
    )
    bench.put(
        "int_leads__leads",
        "lead_key text, channel text, created_at timestamp",
        [(f"l{n}", "display", first) for n in range(50)]
        + [("x", "direct", first), *((f"y{n}", "content", date(2026, 6, 2)) for n in range(10))],
    )
    bench.put(
        "int_funnel__enquiries",
        "enquiry_lead_key text, account_key text, person_key text,"
        " channel text, cohort_month date, reached_mql_at timestamp,"
        " reached_sql_at timestamp, reached_account_at timestamp",
        [
            (
                f"l{n}",
                "acme" if n < 11 else f"a{n}",
                f"p{n}",
                "display",
                first,
                at,
                at if n < 30 else None,
                at if n < 30 else None,
            )
            for n in range(40)
        ]
        + [("z", "z", "z", "display", second, at, None, None)],
    )
    bench.put("int_attribution__computable", "has_cost boolean, has_wins boolean", [(True, True)])
    bench.run("dim_channel", "int_cost__units", "mart_unit_cost", "mart_unit_cost_total")
    rows = {
        (unit, scope, channel, month_of): rest
        for unit, scope, channel, month_of, *rest in bench.rows(
            "mart_unit_cost",
            "unit, cost_scope, channel, cohort_month, unit_cost_minor, unit_cost_low,"
            " unit_cost_high, ratio_status",
        )
    }
    assert rows["lead", "full", "display", first][0] == 10_000 / 50
    assert rows["valid_lead", "full", "display", first][0] == 10_000 / 40
    assert rows["mql", "full", "display", first][0] == 10_000 / 40
    assert rows["sql", "full", "display", first][0] == rows["win", "full", "display", first][0]
    assert rows["customer", "media", "display", first][0] == 9_000 / 20, "one bought 11 times"
    value, low, high, status = rows["customer", "full", "display", first]
    assert (value, status) == (10_000 / 20, "ok")
    for bound in (10_000 / low, 10_000 / high):
        assert (20 - bound) ** 2 == pytest.approx(1.959963984540054**2 * bound)
    assert low < value < high
    assert rows["mql", "full", "content", first] == [None, None, None, "no_units"]
    assert rows["lead", "full", "direct", first] == [None, None, None, "no_spend"]
    assert rows["mql", "full", "display", second] == [None, None, None, "small_n_units"]
    assert rows["mql", "full", "content", june] == [None, None, None, "immature"]
    assert rows["lead", "full", "content", june][3] == "ok"
    pooled = {
        (unit, scope, channel): rest
        for unit, scope, channel, *rest in bench.rows(
            "mart_unit_cost_total",
            "unit, cost_scope, channel, cost_minor, n_units, unit_cost_minor, ratio_status",
        )
    }
    assert pooled["customer", "full", "display"] == [16_000, 20, 800.0, "ok"]
    assert pooled["customer", "media", "display"] == [15_000, 20, 750.0, "ok"]
    assert pooled["mql", "full", "display"] == [16_000, 41, 16_000 / 41, "ok"]
    assert pooled["lead", "full", "display"] == [23_000, 50, 460.0, "ok"], "leads are always mature"
    assert pooled["customer", "full", "content"] == [70, 0, None, "no_units"]
