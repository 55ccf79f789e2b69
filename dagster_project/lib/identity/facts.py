"""What the published marts say of one person, and what ties its records together.

Belongs here: questions to the marts. Does not belong here: words (story.py, phrases.py). Marts hold
no names, numbers or addresses of persons, so neither do these facts.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project.lib.identity.lookup import Record, records_where
from dagster_project.lib.identity.ties import Edge, Tie, shared_counts, spanning_ties

SHORTEST_PATH = Path(__file__).with_name("shortest_path.sql")


@dataclass(frozen=True)
class Channel:
    """Inbound touches of a person through one channel."""

    code: str
    label_en: str | None
    label_zh: str | None
    n_touches: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Event:
    """A row of fct_identity_event."""

    kind: str
    entity_key: str
    other_key: str | None
    n_records: int
    cause: str
    cause_record_key: str | None
    cause_kind: str | None
    cause_key: str | None
    known_at: datetime


@dataclass(frozen=True)
class Account:
    """An account of the person; found_by: identifier type -> records of the person with it."""

    key: str
    crm_id: str | None
    role: str | None
    since: datetime | None
    is_main: bool
    n_persons: int | None
    found_by: dict[str, int]


@dataclass(frozen=True)
class Neighbour:
    """Persons that carry an identifier of this one and are kept apart."""

    kind: str
    n_persons: int
    n_records: int


@dataclass(frozen=True)
class Review:
    """Cases of one kind in mart_identity_review; refused edges are told one by one."""

    kind: str
    severity: str
    n_cases: int


@dataclass(frozen=True)
class Facts:
    """All that is told of a person.

    ties              record -> its tie to another one; none for the anchor
    shared            record -> identifier type -> other records of the person that share such a one
    record_channels   record -> channel of its first inbound touch: code, English, Chinese label
    """

    person_key: str
    records: list[Record]
    anchor_key: str | None
    ties: dict[str, Tie]
    shared: dict[str, dict[str, int]]
    events: list[Event]
    channels: list[Channel]
    record_channels: dict[str, tuple[str, str | None, str | None]]
    n_outbound: int
    accounts: list[Account]
    refused: list[Edge]
    neighbours: list[Neighbour]
    reviews: list[Review]
    n_attribute_conflicts: int
    has_permission_conflict: bool


def facts_of(connection: duckdb.DuckDBPyConnection, person_key: str) -> Facts:
    """Everything the published copy says of a person who has records today."""
    records = records_where(connection, "person_key = ? and valid_to is null", [person_key])
    edges = [Edge(*row) for row in connection.execute(_EDGES, [person_key]).fetchall()]
    living = [edge for edge in edges if edge.refused is None]
    anchor = connection.execute(_ANCHOR, [person_key]).fetchall()
    start = anchor[0][0] if anchor else None
    conflicts = connection.execute(_CONFLICTS, [person_key]).fetchall() or [(0, False)]
    return Facts(
        person_key=person_key,
        records=records,
        anchor_key=start,
        ties=spanning_ties(living, [record.key for record in records], start),
        shared=shared_counts(living),
        events=[Event(*row) for row in connection.execute(_EVENTS, [person_key]).fetchall()],
        channels=[Channel(*row) for row in connection.execute(_CHANNELS, [person_key]).fetchall()],
        record_channels={
            row[0]: row[1:] for row in connection.execute(_RECORD_CHANNELS, [person_key]).fetchall()
        },
        n_outbound=connection.execute(_OUTBOUND, [person_key]).fetchall()[0][0],
        accounts=_accounts(connection, person_key),
        refused=[edge for edge in edges if edge.refused is not None],
        neighbours=[
            Neighbour(*row) for row in connection.execute(_NEIGHBOURS, [person_key]).fetchall()
        ],
        reviews=[Review(*row) for row in connection.execute(_REVIEWS, [person_key]).fetchall()],
        n_attribute_conflicts=conflicts[0][0],
        has_permission_conflict=conflicts[0][1],
    )


def shortest_path(
    connection: duckdb.DuckDBPyConnection, from_key: str, to_key: str, entity: str = "person"
) -> list[Tie]:
    """Shortest chain of evidence between two records (shortest_path.sql), [] when there is none."""
    values = {"entity": entity, "from_record": from_key, "to_record": to_key}
    rows = connection.execute(SHORTEST_PATH.read_text(encoding="utf-8"), values).fetchall()
    return [
        Tie(record, other, node, kind, identifier, strength)
        for _, record, node, kind, identifier, strength, _, other in rows
    ]


def _accounts(connection: duckdb.DuckDBPyConnection, person_key: str) -> list[Account]:
    evidence: dict[str, dict[str, int]] = defaultdict(dict)
    for account, kind, n_records in connection.execute(_ACCOUNT_EVIDENCE, [person_key]).fetchall():
        evidence[account][kind] = n_records
    rows = connection.execute(_ACCOUNTS, [person_key]).fetchall()
    return [Account(*row, evidence[row[0]]) for row in rows]


_EDGES = """
select record_key, node_key, identifier_type, identifier_key, max(strength),
    bool_or(is_scoped_by_name), max(refused_because)
from marts.fct_identity_edge
where entity = 'person' and entity_key = ? and valid_to is null
group by record_key, node_key, identifier_type, identifier_key
order by max(strength) desc, node_key, record_key
"""
_ANCHOR = """
select anchor_record_key from marts.person_membership_history
where person_key = ? and is_current order by valid_from, record_key limit 1
"""
# Ids that became this one carry their own history.
_EVENTS = """
with ids as (
    select entity_key from marts.bridge_identity_alias
    where entity = 'person' and current_entity_key = ?
)
select event_kind, entity_key, other_entity_key, n_records, cause, cause_record_key,
    cause_identifier_type, cause_key, known_at
from marts.fct_identity_event
where entity = 'person'
    and (
        entity_key in (select entity_key from ids)
        or other_entity_key in (select entity_key from ids)
    )
order by known_at, case event_kind when 'created' then 0 else 1 end, identity_event_key
"""
_CHANNELS = """
select t.channel, any_value(c.label_en), any_value(c.label_zh), count(*),
    min(t.occurred_at), max(t.occurred_at)
from marts.fct_touchpoint as t
left join marts.dim_channel as c on t.channel = c.channel
where t.person_key = ? and t.direction = 'inbound' and t.touch_use <> 'none'
group by t.channel
order by min(t.occurred_at), t.channel
"""
_RECORD_CHANNELS = """
select t.record_key, min_by(t.channel, (t.occurred_at, t.touchpoint_key)) as first_channel,
    min_by(c.label_en, (t.occurred_at, t.touchpoint_key)),
    min_by(c.label_zh, (t.occurred_at, t.touchpoint_key))
from marts.fct_touchpoint as t
left join marts.dim_channel as c on t.channel = c.channel
where t.person_key = ? and t.direction = 'inbound'
group by t.record_key
"""
_OUTBOUND = """
select count(*) from marts.fct_touchpoint where person_key = ? and direction = 'outbound'
"""
_ACCOUNTS = """
select b.account_key, any_value(a.crm_account_id), max_by(b.buying_role, b.valid_from),
    min(b.valid_from), bool_or(b.is_main), any_value(a.n_persons)
from marts.bridge_person_account as b
left join marts.dim_account as a on b.account_key = a.account_key
where b.person_key = ?
group by b.account_key
order by bool_or(b.is_main) desc, min(b.valid_from), b.account_key
"""
_ACCOUNT_EVIDENCE = """
select e.entity_key, e.identifier_type, count(distinct e.record_key)
from marts.fct_identity_edge as e
inner join marts.bridge_identity as b on e.record_key = b.record_key and b.valid_to is null
where e.entity = 'account' and e.valid_to is null and e.refused_because is null
    and b.person_key = ?
group by e.entity_key, e.identifier_type
order by e.entity_key, max(e.strength) desc, e.identifier_type
"""
_NEIGHBOURS = """
with mine as (
    select distinct identifier_key from marts.fct_identity_edge
    where entity = 'person' and entity_key = ? and valid_to is null
)
select e.identifier_type, count(distinct e.entity_key), count(distinct e.record_key)
from marts.fct_identity_edge as e
inner join mine on e.identifier_key = mine.identifier_key
where e.entity = 'person' and e.valid_to is null and e.entity_key <> $1
group by e.identifier_type
order by e.identifier_type
""".replace("?", "$1")
_REVIEWS = """
select review_kind, severity, count(*)
from marts.mart_identity_review
where entity = 'person' and review_kind <> 'refused_edge' and entity_key = ?
group by review_kind, severity
order by review_kind, severity
"""
_CONFLICTS = """
select n_attribute_conflicts, has_permission_conflict from marts.dim_person where person_key = ?
"""
