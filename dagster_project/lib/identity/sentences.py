"""Single sentences about evidence and events, in the words of one language.

Belongs here: sentences that story.py and explain.py put together. Does not belong here: how things
are called (phrases.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dagster_project.lib.identity.facts import Event
from dagster_project.lib.identity.lookup import SHORT_KEY, Record
from dagster_project.lib.identity.phrases import Words
from dagster_project.lib.identity.ties import Edge, Tie


def short(key: str) -> str:
    """The first digits of a key, enough to name it in a command."""
    return key[:SHORT_KEY]


def counted(number: int, noun: str) -> str:
    """`1 record`, `1,200 records`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def shown_id(record: Record) -> str:
    """The id of a record, unless it is an address, as that of a message's recipient."""
    return short(record.key) if record.kind == "message_recipient" else record.record_id


@dataclass(frozen=True)
class Sentences:
    """What sentences speak of.

    records   the records that may be named, by key
    numbers   their numbers in the list above, {} = none is shown
    values    identifier_key -> masked value, {} = none are shown
    """

    words: Words
    records: Mapping[str, Record]
    numbers: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def named(self, record_key: str | None) -> str:
        """`the web form of 3 March 2025 (no. 4)`."""
        words, record = self.words, self.records.get(record_key or "")
        if record is None:
            return words.pick("a record of the other side", "对方的一条记录")
        number = self.numbers.get(record.key)
        kind, day = words.record(record.kind), words.day(record.happened_at)
        return words.pick(
            f"the {kind} of {day}" + (f" (no. {number})" if number else ""),
            f"{day}的{kind}" + (f"（第{number}条）" if number else ""),
        )

    def value(self, identifier_key: str | None) -> str:
        """` [138****8765]`, or nothing when values are not shown."""
        value = self.values.get(identifier_key or "")
        return f" [{value}]" if value else ""

    def tie(self, tie: Tie) -> str:
        """Why the record of a tie is one with the other."""
        words = self.words
        text = words.tie(tie.kind, self.named(tie.other_key)) + self.value(tie.identifier_key)
        scoped = words.pick(", in the hands of the same name", "，且姓名一致")
        strength = words.pick(f" (strength {tie.strength})", f"（强度{tie.strength}）")
        return text + (scoped if tie.is_scoped else "") + strength

    def event(self, event: Event) -> str:
        """One event in the life of an id, with its cause."""
        words, mine, n = self.words, short(event.entity_key), event.n_records
        other, many = short(event.other_key or "–"), counted(n, "record")
        texts = {
            "created": (f"{mine} begins with {many}", f"{mine}建立，含{n}条记录"),
            "merged": (
                f"{other} ({many}) was merged into {mine}",
                f"{other}（{n}条记录）并入{mine}",
            ),
            "split": (f"{mine} ({many}) left {other}", f"{mine}（{n}条记录）从{other}拆出"),
            "moved": (f"{many} went from {other} to {mine}", f"{n}条记录从{other}移至{mine}"),
            "undone": (
                f"merge undone: {mine} ({many}) came apart from {other} again",
                f"合并撤销：{mine}（{n}条记录）重新从{other}分出",
            ),
            "renamed": (f"{other} ({many}) is now {mine}", f"{other}（{n}条记录）改为{mine}"),
            "emptied": (f"{mine} lost its last records", f"{mine}已无记录"),
        }
        told = words.pick(*texts.get(event.kind, (event.kind, event.kind)))
        return told + words.pick(": ", "：") + self.cause(event)

    def cause(self, event: Event) -> str:
        """Why an event happened."""
        words, decision = self.words, event.cause_key
        evidence = (
            words.evidence(event.cause_kind) if event.cause_kind else words.pick("evidence", "依据")
        )
        evidence += self.value(event.cause_key)
        on = self.named(event.cause_record_key)
        if event.cause.startswith("refused_"):
            return words.reason(event.cause.removeprefix("refused_"))
        texts = {
            "first_record": (f"first record, {on}", f"首条记录，{on}"),
            "new_evidence": (f"new evidence on {on}: {evidence}", f"{on}出现新依据：{evidence}"),
            "evidence_ended": (f"the {evidence} is no longer on {on}", f"{on}不再有{evidence}"),
            "override": (f"decision {decision} of a colleague", f"人工决定{decision}"),
            "override_withdrawn": (
                f"decision {decision} was withdrawn",
                f"人工决定{decision}已撤回",
            ),
            "record_withdrawn": ("its source withdrew the record", "来源撤回了记录"),
        }
        return words.pick(*texts.get(event.cause, (event.cause, event.cause)))

    def refusal(self, edge: Edge) -> str:
        """Why an identifier of a record joins nobody."""
        words, on = self.words, self.named(edge.record_key)
        evidence, why = words.evidence(edge.kind), words.reason(edge.refused or "")
        return words.pick(
            f"The {evidence} of {on} is refused: {why}.", f"{on}的{evidence}不予关联：{why}。"
        )

    def path(self, path: Sequence[Tie]) -> str:
        """A chain of evidence, record by record."""
        words = self.words
        lines = [self.line(path[0].record_key)]
        for tie in path:
            same, strength = words.pick("same ", "相同的"), words.pick("strength", "强度")
            evidence = f"{same}{words.evidence(tie.kind)}{self.value(tie.identifier_key)}"
            lines += [f"      │ {evidence} · {strength} {tie.strength}", self.line(tie.other_key)]
        return "\n".join(lines)

    def line(self, record_key: str) -> str:
        """`  2025-03-03  web form F0000457`."""
        record = self.records[record_key]
        kind = self.words.record(record.kind)
        return f"  {self.words.iso_day(record.happened_at)}  {kind} {shown_id(record)}"
