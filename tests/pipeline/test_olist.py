"""A company nobody here made up: the Olist marketing funnel through the whole line.

The mapping below is what "Bring your own extracts" in docs/extracts.md shows: rename columns, write
one file per table, nothing else. The expected figures are those of an independent computation
(../shared/data/README.md). The data is not part of the project: without it the tests are skipped.
"""

from collections import Counter
from statistics import mean, median

import duckdb
import pytest

from tests.pipeline.warehouse import ROOT, Warehouse

OLIST = ROOT.parent / "shared" / "data" / "olist"
pytestmark = pytest.mark.skipif(
    not OLIST.is_dir(), reason=f"the Olist data set is not there: {OLIST}"
)

EXTRACT_DATE = "extract_date=2018-12-31"
# Raw table -> what it is in Olist's words. `won` and `mql` are their two CSV files.
MAPPING = {
    "crm_leads": """
        select mql_id as lead_id, first_contact_date as created_at, 'MQL' as status,
            origin as lead_source, won.sr_id as owner_id
        from mql left join won using (mql_id)
    """,
    "crm_opportunities": """
        select mql_id as opportunity_id, mql_id as lead_id, seller_id as account_id,
            'won' as stage, won_date as created_at, won_date as closed_at, 'true' as is_won
        from won
    """,
    "contracts": """
        select seller_id as contract_id, mql_id as opportunity_id, won_date as signed_at from won
    """,
    "payments": """
        select order_id || '-' || order_item_id as payment_id, seller_id as contract_id,
            shipping_limit_date as received_at, cast(price as decimal(18, 2)) as amount,
            'BRL' as currency
        from items inner join won using (seller_id)
    """,
}


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Olist's files as extracts, built in Brazilian time and money."""
    folder = tmp_path_factory.mktemp("olist")
    with duckdb.connect() as connection:
        for name, file in {
            "mql": "olist_marketing_qualified_leads_dataset.csv",
            "won": "olist_closed_deals_dataset.csv",
        }.items():
            connection.read_csv(str(OLIST / file), all_varchar=True).create(name)
        connection.read_parquet(str(OLIST / "olist_order_items.parquet")).create("items")
        for table, query in MAPPING.items():
            target = folder / "extracts" / table / EXTRACT_DATE
            target.mkdir(parents=True)
            connection.sql(query).write_csv(str(target / "olist.csv"))
    variables = {
        "source_timezone": "America/Sao_Paulo",
        "business_timezone": "America/Sao_Paulo",
        "reporting_currency": "BRL",
    }
    warehouse = Warehouse(folder / "home", folder / "extracts", variables)
    return warehouse.build(with_tests=True)


def test_every_lead_and_win_is_there(olist: Warehouse) -> None:
    """F01, F17: 8,000 leads, 842 of them won."""
    ((n_leads, n_won),) = olist.rows(
        """
        select
            count(distinct lead_key),
            count(distinct lead_key) filter (where account_at is not null)
        from marts.fct_lead_lifecycle
        """
    )
    assert (n_leads, n_won) == (8_000, 842)


def test_every_origin_keeps_its_leads_and_wins_null_included(olist: Warehouse) -> None:
    """A01: 60 leads have no origin and 14 of them won; a NULL = NULL join would lose them."""
    by_origin = {
        origin: (n_leads, n_won)
        for origin, n_leads, n_won in olist.rows(
            """
            select lead_source, count(*), count(account_at)
            from marts.dim_lead
            inner join marts.fct_lead_lifecycle using (lead_key)
            group by lead_source
            """
        )
    }
    assert by_origin == {
        "organic_search": (2_296, 271),
        "paid_search": (1_586, 195),
        "social": (1_350, 75),
        "unknown": (1_099, 179),
        "direct_traffic": (499, 56),
        "email": (493, 15),
        "referral": (284, 24),
        "other": (150, 4),
        "display": (118, 6),
        "other_publicities": (65, 3),
        None: (60, 14),
    }


def test_the_roi_mart_loses_no_origin(olist: Warehouse) -> None:
    """L04: channels of the mart are the origins; `unknown` and no origin are one channel."""
    counts = Counter()
    for channel, n_leads, n_wins in olist.rows(
        """
        select channel, sum(n_leads), sum(n_wins)
        from marts.mart_channel_roi
        where attribution_model = 'first_touch' and revenue_basis = 'cash' group by channel
        """
    ):
        counts[channel] = (n_leads, n_wins)
    assert counts["unknown"] == (1_099 + 60, 179 + 14)
    assert counts["organic_search"] == (2_296, 271)
    assert sum(n_leads for n_leads, _ in counts.values()) == 8_000
    assert sum(n_wins for _, n_wins in counts.values()) == 842


def test_the_deal_before_its_lead_is_flagged_and_counted(olist: Warehouse) -> None:
    """D1: one deal closed two days before first contact."""
    days_to_close = [
        days
        for (days,) in olist.rows(
            """
            select date_diff('day', created_date, cast(account_at at time zone 'UTC'
                at time zone 'America/Sao_Paulo' as date))
            from marts.fct_lead_lifecycle inner join marts.dim_lead using (lead_key)
            where account_at is not null
            """
        )
    ]
    assert sorted(days_to_close)[:2] == [-2, 0]
    assert (median(days_to_close), round(mean(days_to_close), 2)) == (14, 48.44)
    assert olist.rows(
        "select count(*) from marts.bridge_opportunity_lead where is_closed_before_lead"
    ) == [(1,)]
    assert olist.rows(
        "select count(*) from marts.fct_lead_stage_event where is_before_creation"
    ) == [(2,)], "the opportunity and its win"


def test_cash_reaches_the_mart_to_the_cent(olist: Warehouse) -> None:
    """Law 5, L04 on real receipts, against the sum over the raw file."""
    with duckdb.connect() as connection:
        connection.read_csv(str(OLIST / "olist_closed_deals_dataset.csv"), all_varchar=True).create(
            "won"
        )
        ((cents,),) = connection.execute(
            "select cast(sum(cast(price as decimal(18, 2))) * 100 as bigint) "
            "from read_parquet($1) inner join won using (seller_id)",
            [str(OLIST / "olist_order_items.parquet")],
        ).fetchall()
    for model, cash_minor in olist.rows(
        "select attribution_model, sum(revenue_minor) from marts.mart_channel_roi"
        " where revenue_basis = 'cash' group by all"
    ):
        assert cash_minor == cents, model
    ((not_conserved,),) = olist.rows(
        """
        select count(*) from (
            select payment_key, cash.amount_minor, sum(credit.amount_minor) as credited
            from marts.fct_cash as cash
            left join marts.fct_revenue_credit as credit
                on cash.payment_key = credit.document_key and revenue_basis = 'cash'
            group by payment_key, cash.amount_minor, attribution_model
        ) where credited is distinct from amount_minor
        """
    )
    assert not_conserved == 0, "each of the receipts, under each model"


def test_credit_is_conserved_per_deal_and_per_channel(olist: Warehouse) -> None:
    """Law 5, D12: one credit and its cash to the cent per conversion and model; channels add up."""
    ((n_deals, cents),) = olist.rows(
        "select count(distinct conversion_key), (select sum(amount_minor) from marts.fct_cash)"
        " from marts.mart_conversion_origin"
    )
    per_deal = olist.rows(
        """
        select attribution_model, count(*), count(*) filter (
            credit_micro <> 1000000 or credited is distinct from coalesce(received, 0)
        )
        from (
            select attribution_model, conversion_key, sum(credit_micro) as credit_micro,
                sum(cash_minor) as credited
            from marts.fct_attribution group by all
        )
        left join (
            select conversion_key, sum(amount_minor) as received from marts.fct_cash group by all
        ) using (conversion_key)
        group by all
        """
    )
    assert len(per_deal) == 8
    assert {row[1:] for row in per_deal} == {(n_deals, 0)}
    per_model = olist.rows(
        "select attribution_model, sum(credit_micro), sum(cash_minor)"
        " from marts.mart_attribution_channel group by all"
    )
    assert len(per_model) == 11
    assert {row[1:] for row in per_model} == {(1_000_000 * n_deals, cents)}


def test_what_olist_does_not_deliver_is_not_computable(olist: Warehouse) -> None:
    """O02: no cost, no web traffic, no history: NULL and named, never 0."""
    assert olist.rows(
        "select distinct cost_minor, roas, ratio_status from marts.mart_channel_roi"
    ) == [(None, None, "not_computable")]
    assert olist.rows("select distinct total_points from marts.fct_lead_score") == [(None,)]
    missing = dict(
        olist.rows(
            "select measure_id, missing_extracts from marts.mart_coverage where mart like '%score'"
        )
    )
    assert missing["E03"] == "web_events, web_form_submissions"
