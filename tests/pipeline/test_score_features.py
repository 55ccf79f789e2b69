"""Features of the learned score, as known then (E08, D2), against a count from the deliveries."""

from collections import defaultdict
from datetime import UTC, datetime

import pytest

from tests.pipeline.warehouse import Warehouse
from tests.simulator.scoring import Act, FieldChange, ScoredLead


@pytest.fixture(scope="module")
def known(demonstration: Warehouse) -> "Known":
    return Known(demonstration)


def test_features_are_the_counts_of_what_was_known_then(
    demonstration: Warehouse, known: "Known"
) -> None:
    """E08, D2: every count of every snapshot, from the deliveries up to it, by other code.

    The counting is the simulator's. Only deliveries and memberships known by then are read, only
    what had happened by then counts.
    """
    found = defaultdict(dict)
    for lead, kind, at, known_at, item, value in demonstration.rows(
        """
        select lead_key, snapshot_kind, snapshot_at, snapshot_known_at, feature, feature_value
        from intermediate.int_scoring__features where feature_kind = 'score_item'
        """
    ):
        found[lead, kind, at, known_at][item] = value
    assert len(found) > 4_000
    wrong = {}
    for (lead, kind, at, known_at), counts in found.items():
        expected = known.lead(lead, at, known_at).counts_at(seconds(at))
        if counts != expected:
            wrong[lead, kind] = (counts, expected)
    assert wrong == {}


def seconds(at: datetime) -> float:
    """Seconds since 1970 of a UTC instant."""
    return at.replace(tzinfo=UTC).timestamp()


class Known:
    """What had been delivered by an instant, straight from the typed deliveries."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.events, self.versions = defaultdict(list), defaultdict(list)
        self.changes, self.members = defaultdict(list), defaultdict(list)
        for anonymous, session, event, name, asset, at, known_at in warehouse.rows(
            """
            select anonymous_id, session_id, event_id, lower(event_name),
                coalesce(asset_id, page_path, event_id), occurred_at, min(_extracted_at)
            from staging.stg_web__events
            where not coalesce(is_bot, false) and not _is_deleted and session_id is not null
            group by all
            """
        ):
            self.events[anonymous].append((known_at, event, (anonymous, session), name, asset, at))
        for lead, *version in warehouse.rows(
            """
            select lead_id, _extracted_at, updated_at, created_at, title, industry, employee_count
            from staging.stg_crm__leads
            """
        ):
            self.versions[lead].append(version)
        for lead, known_at, field, _, old, new, at in warehouse.rows(
            """
            select lead_id, min(_extracted_at), lower(field), seq, old_value, new_value, changed_at
            from staging.stg_crm__lead_history
            where not _is_deleted and lower(field) in ('title', 'industry', 'employee_count')
            group by all order by changed_at, seq
            """
        ):
            self.changes[lead].append((known_at, FieldChange(field, seconds(at), old, new)))
        self.lead_ids = dict(warehouse.rows("select lead_key, lead_id from marts.dim_lead"))
        self.periods = defaultdict(list)
        for kind, record, person, start, end in warehouse.rows(
            """
            select distinct bridge.record_type, bridge.record_id, history.person_key,
                history.valid_from, coalesce(history.valid_to, timestamp '9999-12-31')
            from marts.person_membership_history as history
            inner join marts.bridge_identity as bridge using (record_key)
            where bridge.record_type in ('crm_lead', 'web_visitor')
            """
        ):
            self.periods[kind, record].append((start, end, person))
            if kind == "web_visitor":
                self.members[person].append((start, end, record))

    def lead(self, lead_key: str, at: datetime, known_at: datetime) -> ScoredLead:
        """One lead as the deliveries up to `known_at` show it, its own row as held at `at`."""
        lead = self.lead_ids[lead_key]
        persons = {p for a, b, p in self.periods["crm_lead", lead] if a <= known_at < b}
        browsers = {
            record
            for person in persons
            for start, end, record in self.members[person]
            if start <= known_at < end
        }
        held_at = max(at, min(version[0] for version in self.versions[lead]))
        newest = max(
            (version for version in self.versions[lead] if version[0] <= held_at),
            key=lambda version: (version[1] or version[0], version[0]),
        )
        acts = {
            event: Act(seconds(at), name, session, asset)
            for browser in browsers
            for first, event, session, name, asset, at in self.events[browser]
            if first <= known_at
        }
        changes = [change for first, change in self.changes[lead] if first <= known_at]
        _, _, created_at, *values = newest
        return ScoredLead(seconds(created_at), list(acts.values()), *values, changes)


def test_something_was_learned_too_late_to_be_a_feature(demonstration: Warehouse) -> None:
    """E08, D2: in this world as known then is not as known now."""
    ((n_rows, n_fewer, n_more),) = demonstration.rows(
        """
        select count(*), count(*) filter (where example.rule_points < score.total_points),
            count(*) filter (where example.rule_points > score.total_points)
        from intermediate.int_scoring__training_set as example
        inner join marts.fct_lead_score as score
            on example.lead_key = score.lead_key and score.valid_from <= example.snapshot_at
            and example.snapshot_at < coalesce(score.valid_to, timestamp '9999-12-31')
        """
    )
    assert n_rows > 1_000
    assert n_fewer > 10
    assert n_more < n_fewer
