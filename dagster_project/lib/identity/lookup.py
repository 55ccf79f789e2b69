"""Which record or person somebody means: opens the published copy and finds them there.

Belongs here: names in, keys out, and a clear word when that fails. Does not belong here: what is
told about them (facts.py, story.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from dagster_project.lib.publishing import DUCKDB_FILE, current_manifest
from dagster_project.lib.settings import Settings

# Persons are shown by this many digits of their key, and found by them or more.
SHORT_KEY = 8
_NEEDED = {
    "bridge_identity": "occurred_at",
    "bridge_identity_alias": "current_entity_key",
    "fct_identity_edge": "refused_because",
    "fct_identity_event": "cause",
    "fct_touchpoint": "record_key",
    "mart_identity_review": "review_kind",
    "person_membership_history": "opened_by",
}
_RECORDS = """
select
    record_key, any_value(record_type), any_value(source_system), any_value(record_id),
    any_value(occurred_at), min(valid_from),
    any_value(person_key) filter (where valid_to is null),
    any_value(account_key) filter (where valid_to is null),
    bool_or(valid_to is null)
from marts.bridge_identity
where {condition}
group by record_key
order by any_value(occurred_at) nulls last, min(valid_from) nulls last, record_key
"""


class IdentityError(ValueError):
    """Something asked for can't be answered; the message says why and what to do."""


@dataclass(frozen=True)
class Record:
    """A source record. Instants are UTC without a zone.

    occurred_at   when it happened in the business, None where the source doesn't say
    known_at      when we first knew of it
    person_key    the person it is now, None = nobody; likewise account_key
    is_current    False when its source withdrew it
    """

    key: str
    kind: str
    source_system: str
    record_id: str
    occurred_at: datetime | None
    known_at: datetime
    person_key: str | None
    account_key: str | None
    is_current: bool

    @property
    def happened_at(self) -> datetime:
        """When it happened, as far as known."""
        return self.occurred_at or self.known_at

    @property
    def reference(self) -> str:
        """How to name it in a command. The id of a message's recipient is an address: not shown."""
        shown = self.key if self.kind == "message_recipient" else self.record_id
        return f"{self.kind}:{self.source_system}:{shown}"


def open_published(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published copy. Raises IdentityError when there is none."""
    manifest = current_manifest(settings.published)
    if manifest is None:
        raise IdentityError(
            f"Nothing is published in {settings.published}. Type `make run` first, or set"
            " LEADHOUSE_HOME to the folder that holds a publication."
        )
    file = settings.published / manifest["version"] / DUCKDB_FILE
    connection = duckdb.connect(str(file), read_only=True)
    known = dict(
        connection.execute(
            "select table_name || '.' || column_name, true from information_schema.columns"
            " where table_schema = 'marts'"
        ).fetchall()
    )
    missing = [f"{table}.{column}" for table, column in _NEEDED.items()]
    missing = [name for name in missing if name not in known]
    if missing:
        connection.close()
        raise IdentityError(
            f"Version {manifest['version']} was published by an older leadhouse: it has no"
            f" {', '.join(missing)}. Type `make run` to publish anew."
        )
    return connection


def records_where(
    connection: duckdb.DuckDBPyConnection, condition: str, values: Sequence[Any] | Mapping[str, Any]
) -> list[Record]:
    """Records of bridge_identity, oldest first. condition: SQL with `?` for each of `values`."""
    rows = connection.execute(_RECORDS.format(condition=condition), values).fetchall()
    return [Record(*row) for row in rows]


def find_record(
    connection: duckdb.DuckDBPyConnection, text: str, kind: str | None = None
) -> Record:
    """The record that `text` names: `type:source:id`, an id that occurs once, or a record key.

    kind   record type meant when `text` is a bare id, None = any
    Raises IdentityError when there is none, or several.
    """
    text = text.strip()
    parts = text.split(":", 2)
    known = {row[0] for row in connection.execute(
        "select distinct record_type from marts.bridge_identity"
    ).fetchall()}  # fmt: skip
    if len(parts) == 3 and parts[0] in known:
        condition = "record_type = ? and source_system = ? and ? in (record_id, record_key)"
        found = records_where(connection, condition, parts)
    elif kind:
        found = records_where(connection, "record_type = ? and record_id = ?", [kind, text])
    else:
        found = records_where(connection, "? in (record_id, record_key)", [text])
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(record.reference for record in found[:10])
        raise IdentityError(
            f"Several records have the id {text}: {names}. Name one of them in full."
        )
    systems = connection.execute(
        "select distinct source_system from marts.bridge_identity"
        " where ? is null or record_type = ? order by 1", [kind, kind]
    ).fetchall()  # fmt: skip
    raise IdentityError(
        f"No {kind or 'record'} {text} is published. Write the id as its source does, or"
        f" type:source:id (types: {', '.join(sorted(known))};"
        f" sources here: {', '.join(system for (system,) in systems) or 'none'})."
    )


def find_person(connection: duckdb.DuckDBPyConnection, text: str) -> tuple[str, list[str]]:
    """The id that `text` begins, and the persons its records are today (several after a split).

    Raises IdentityError when no id, or several, begin so, or when nobody is left of it.
    """
    text = text.strip().lower()
    if len(text) < SHORT_KEY or not text.isalnum():
        raise IdentityError(
            f"{text or 'An empty text'} is no person key: give its first {SHORT_KEY} digits or more"
            " (dim_person.person_key, or any id that was ever exported)."
        )
    ids = connection.execute(
        "select distinct entity_key from ("
        " select entity_key from marts.bridge_identity_alias where entity = 'person'"
        " union all select entity_key from marts.fct_identity_event where entity = 'person'"
        " union all select other_entity_key from marts.fct_identity_event where entity = 'person')"
        " where starts_with(entity_key, ?) order by 1", [text]
    ).fetchall()  # fmt: skip
    if len(ids) != 1:
        told = "No person ever had a key" if not ids else f"{len(ids)} persons have a key"
        raise IdentityError(f"{told} that begins with {text}. Give the whole key.")
    today = connection.execute(
        "select current_entity_key from marts.bridge_identity_alias"
        " where entity = 'person' and entity_key = ? order by n_records desc, 1", [ids[0][0]]
    ).fetchall()  # fmt: skip
    if not today:
        raise IdentityError(
            f"Nobody is left of person {ids[0][0]}: its sources withdrew all of its records."
            " fct_identity_event tells when."
        )
    return ids[0][0], [key for (key,) in today]
