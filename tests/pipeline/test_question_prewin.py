"""Question 2, the score before a win, on the demonstration against plain statistics (M02, D9)."""

from collections import defaultdict
from statistics import mean, stdev

import pytest
from scipy.stats import binomtest

from tests.pipeline.test_prewin import score_before
from tests.pipeline.warehouse import Warehouse


def test_a_win_is_compared_with_leads_of_its_age(demonstration: Warehouse) -> None:
    """M02, D9: comparisons have the winner's month and age and are not won; 20 where there are."""
    enquiries = {
        key: (month, created, won)
        for key, month, created, won in demonstration.rows(
            "select enquiry_lead_key, cohort_month, reached_lead_at, reached_account_at"
            " from intermediate.int_funnel__enquiries"
        )
    }
    ((as_of,),) = demonstration.rows("select as_of from intermediate.int_time__as_of")
    moments = defaultdict(list)
    for win, lead, kind, ends_at in demonstration.rows(
        "select win_key, lead_key, moment_kind, ends_at"
        " from intermediate.int_questions__win_moments"
    ):
        moments[win, kind].append((lead, ends_at))
    wins = {key for key, (_, _, won) in enquiries.items() if won is not None}
    assert {win for win, kind in moments if kind == "win"} == wins
    for win in wins:
        month, created, won = enquiries[win]
        controls = moments[win, "control"]
        assert len({lead for lead, _ in controls}) == len(controls) <= 20
        for lead, ends_at in controls:
            other_month, other_created, other_won = enquiries[lead]
            assert lead != win
            assert other_month == month
            assert ends_at - other_created == won - created
            assert ends_at <= as_of
            assert other_won is None or other_won > ends_at
    eligible = {
        win: sum(
            lead != win
            and month == enquiries[win][0]
            and created + (enquiries[win][2] - enquiries[win][1]) <= as_of
            and (won is None or won - created > enquiries[win][2] - enquiries[win][1])
            for lead, (month, created, won) in enquiries.items()
        )
        for win in wins
    }
    found = sum(len(moments[win, "control"]) for win in wins)
    assert found > 0.85 * sum(min(20, n) for n in eligible.values())


@pytest.mark.parametrize(
    ("kind", "mart"), [("now", "fct_lead_score"), ("then", "fct_lead_score_as_known_then")]
)
def test_scores_before_are_those_that_were_published(
    demonstration: Warehouse, kind: str, mart: str
) -> None:
    """M02: replay equals the score log, for winners and for those beside them."""
    steps = defaultdict(list)
    for lead, valid_from, points in demonstration.rows(
        f"select lead_key, valid_from, total_points from marts.{mart} order by 1, 2"
    ):
        steps[lead].append((valid_from, points))
    rows = demonstration.rows(
        f"""
        select lead_key, ends_at, days_observed, mean_points, points_at_window_start, max_points
        from intermediate.int_questions__moment_scores
        inner join intermediate.int_questions__win_moments using (moment_key)
        where score_kind = '{kind}'
        """
    )
    assert len(rows) > 3000
    for lead, ends_at, days, average, at_start, highest in rows:
        expected = score_before(steps[lead], ends_at)
        assert (days, average) == pytest.approx(expected[:2], abs=1e-9)
        assert (at_start, highest) == expected[2:]


def test_figures_before_a_win_are_plain_statistics_of_the_wins(demonstration: Warehouse) -> None:
    """M02, D9: mean, interval, difference and AUC against the statistics module, win by win."""
    figures = {
        (measure, kind): figure
        for measure, kind, *figure in demonstration.rows(
            """
            select
                measure, score_kind, n_compared, figure, figure_low, figure_high, difference,
                difference_low, difference_high
            from marts.mart_q2_prewin_score
            """
        )
    }
    values = defaultdict(lambda: ([], []))
    columns = ("mean_points", "points_at_start", "max_points")
    for win, role, kind, *scores in demonstration.rows(
        """
        select win_key, moment_kind, score_kind, mean_points, points_at_window_start, max_points
        from intermediate.int_questions__moment_scores
        """
    ):
        for measure, score in zip(columns, scores, strict=True):
            if score is not None:
                values[measure, kind, win][role == "control"].append(score)
    by_figure = defaultdict(list)
    for (measure, kind, _), (own, others) in values.items():
        if own and others:
            by_figure[measure, kind].append((own[0], own[0] - mean(others)))
            if measure == "points_at_start":
                beaten = mean((own[0] > other) + (own[0] == other) / 2 for other in others)
                by_figure["auc", kind].append((beaten, beaten - 0.5))
    assert len(by_figure) == 12
    for figure, pairs in by_figure.items():
        n, *found = figures[figure]
        assert n == len(pairs)
        for place, sample in ((0, [own for own, _ in pairs]), (3, [gap for _, gap in pairs])):
            half = 1.959963984540054 * stdev(sample) / n**0.5
            centre = mean(sample)
            expected = (centre, centre - half, centre + half)
            assert found[place : place + 3] == pytest.approx(expected, abs=1e-6)


def test_wins_the_score_missed(demonstration: Warehouse) -> None:
    """M02: a win is missed when no crossing of 60 came before anybody of us contacted the lead."""
    contacts, crossings = defaultdict(list), defaultdict(list)
    for lead, at in demonstration.rows(
        "select lead_key, occurred_at from intermediate.int_sla__contacts where is_attempt"
    ):
        contacts[lead].append(at)
    for lead, at in demonstration.rows(
        "select lead_key, crossed_at from marts.fct_lead_score_crossing"
    ):
        crossings[lead].append(at)
    wins = demonstration.rows(
        "select lead_key, ends_at from intermediate.int_questions__win_moments"
        " where moment_kind = 'win'"
    )
    missed = sum(
        not any(at < min([won_at, *contacts[lead]]) for at in crossings[lead])
        for lead, won_at in wins
    )
    ((n, share, low, high),) = demonstration.rows(
        "select n_compared, figure, figure_low, figure_high from marts.mart_q2_prewin_score"
        " where measure = 'missed_share'"
    )
    oracle = binomtest(missed, len(wins)).proportion_ci(method="wilson")
    assert n == len(wins)
    assert 0 < missed < n
    assert (share, low, high) == pytest.approx(
        (100 * missed / n, 100 * oracle.low, 100 * oracle.high), abs=1e-9
    )


def test_visits_after_our_own_touch_are_taken_out(demonstration: Warehouse) -> None:
    """D9: unprompted is the score where we never reached out, never more, sometimes less."""
    contacted = {
        lead
        for (lead,) in demonstration.rows(
            "select distinct lead_key from intermediate.int_sla__contacts where is_attempt"
        )
    }
    rows = demonstration.rows(
        """
        select moments.lead_key, plain.mean_points, own.mean_points
        from intermediate.int_questions__win_moments as moments
        inner join intermediate.int_questions__moment_scores as plain
            on moments.moment_key = plain.moment_key and plain.score_kind = 'now'
        inner join intermediate.int_questions__moment_scores as own
            on moments.moment_key = own.moment_key and own.score_kind = 'unprompted'
        """
    )
    assert all(own <= plain for _, plain, own in rows)
    assert all(own == plain for lead, plain, own in rows if lead not in contacted)
    assert sum(own < plain for _, plain, own in rows) > 20
    prompted = demonstration.rows(
        """
        select count(*) from intermediate.int_scoring__lead_hits as hits
        where exists (
            select 1 from intermediate.int_sla__contacts as contacts
            where contacts.is_attempt and contacts.lead_key = hits.lead_key
              and contacts.occurred_at < hits.occurred_at
              and contacts.occurred_at >= hits.occurred_at - interval '3' day
        )
        """
    )
    assert prompted[0][0] > 20


def test_every_figure_of_question_2_has_its_sentence(demonstration: Warehouse) -> None:
    """M02: names, units and a filled sentence in both languages; 14 figures, each once."""
    rows = demonstration.rows(
        "select name_en, name_zh, unit_en, unit_zh, verdict_en, verdict_zh"
        " from marts.mart_q2_prewin_score"
    )
    assert len(rows) == 14
    assert all(all(row) and "{" not in "".join(row) for row in rows)
