"""From the bought keyword to the cash, against the CRM's own copy of the term."""

from collections import Counter
from datetime import datetime

from tests.pipeline.model_bench import ModelBench
from tests.pipeline.warehouse import Warehouse

BARREN_KEYWORD = "云帆科技怎么样"


def test_cash_of_every_keyword_to_the_cent(demonstration: Warehouse) -> None:
    """A06: payment, contract, deal, lead, and the term the CRM noted, in plain Python."""
    term_of = dict(
        demonstration.rows(
            "select lead_id, max(utm_term) from staging.stg_crm__leads group by lead_id"
        )
    )
    newest = "qualify row_number() over (partition by {0} order by _extracted_at desc) = 1"
    lead_of = dict(
        demonstration.rows(
            "select opportunity_id, lead_id from staging.stg_crm__opportunities "
            + newest.format("opportunity_id")
        )
    )
    deal_of = dict(
        demonstration.rows(
            "select contract_id, opportunity_id from staging.stg_finance__contracts "
            + newest.format("contract_id")
        )
    )
    expected: Counter[str | None] = Counter()
    for contract, cents in demonstration.rows(
        "select contract_id, amount_minor from marts.fct_cash"
    ):
        expected[term_of.get(lead_of.get(deal_of.get(contract)))] += cents
    rows = demonstration.rows(
        "select keyword_id, keyword_text, cost_minor, cash_minor, n_leads, n_visits"
        " from marts.mart_keyword_cash"
    )
    found: Counter[str | None] = Counter()
    for keyword, _, _, cash, _, _ in rows:
        found[keyword] += cash
    assert sum(cents > 0 for keyword, cents in expected.items() if keyword) >= 10
    assert +found == +expected
    ((text, cost, cash, n_leads, n_visits),) = [row[1:] for row in rows if row[1] == BARREN_KEYWORD]
    assert (cash, n_leads, n_visits) == (0, 0, 0), text
    assert cost > 0


def test_every_step_of_the_lineage_leads_to_the_next(demonstration: Warehouse) -> None:
    """A06, A12: a lead's form and visit are of its own person and not after it.

    Behind a switchboard or a shared mailbox identity joins nobody: there it is the name.
    """
    rows = demonstration.rows(
        """
        select leads.person_key, leads.created_at, forms.person_key, forms.occurred_at,
            visits.person_key, visits.occurred_at, forms.touch_kind, visits.touch_kind,
            sent.full_name = known.full_name
        from marts.fct_lead_keyword as keywords
        inner join marts.dim_lead as leads using (lead_key)
        inner join marts.fct_touchpoint as forms
            on keywords.form_touchpoint_key = forms.touchpoint_key
        left join marts.fct_touchpoint as visits
            on keywords.visit_touchpoint_key = visits.touchpoint_key
        inner join marts.fct_form_submission as submissions
            on keywords.form_touchpoint_key = submissions.form_touchpoint_key
        inner join intermediate.int_web__form_submissions as sent
            on submissions.source_system = sent.source_system
            and submissions.submission_id = sent.submission_id
        inner join intermediate.int_leads__leads as known using (lead_key)
        """
    )
    assert len(rows) > 500
    assert sum(row[0] == row[2] for row in rows) > 0.98 * len(rows)
    for person, created, form_person, submitted, visitor, started, form, visit, namesake in rows:
        assert person == form_person or namesake
        assert (submitted - created).total_seconds() <= 60
        assert form == "form_submission"
        if visit:
            assert visit == "web_session"
            assert visitor in (form_person, None)
            assert started <= submitted


def test_what_evidence_names_which_keyword(demonstration: Warehouse) -> None:
    """A06: the click before the tag, an id before a text; what could be two keywords is none."""
    bench = ModelBench(demonstration)
    bench.put("int_time__batch_sightings", "batch_id varchar, last_seen_at timestamp", [])
    bench.put(
        "int_keywords__keywords",
        "keyword_key varchar, source_system varchar, platform varchar, campaign_id varchar,"
        " keyword_id varchar, keyword_text varchar",
        [
            ("crm", "ads", "baidu", "B1", "K1", "crm"),
            ("crm2", "ads", "baidu", "B2", "K2", "CRM"),
            ("cdp", "ads", "baidu", "B2", "K3", "cdp"),
            ("b1", "ads", "baidu", "B1", None, None),
            ("b2", "ads", "baidu", "B2", None, None),
            ("other", "ads", "qihoo360", "Q1", "K1", "cdp"),
            ("feed", "ads", "ocean_engine", "O1", None, None),
        ],
    )
    at = datetime(2025, 1, 1)
    bench.put(
        "stg_ads__ad_click_map",
        "click_id varchar, click_id_type varchar, campaign_id varchar, keyword_id varchar,"
        " _source_system varchar, _batch_id varchar, _row_hash varchar, _extracted_at timestamp,"
        " _is_deleted boolean",
        [
            ("x1", "GCLID", "B2", "K3", "ads", "b", "h", at, False),
            ("x2", "clickid", "O1", None, "ads", "b", "h", at, False),
            ("x3", "gclid", "B2", "K3", "ads", "b", "h", at, True),
        ],
    )
    cases = [
        (("baidu", "B1", "K1", "gclid", "x1"), ("cdp", "click_id")),
        (("baidu", "B1", "K1", "gclid", "x3"), ("crm", "term_id")),
        (("baidu", "B1", "K1", "bd_vid", "x1"), ("crm", "term_id")),
        (("baidu", None, "K3", None, None), ("cdp", "term_id")),
        (("baidu", None, "CDP", None, None), ("cdp", "term_text")),
        (("baidu", "B2", "crm", None, None), ("crm2", "term_text")),
        # Two campaigns bought the word: no campaign tag, no keyword.
        (("baidu", None, "crm", None, None), None),
        (("baidu", "B1", "something else", None, None), ("b1", "campaign")),
        (("qihoo360", None, "K1", None, None), ("other", "term_id")),
        (("ocean_engine", "O1", None, "clickid", "x2"), ("feed", "click_id")),
        (("zhihu", "B1", "K1", None, None), None),
        ((None, None, None, "gclid", "nobody's"), None),
    ]
    bench.put(
        "int_keywords__evidence",
        "evidence_key varchar, platform varchar, utm_campaign varchar, utm_term varchar,"
        " click_id_type varchar, click_id varchar",
        [(str(number), *evidence) for number, (evidence, _) in enumerate(cases)],
    )
    bench.run("int_keywords__matches")
    found = {
        int(number): (keyword, by)
        for number, keyword, by in bench.rows(
            "int_keywords__matches", "evidence_key, keyword_key, matched_by"
        )
    }
    assert [found.get(number) for number in range(len(cases))] == [keyword for _, keyword in cases]
