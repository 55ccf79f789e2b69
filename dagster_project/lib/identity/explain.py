"""Why records are one person: the answer in words, from what is published.

Belongs here: putting look-up, facts and words together. Does not belong here: any of the three, and
the command line (dagster_project/identity.py).
"""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import duckdb
import yaml

from dagster_project.lib.identity.facts import Facts, facts_of, shortest_path
from dagster_project.lib.identity.lookup import (
    IdentityError,
    Record,
    find_person,
    find_record,
    open_published,
    records_where,
)
from dagster_project.lib.identity.masked import masked_values
from dagster_project.lib.identity.phrases import Words
from dagster_project.lib.identity.sentences import Sentences, short
from dagster_project.lib.identity.story import Story
from dagster_project.lib.identity.ties import Tie
from dagster_project.lib.settings import Settings


def business_zone(settings: Settings) -> ZoneInfo:
    """The zone in which days are told: dbt's variable business_timezone."""
    project = yaml.safe_load((settings.dbt_dir / "dbt_project.yml").read_text(encoding="utf-8"))
    return ZoneInfo(project["vars"]["business_timezone"])


def explain_lead(settings: Settings, lead: str, language: str, show_values: bool = False) -> str:
    """Explain the person behind a CRM lead. lead: its id, or `crm_lead:source:id`.

    Raises IdentityError when there is no such lead, or nothing to explain it with.
    """
    words = Words(language, business_zone(settings))
    with open_published(settings) as connection:
        record = find_record(connection, lead, "crm_lead")
        return "\n\n".join(
            [
                _lead_told(connection, record, words),
                _person_told(settings, connection, _person_of(record), words, show_values),
            ]
        )


def explain_person(settings: Settings, key: str, language: str, show_values: bool = False) -> str:
    """Explain a person by any id it ever had. Raises IdentityError."""
    words = Words(language, business_zone(settings))
    with open_published(settings) as connection:
        found, today = find_person(connection, key)
        parts = []
        if today != [found]:
            names = ", ".join(short(name) for name in today)
            told = words.pick(
                f"{short(found)} is a former id. Its records are {names} today.",
                f"{short(found)}是旧编号，其记录现属{names}。",
            )
            parts.append(told)
        parts += [_person_told(settings, connection, name, words, show_values) for name in today]
        return "\n\n".join(parts)


def explain_pair(
    settings: Settings, first: str, second: str, language: str, show_values: bool = False
) -> str:
    """The shortest chain of evidence between two records, or why there is none.

    Raises IdentityError when one of the records is not known.
    """
    words = Words(language, business_zone(settings))
    with open_published(settings) as connection:
        one, other = (find_record(connection, text) for text in (first, second))
        if one.key == other.key:
            raise IdentityError("Both names mean the same record. Name two.")
        parts = []
        for entity in ("person", "account"):
            keys = [getattr(record, f"{entity}_key") for record in (one, other)]
            if keys[0] and keys[0] == keys[1]:
                path = shortest_path(connection, one.key, other.key, entity)
                values = _values(settings, path) if show_values else {}
                noun = {"person": ("person", "人员"), "account": ("account", "客户")}[entity]
                steps = words.pick(f"{len(path)} step(s)", f"{len(path)}步")
                title = f"{words.pick(*noun)} {short(keys[0])} · {steps}"
                told = Sentences(words, _records_on(connection, path), values=values).path(path)
                parts.append(f"{title}\n{told}")
            else:
                parts.append(_apart(connection, one, other, entity, words))
        return "\n\n".join(parts)


def _person_told(
    settings: Settings, connection: duckdb.DuckDBPyConnection, key: str, words: Words, show: bool
) -> str:
    facts = facts_of(connection, key)
    return Story(facts, words, _values(settings, _identifiers(facts)) if show else {}).told()


def _lead_told(connection: duckdb.DuckDBPyConnection, record: Record, words: Words) -> str:
    rows = connection.execute(_LEAD, [record.source_system, record.record_id]).fetchall()
    if not rows:
        return ""
    created_at, code, english, chinese, outcome, rule, stage, stage_zh = rows[0]
    channel = words.channel(code, english, chinese)
    counted = {
        "net": ("it counts", "计入净线索"),
        "duplicate": ("it repeats another lead", "重复线索"),
        "exclude": (f"it is excluded ({rule})", f"已排除（{rule}）"),
    }.get(outcome, (outcome, outcome))
    at = words.pick(f"; now at stage {stage}", f"；当前阶段：{stage_zh}") if stage else ""
    return words.pick(
        f"Lead {record.record_id} ({record.source_system}) was created on {words.day(created_at)}"
        f" through {channel}; {counted[0]}{at}.",
        f"线索{record.record_id}（{record.source_system}）于{words.day(created_at)}经{channel}建立；"
        f"{counted[1]}{at}。",
    )


def _apart(
    connection: duckdb.DuckDBPyConnection, one: Record, other: Record, entity: str, words: Words
) -> str:
    """Why two records are not one person (or account)."""
    rows = connection.execute(_COMMON, {"entity": entity, "a": one.key, "b": other.key}).fetchall()
    keys = [getattr(record, f"{entity}_key") for record in (one, other)]
    noun = {"person": ("person", "人员"), "account": ("account", "客户")}[entity]
    names = [short(key) if key else words.pick("nobody", "无") for key in keys]
    told = words.pick(
        f"Not one {noun[0]}: {names[0]} and {names[1]}.",
        f"不是同一{noun[1]}：{names[0]}与{names[1]}。",
    )
    for kind, refused, is_scoped in rows:
        why = words.reason(refused) if refused else words.pick("other", "其他")
        if not refused and is_scoped:
            why = words.reason("other_name")
        told += words.pick(
            f"\n  Both carry the same {words.evidence(kind)}, which joins nobody here: {why}.",
            f"\n  两者的{words.evidence(kind)}相同，但未用于关联：{why}。",
        )
    if not rows:
        told += words.pick("\n  They share no identifier.", "\n  两者没有共同标识。")
    return told


def _person_of(record: Record) -> str:
    if record.person_key is None:
        raise IdentityError(
            f"{record.reference}, known since {record.known_at:%Y-%m-%d}, is nobody now: its"
            " source withdrew it, or nothing says who it is."
        )
    return record.person_key


def _records_on(connection: duckdb.DuckDBPyConnection, path: Iterable[Tie]) -> dict[str, Record]:
    keys = sorted({key for tie in path for key in (tie.record_key, tie.other_key)})
    return {r.key: r for r in records_where(connection, "list_contains(?, record_key)", [keys])}


def _identifiers(facts: Facts) -> list[Tie]:
    return list(facts.ties.values())


def _values(settings: Settings, ties: Iterable[Tie]) -> dict[str, str]:
    return masked_values(settings, sorted({tie.identifier_key for tie in ties}))


_LEAD = """
select l.created_at, l.channel, c.label_en, c.label_zh, l.cleaning_outcome, l.primary_rule_id,
    s.label_en, s.label_zh
from marts.dim_lead as l
left join marts.dim_channel as c on l.channel = c.channel
left join marts.fct_lead_lifecycle as f on l.lead_key = f.lead_key and f.is_current_passage
left join marts.dim_stage as s on f.current_stage = s.stage
where l.source_system = ? and l.lead_id = ?
"""
_COMMON = """
select a.identifier_type, coalesce(max(a.refused_because), max(b.refused_because)),
    bool_or(a.is_scoped_by_name or b.is_scoped_by_name)
from marts.fct_identity_edge as a
inner join marts.fct_identity_edge as b
    on a.entity = b.entity and a.identifier_key = b.identifier_key
where a.entity = $entity and a.record_key = $a and b.record_key = $b
    and a.valid_to is null and b.valid_to is null
group by a.identifier_type
order by max(a.strength) desc, a.identifier_type
"""
