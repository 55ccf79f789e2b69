"""Between DuckDB and the identity engine: rows in, Arrow tables out, for the dbt Python models.

With `previous` (the table an earlier build left, incremental builds only) every unit of work (a
shared value, a neighbourhood) whose input and rules did not change is copied instead of computed.
Units are independent of each other, so the result is that of a full rebuild, row for row.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa
from duckdb import CatalogException, DuckDBPyConnection, DuckDBPyRelation

from dagster_project.lib.fingerprint import code_fingerprint
from dagster_project.lib.identity.bridges import Tie, conflicting_bridges
from dagster_project.lib.identity.components import connected_components
from dagster_project.lib.identity.names import Name, compatible
from dagster_project.lib.identity.replay import Edge, Life, Override, Rules, replay
from dagster_project.lib.identity.sharing import (
    Company,
    Judge,
    Observation,
    majority_judge,
    name_judge,
    verdicts,
)
from dagster_project.lib.settings import PROJECT_ROOT

_INSTANT = pa.timestamp("us")
_SHARED = pa.schema(
    [
        ("identifier_key", pa.string()),
        ("record_key", pa.string()),
        ("label", pa.string()),
        ("name_group", pa.string()),
        ("status", pa.string()),
        ("known_from", _INSTANT),
        ("known_to", _INSTANT),
        ("input_hash", pa.string()),
    ]
)
_REPLAYED = pa.schema(
    [
        ("neighbourhood", pa.string()),
        ("row_kind", pa.string()),
        ("record_key", pa.string()),
        ("anchor_record_key", pa.string()),
        ("node_key", pa.string()),
        ("reason", pa.string()),
        ("known_from", _INSTANT),
        ("known_to", _INSTANT),
        ("input_hash", pa.string()),
    ]
)
_BRIDGES = pa.schema(
    [
        ("person_key", pa.string()),
        ("record_key", pa.string()),
        ("node_key", pa.string()),
        ("reason", pa.string()),
        ("n_small", pa.int64()),
        ("n_large", pa.int64()),
        ("input_hash", pa.string()),
    ]
)
# What an older engine computed is not copied.
_ENGINE = code_fingerprint(PROJECT_ROOT, ["dagster_project/lib/identity"])


def shared_identifiers(
    session: DuckDBPyConnection,
    *,
    observations: DuckDBPyRelation,
    names: DuckDBPyRelation,
    companies: DuckDBPyRelation,
    types: DuckDBPyRelation,
    policy: DuckDBPyRelation,
    previous: Any = None,
) -> pa.Table:
    """Verdicts on every value that several names or companies share.

    observations: identifier_key, identifier_type, sharing, record_key, label, known_from, known_to.
    Returns identifier_key, record_key, label, name_group (NULL = everybody), status (ok, ambiguous,
    outvoted), known_from, known_to, and the hash of what the verdict was reached from.
    """
    # Empty on a warehouse without data: no day, no rule in force, and nothing to judge.
    settings = _settings(policy)
    shares = {row[0]: row[1] for row in _rows(types, "identifier_type", "nameless_min_percent")}
    parsed = _names(names, observations)
    labels = {label: name for label, (name, _) in parsed.items()}
    tokens = {label: token for label, (_, token) in parsed.items()}
    known_companies = {
        row[0]: Company(row[0], row[1] or "", row[2])
        for row in _rows(
            companies.aggregate(
                "company_legal_key, min(company_brand_key) as company_brand_key,"
                " min(is_short) as is_short"
            ),
            "company_legal_key",
            "company_brand_key",
            "is_short",
        )
    }

    def judge_of(identifier_type: str, sharing: str) -> Judge:
        if sharing != "name":
            return majority_judge(known_companies, min_share=settings["majority_min_percent"] / 100)
        return name_judge(
            labels,
            tokens,
            nameless_min_share=(shares.get(identifier_type) or 0) / 100,
            fuzzy_up_to=settings["fuzzy_names_up_to"],
        )

    def compute(identifier_key: str, rows: Sequence[tuple]) -> Iterator[tuple]:
        judge = judge_of(rows[0][1], rows[0][2])
        for verdict in verdicts([Observation(*row[3:]) for row in rows], judge):
            yield (
                identifier_key,
                verdict.record_key,
                verdict.label,
                verdict.group,
                verdict.status,
                verdict.since,
                verdict.until,
            )

    def context(rows: Sequence[tuple]) -> object:
        written = sorted({row[4] for row in rows if row[4]})
        return [
            [parsed.get(label) or known_companies.get(label) for label in written],
            settings,
            shares.get(rows[0][1]),
        ]

    rows = _rows(
        observations,
        "identifier_key",
        "identifier_type",
        "sharing",
        "record_key",
        "label",
        "known_from",
        "known_to",
    )
    return _by_unit(session, rows, compute, context, _SHARED, previous)


def replayed(
    session: DuckDBPyConnection,
    *,
    edges: DuckDBPyRelation,
    lives: DuckDBPyRelation,
    names: DuckDBPyRelation,
    types: DuckDBPyRelation,
    policy: DuckDBPyRelation,
    previous: Any = None,
) -> pa.Table:
    """Memberships and refused edges of the contested neighbourhoods, period by period.

    edges: neighbourhood, record_key, node_key, identifier_type, identifier_key, strength, label,
    known_from, known_to. lives: neighbourhood, kind (life, cannot_link, pin_id), override_id,
    record_key, first_known_at, is_anchor, known_from, known_to.
    Returns rows of two kinds: membership (record_key, anchor_record_key) and refusal (record_key,
    node_key, reason), each with its period and the hash of what it was computed from.
    """
    settings = _settings(policy)
    parsed = _names(names, edges)
    certain = settings.get("certain_strength", 0)
    caps = {
        kind: (cap, max(strength, certain))
        for kind, strength, cap in _rows(types, "identifier_type", "strength", "max_per_entity")
        if cap is not None
    }
    rules = Rules(caps, certain, compatible)

    def compute(neighbourhood: str, rows: Sequence[tuple]) -> Iterator[tuple]:
        found = replay(
            [
                Edge(record, node, kind, value, strength, _full_name(parsed, label), since, until)
                for _, kind, record, node, value, strength, label, _, _, since, until in rows
                if node
            ],
            [
                Life(record, (first_known_at, record), is_anchor, since, until)
                for _, kind, record, _, _, _, _, first_known_at, is_anchor, since, until in rows
                if kind == "life"
            ],
            _overrides(rows),
            rules,
        )
        for member in found[0]:
            yield (
                *(neighbourhood, "membership", member.record, member.anchor),
                *(None, None, member.since, member.until),
            )
        for refusal in found[1]:
            yield (
                *(neighbourhood, "refusal", refusal.record, None),
                *(refusal.node, refusal.reason, refusal.since, refusal.until),
            )

    def context(rows: Sequence[tuple]) -> object:
        labels = sorted({row[6] for row in rows if row[6]})
        return [[parsed.get(label) for label in labels], settings, sorted(caps.items())]

    edge_rows = edges.project(
        "neighbourhood, identifier_type as kind, record_key, node_key, identifier_key as value,"
        " strength, label, cast(null as timestamp) as first_known_at, null::boolean as is_anchor,"
        " known_from, known_to"
    )
    life_rows = lives.project(
        "neighbourhood, kind, record_key, cast(null as varchar) as node_key,"
        " override_id as value, null::integer as strength, null::varchar as label,"
        " first_known_at, is_anchor, known_from, known_to"
    )
    rows = _rows(edge_rows.union(life_rows))
    return _by_unit(session, rows, compute, context, _REPLAYED, previous)


def bridges(
    session: DuckDBPyConnection,
    *,
    edges: DuckDBPyRelation,
    names: DuckDBPyRelation,
    previous: Any = None,
) -> pa.Table:
    """Edges that alone hold records of different companies or names together, of every person.

    edges: person_key, record_key, node_key, label, account_key, as known now.
    Returns person_key, record_key, node_key, reason, n_small, n_large (records on either side).
    """
    parsed = _names(names, edges)

    def compute(person_key: str, rows: Sequence[tuple]) -> Iterator[tuple]:
        ties = [
            Tie(record, node, _full_name(parsed, label), account)
            for _, record, node, label, account in rows
        ]
        for bridge in conflicting_bridges(ties, compatible):
            yield (
                *(person_key, bridge.record, bridge.node),
                *(bridge.reason, bridge.n_small, bridge.n_large),
            )

    def context(rows: Sequence[tuple]) -> object:
        return [parsed.get(label) for label in sorted({row[3] for row in rows if row[3]})]

    rows = _rows(edges, "person_key", "record_key", "node_key", "label", "account_key")
    return _by_unit(session, rows, compute, context, _BRIDGES, previous)


def neighbourhoods(
    session: DuckDBPyConnection,
    *,
    edges: DuckDBPyRelation,
    engine: str = "numpy",
    previous: Any = None,
) -> pa.Table:
    """Components of everything ever connected: node, component, and of a record its edges' hash.

    edges: record_node and node_key, text. A component is named by its smallest node.
    With `previous` only the components are computed that a changed record touches: those it was in,
    and those of what it is connected to now. No edge leaves their union: an unchanged record of
    another component that shared a node with one of theirs would have been in it before, or would
    share a node with a changed record (design/identity.md 4.6).
    """
    edges.query(
        "given",
        "create or replace temp table identity_edges as"
        " select distinct record_node, node_key from given",
    )
    session.execute(
        "create or replace temp table identity_records as"
        " select record_node, md5(string_agg(node_key, ',' order by node_key)) as edges_hash"
        " from identity_edges group by record_node"
    )
    before = _table_of(session, previous)
    try:
        session.execute(
            "create or replace temp table identity_before as"
            + (
                f" select node, component, edges_hash from {previous}"
                if before is not None
                else " select ''::varchar as node, ''::varchar as component,"
                " ''::varchar as edges_hash where false"
            )
        )
        session.execute(_TOUCHED)
        computed = connected_components(
            session,
            "(select record_node, node_key from identity_edges where record_node in"
            " (select record_node from identity_touched_records))",
            "record_node",
            "node_key",
            engine=engine,
        )
        session.register("identity_computed", computed)
        return session.sql(
            "select computed.node::varchar as node, computed.component::varchar as component,"
            " records.edges_hash"
            " from identity_computed as computed"
            " left join identity_records as records on computed.node = records.record_node"
            " union all"
            " select node, component, edges_hash from identity_before"
            " where component not in (select component from identity_touched)"
        ).to_arrow_table()
    finally:
        session.unregister("identity_computed")
        for table in ("edges", "records", "before", "changed", "touched", "touched_records"):
            session.execute(f"drop table if exists temp.identity_{table}")


# Changed records (new, gone, or with other edges), the components they touch, the records of those.
_TOUCHED = """
create or replace temp table identity_changed as
select coalesce(now.record_node, before.node) as record_node
from identity_records as now
full outer join (select * from identity_before where edges_hash is not null) as before
    on now.record_node = before.node
where now.edges_hash is distinct from before.edges_hash;

create or replace temp table identity_touched as
select before.component
from identity_before as before
inner join identity_changed as changed on before.node = changed.record_node
union
select before.component
from identity_changed as changed
inner join identity_edges as edges on changed.record_node = edges.record_node
inner join identity_before as before on edges.node_key = before.node;

create or replace temp table identity_touched_records as
select record_node from identity_changed
union
select before.node as record_node
from identity_before as before
inner join identity_touched as touched on before.component = touched.component
where before.edges_hash is not null
"""


def _overrides(rows: Iterable[tuple]) -> list[Override]:
    """Decisions of humans, the records of one decision together.

    One side of a cannot-link outside the neighbourhood is kept apart already.
    """
    sides: dict[tuple, list[str]] = {}
    for _, kind, record, node, value, _, _, _, _, since, until in rows:
        if node is None and kind != "life":
            sides.setdefault((kind, value, since, until), []).append(record)
    return [
        Override(kind, tuple(sorted(records)), since, until)
        for (kind, _, since, until), records in sides.items()
    ]


def _by_unit(
    session: DuckDBPyConnection,
    rows: list[tuple],
    compute: Callable[[str, Sequence[tuple]], Iterable[tuple]],
    context: Callable[[Sequence[tuple]], object],
    schema: pa.Schema,
    previous: Any,
) -> pa.Table:
    """Computes unit after unit of work; the unit is the first column of rows and result."""
    done = _computed_before(session, previous, schema)
    found: list[tuple] = []
    for unit, group in groupby(sorted(rows, key=_sortable), key=itemgetter(0)):
        unit_rows = list(group)
        text = repr((_ENGINE, unit_rows, context(unit_rows)))
        input_hash = hashlib.sha256(text.encode()).hexdigest()
        if (unit, input_hash) in done:
            found += done[unit, input_hash]
        else:
            found += [(*row, input_hash) for row in compute(unit, unit_rows)]
    columns = list(zip(*found, strict=True)) or [()] * len(schema)
    arrays = [pa.array(c, type=f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _computed_before(
    session: DuckDBPyConnection, previous: Any, schema: pa.Schema
) -> dict[tuple[str, str], list[tuple]]:
    """Rows of the previous build by unit and hash of its input; nothing on the first build."""
    relation = _table_of(session, previous)
    if relation is None:
        return {}
    done: dict[tuple[str, str], list[tuple]] = {}
    for row in _rows(relation, *schema.names):
        done.setdefault((row[0], row[-1]), []).append(row)
    return done


def _table_of(session: DuckDBPyConnection, previous: Any) -> DuckDBPyRelation | None:
    """The table an earlier build left, or None."""
    try:
        return None if previous is None else session.table(str(previous))
    except CatalogException:
        return None


def _names(
    names: DuckDBPyRelation, labelled: DuckDBPyRelation
) -> dict[str, tuple[Name, str | None]]:
    """The parsed name, and the token a group is called by, of every label that occurs."""
    used = labelled.project("label").distinct().set_alias("used")
    return {
        ref: (Name(key, kind, family, latin), name_token or family_token)
        for ref, name_token, family_token, key, kind, family, latin in _rows(
            names.set_alias("names").join(used, "names.name_ref = used.label", how="semi"),
            "name_ref",
            "name_token",
            "family_token",
            "name_key",
            "name_kind",
            "family_name",
            "latin_key",
        )
    }


def _full_name(parsed: Mapping[str, tuple[Name, str | None]], label: str | None) -> Name | None:
    name = parsed[label][0] if label in parsed else None
    return name if name and name.name_key else None


def _settings(policy: DuckDBPyRelation) -> dict[str, int]:
    return dict(sorted(_rows(policy, "parameter", "param_value")))


def _rows(relation: DuckDBPyRelation, *columns: str) -> list[tuple]:
    return (relation.project(", ".join(columns)) if columns else relation).fetchall()


def _sortable(row: tuple) -> tuple:
    return tuple((value is not None, value) if value is not None else (False, "") for value in row)
