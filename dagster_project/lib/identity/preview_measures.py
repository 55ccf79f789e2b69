"""What differs between two warehouses built from the same landing under different rules.

Belongs here: the comparison (D4), as plain numbers that JSON can hold. Does not belong here: how
the warehouses came about, and words.
The databases are attached as `present` and `proposed`; only what is known now is compared
(bridge_identity with valid_to NULL).
"""

from pathlib import Path
from typing import Any

import duckdb

from dagster_project.lib.identity.preview_scores import scores

# Entities that grew, shown largest growth first.
TOP = 20


def opened(present: Path, proposed: Path) -> duckdb.DuckDBPyConnection:
    """A connection that sees both files, read only; duckdb.IOException while one is written."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    for name, path in (("present", present), ("proposed", proposed)):
        text = str(path).replace("'", "''")
        connection.execute(f"attach '{text}' as {name} (read_only)")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def compared(connection: duckdb.DuckDBPyConnection, zone: str) -> dict[str, Any]:
    """All measures. zone: IANA name of the zone in which months are counted.

    Money is in minor units. Raises ValueError unless both sides have the same as-of instant: a
    difference would then say nothing about rules.
    """
    asof = [_rows(connection, _AS_OF.format(side=side)) for side in ("present", "proposed")]
    if asof[0] != asof[1]:
        raise ValueError(f"the two sides are not about the same data: {asof[0]} and {asof[1]}")
    return {
        "as_of": str(asof[0][0]["as_of"]),
        "entities": {entity: _entities(connection, entity) for entity in ("person", "account")},
        "mql": _rows(connection, _MQL, {"zone": zone}),
        "mql_total": _rows(connection, _MQL_TOTAL)[0],
        "cash": _rows(connection, _CASH),
        "permissions": _permissions(connection),
        "handovers": _handovers(connection),
        "scores": scores(connection),
        "review_items": _review_items(connection),
    }


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    result = connection.execute(query, values or {})
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _entities(connection: duckdb.DuckDBPyConnection, entity: str) -> dict[str, Any]:
    counts = _rows(connection, _PAIRS.format(entity=entity) + _COUNTS)[0]
    grown = _rows(connection, _PAIRS.format(entity=entity) + _GROWN.format(top=TOP))
    return {**counts, "grown": grown}


def _permissions(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    changes = _rows(connection, _PERMISSIONS)
    lost = [row for row in changes if row["before"] == "granted"]
    won = [row for row in changes if row["after"] == "granted"]
    return {
        "allow_to_deny": sum(row["n"] for row in lost),
        "deny_to_allow": sum(row["n"] for row in won),
        "changes": changes,
    }


def _handovers(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    missing = _rows(
        connection,
        "select missing_extracts from present.marts.mart_coverage"
        " where measure_id = 'G05' and mart = 'fct_handoff' and not is_computable",
    )
    if missing:
        return {"status": "not_computable", "missing_extract": missing[0]["missing_extracts"]}
    sides = {
        side: _rows(connection, _HANDOVERS.format(side=side))[0] for side in ("present", "proposed")
    }
    return {"status": "ok", "before": sides["present"], "after": sides["proposed"]}


def _review_items(connection: duckdb.DuckDBPyConnection) -> dict[str, int] | None:
    """Items of mart_identity_review on both sides, None when a side has no such mart."""
    there = _rows(
        connection,
        "select count(*) as n from duckdb_tables() where table_name = 'mart_identity_review'"
        " and database_name in ('present', 'proposed')",
    )[0]["n"]
    if there < 2:
        return None
    counts = [
        _rows(connection, f"select count(*) as n from {side}.marts.mart_identity_review")[0]["n"]
        for side in ("present", "proposed")
    ]
    return {"before": counts[0], "after": counts[1]}


_AS_OF = "select as_of from {side}.intermediate.int_time__as_of"
_PAIRS = """
with before as (
    select record_key, {entity}_key as entity_key from present.marts.bridge_identity
    where valid_to is null and {entity}_key is not null
),
after as (
    select record_key, {entity}_key as entity_key from proposed.marts.bridge_identity
    where valid_to is null and {entity}_key is not null
),
pairs as (
    select before.entity_key as before_key, after.entity_key as after_key, count(*) as n_records
    from before inner join after on before.record_key = after.record_key
    group by before.entity_key, after.entity_key
),
sizes_before as (select entity_key, count(*) as n_records from before group by entity_key),
sizes_after as (select entity_key, count(*) as n_records from after group by entity_key)
"""
_COUNTS = """
select
    (select count(*) from sizes_before) as before,
    (select count(*) from sizes_after) as after,
    (select coalesce(sum(n - 1), 0)::bigint from (
        select count(*) as n from pairs group by after_key)) as merged,
    (select coalesce(sum(n - 1), 0)::bigint from (
        select count(*) as n from pairs group by before_key)) as split,
    (select count(*) from sizes_before
        where entity_key not in (select entity_key from sizes_after)) as ids_gone,
    (select count(*) from sizes_after
        where entity_key not in (select entity_key from sizes_before)) as ids_new,
    (select count(*) from before full outer join after on before.record_key = after.record_key
        where before.entity_key is distinct from after.entity_key) as records_with_another_id
"""
_GROWN = """
select sizes_after.entity_key as key, sizes_after.n_records as after,
    coalesce(max(parts.before), 0) as largest_before,
    coalesce(list(parts.before order by parts.before desc, parts.before_key)
        filter (where parts.before is not null), []) as before
from sizes_after
left join (
    select pairs.after_key, pairs.before_key, sizes_before.n_records as before
    from pairs inner join sizes_before on pairs.before_key = sizes_before.entity_key
) as parts on sizes_after.entity_key = parts.after_key
group by sizes_after.entity_key, sizes_after.n_records
having sizes_after.n_records > coalesce(max(parts.before), 0)
order by sizes_after.n_records - coalesce(max(parts.before), 0) desc, sizes_after.entity_key
limit {top}
"""
# Enquiries that reached MQL, the leads that funnels count, and the persons behind them.
_MQL_SIDES = """
with sides as (
    select 0 as is_after, * from present.intermediate.int_funnel__enquiries
    union all by name
    select 1 as is_after, * from proposed.intermediate.int_funnel__enquiries
)
"""
_MQL_COUNTS = """
    count(*) filter (where is_after = 0) as leads_before,
    count(*) filter (where is_after = 1) as leads_after,
    count(distinct person_key) filter (where is_after = 0) as persons_before,
    count(distinct person_key) filter (where is_after = 1) as persons_after
from sides where reached_mql_at is not null
"""
_MQL = (
    _MQL_SIDES
    + "select strftime(timezone($zone, timezone('UTC', reached_mql_at)), '%Y-%m') as month,"
    + _MQL_COUNTS
    + "group by 1 order by 1"
)
_MQL_TOTAL = _MQL_SIDES + "select" + _MQL_COUNTS
_CASH = """
select coalesce(a.attribution_model, b.attribution_model) as model,
    coalesce(a.channel, b.channel) as channel, c.label_en, c.label_zh,
    coalesce(a.cash_minor, 0)::bigint as before_minor,
    coalesce(b.cash_minor, 0)::bigint as after_minor
from (
    select attribution_model, channel, sum(cash_minor) as cash_minor
    from present.marts.fct_attribution group by all
) as a
full outer join (
    select attribution_model, channel, sum(cash_minor) as cash_minor
    from proposed.marts.fct_attribution group by all
) as b on a.attribution_model = b.attribution_model and a.channel = b.channel
left join proposed.marts.dim_channel as c on c.channel = coalesce(a.channel, b.channel)
order by model, c.display_order nulls last, channel
"""
# A person before x the person that its records are after, x channel x purpose.
_PERMISSIONS = """
with pairs as (
    select distinct a.person_key as before_key, b.person_key as after_key
    from present.marts.bridge_identity as a
    inner join proposed.marts.bridge_identity as b on a.record_key = b.record_key
    where a.valid_to is null and b.valid_to is null
        and a.person_key is not null and b.person_key is not null
),
asked as (
    select pairs.before_key, pairs.after_key, p.channel, p.purpose
    from pairs
    inner join present.intermediate.int_golden__permissions as p on pairs.before_key = p.person_key
    union
    select pairs.before_key, pairs.after_key, p.channel, p.purpose
    from pairs
    inner join proposed.intermediate.int_golden__permissions as p on pairs.after_key = p.person_key
)
select asked.channel, asked.purpose, coalesce(a.decision, 'no_evidence') as before,
    coalesce(b.decision, 'no_evidence') as after, count(*) as n
from asked
left join present.intermediate.int_golden__permissions as a
    on asked.before_key = a.person_key and asked.channel = a.channel and asked.purpose = a.purpose
left join proposed.intermediate.int_golden__permissions as b
    on asked.after_key = b.person_key and asked.channel = b.channel and asked.purpose = b.purpose
where coalesce(a.decision, 'no_evidence') <> coalesce(b.decision, 'no_evidence')
group by all order by 1, 2, 3, 4
"""
# Hand-overs without a decision, in time or overdue. Net leads are those that funnels count.
_HANDOVERS = """
select count(*) as handovers, count(distinct h.lead_key) as leads,
    count(distinct l.person_key) as persons,
    count(distinct case when l.cleaning_outcome = 'net' then h.lead_key end) as net_leads
from {side}.marts.fct_handoff as h
inner join {side}.marts.dim_lead as l on h.lead_key = l.lead_key
where h.decided_at is null
"""
