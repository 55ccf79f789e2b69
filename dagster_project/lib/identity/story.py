"""The words in which a person, or a chain of evidence, is explained to a manager.

Belongs here: what is told and in which order. Does not belong here: where it comes from (facts.py)
and how things are called (phrases.py).
"""

from collections.abc import Mapping

from dagster_project.lib.identity.facts import Facts
from dagster_project.lib.identity.lookup import Record
from dagster_project.lib.identity.phrases import Words
from dagster_project.lib.identity.sentences import Sentences, counted, short, shown_id
from dagster_project.lib.report import table


class Story:
    """Explains one person. values: identifier_key -> masked value, {} = none are shown."""

    def __init__(self, facts: Facts, words: Words, values: Mapping[str, str]) -> None:
        self.facts, self.words = facts, words
        self.numbers = {record.key: n for n, record in enumerate(facts.records, start=1)}
        records = {record.key: record for record in facts.records}
        self.sentences = Sentences(words, records, self.numbers, values)

    def told(self) -> str:
        """The whole explanation, a paragraph per question."""
        pick = self.words.pick
        parts = [
            (pick("Who", "是谁"), self.who()),
            (pick("Records, and what ties them together", "记录及其关联依据"), self.ties()),
            (pick("History of the id", "编号的历史"), self.history()),
            (pick("Channels", "来访渠道"), self.channels()),
            (pick("Account", "所属客户"), self.accounts()),
            (pick("Not joined, or worth a look", "未关联与待核查"), self.nearby()),
        ]
        return "\n\n".join(f"{title}\n{text}" for title, text in parts)

    def who(self) -> str:
        """Key, number of records, since when."""
        records, words = self.facts.records, self.words
        kinds = len({record.kind for record in records})
        first = min(records, key=lambda record: (record.happened_at, record.key))
        known = min(record.known_at for record in records)
        return words.pick(
            f"  Person {short(self.facts.person_key)} has {counted(len(records), 'record')} of"
            f" {counted(kinds, 'kind')}. The first is the"
            f" {words.record(first.kind)} of {words.day(first.happened_at)};\n"
            f"  we know the person since {words.day(known)}. Whole key: {self.facts.person_key}",
            f"  人员{short(self.facts.person_key)}共有{len(records)}条记录，{kinds}种类型。"
            f"最早的是{words.day(first.happened_at)}的{words.record(first.kind)}；\n"
            f"  系统自{words.day(known)}起知道此人。完整编号：{self.facts.person_key}",
        )

    def ties(self) -> str:
        """Every record, oldest first, with why it is this person."""
        lines = []
        for record in self.facts.records:
            words, channel = self.words, self.facts.record_channels.get(record.key)
            told = f"{words.record(record.kind)} {shown_id(record)}"
            if channel:
                told += f" · {words.channel(*channel)}"
            number = self.numbers[record.key]
            lines += [f"{number:>4}  {words.iso_day(record.happened_at)}  {told}"]
            lines += [f"{'':<18}{self.why(record)}"]
        return "\n".join(lines)

    def why(self, record: Record) -> str:
        """By which evidence a record is this person; the strongest is spelt out."""
        words, tie = self.words, self.facts.ties.get(record.key)
        if record.key == self.facts.anchor_key:
            return words.pick("the first we loaded: gives the id", "最先入库，编号由此而来")
        if tie is None:
            return words.pick("stands alone", "独立记录")
        others = self.facts.shared.get(record.key, {})
        also = [
            words.pick(f"{words.evidence(kind)} of {n} more", f"{words.evidence(kind)}（{n}条）")
            for kind, n in others.items()
            if kind != tie.kind
        ]
        told = self.sentences.tie(tie)
        if also:
            told += words.pick("; also ", "；另有") + words.pick(", ", "、").join(also)
        return told

    def history(self) -> str:
        """Every event in the life of the ids that became this person."""
        if not self.facts.events:
            return "  " + self.words.pick("Nothing but new records.", "除新增记录外无变动。")
        return "\n".join(
            f"  {self.words.iso_day(event.known_at)}  {self.sentences.event(event)}"
            for event in self.facts.events
        )

    def channels(self) -> str:
        """Through which channels the person came to us, and when."""
        words, channels = self.words, self.facts.channels
        if not channels:
            return "  " + words.pick("No inbound touch.", "没有主动来访。")
        first = min(channel.first_at for channel in channels)
        last = max(channel.last_at for channel in channels)
        count = words.pick(counted(len(channels), "channel"), f"{len(channels)}个渠道")
        lines = [
            words.pick(
                f"  {count} from {words.day(first)} to {words.day(last)};"
                f" we ourselves got in touch {counted(self.facts.n_outbound, 'time')}.",
                f"  {words.day(first)}至{words.day(last)}共{count}；"
                f"我方主动联系{self.facts.n_outbound}次。",
            )
        ]
        rows = [
            [
                words.channel(c.code, c.label_en, c.label_zh),
                words.iso_day(c.first_at),
                words.iso_day(c.last_at),
                str(c.n_touches),
            ]
            for c in channels
        ]
        header = [
            words.pick("channel", "渠道"), words.pick("first", "首次"), words.pick("last", "最近"),
            words.pick("touches", "次数"),
        ]  # fmt: skip
        return "\n".join(lines + [f"  {line}" for line in table(header, rows, 3).split("\n")])

    def accounts(self) -> str:
        """The companies of the person and how they were found."""
        words = self.words
        if not self.facts.accounts:
            return "  " + words.pick("No evidence of a company.", "没有公司线索。")
        lines = []
        for account in self.facts.accounts:
            crm = f" (CRM {account.crm_id})" if account.crm_id else ""
            main = words.pick(" · main", " · 主要") if account.is_main else ""
            role = f" · {words.role(account.role)}" if account.role else ""
            since = (
                words.pick(" since ", "，始于") + words.day(account.since) if account.since else ""
            )
            found = words.pick(", ", "、").join(
                words.pick(
                    f"{words.evidence(kind)} on {counted(n, 'record')}",
                    f"{words.evidence(kind)}（{n}条记录）",
                )
                for kind, n in account.found_by.items()
            )
            by = (
                words.pick("found by ", "依据：") + found
                if found
                else words.pick("a former one", "以往客户")
            )
            lines.append(f"  {short(account.key)}{crm}{main}{role}{since}; {by}")
        return "\n".join(lines)

    def nearby(self) -> str:
        """What was refused, what is shared with other persons, where sources disagree."""
        words = self.words
        lines = [self.sentences.refusal(edge) for edge in self.facts.refused]
        lines += [
            words.pick(
                f"The same {words.evidence(near.kind)} is on"
                f" {counted(near.n_records, 'record')} of"
                f" {counted(near.n_persons, 'other person')}: kept apart.",
                f"另有{near.n_persons}人的{near.n_records}条记录使用相同的"
                f"{words.evidence(near.kind)}：未合并。",
            )
            for near in self.facts.neighbours
        ]
        lines += [
            words.pick(
                f"To review: {words.review(case.kind)} ({counted(case.n_cases, 'case')},"
                f" {words.severity(case.severity)}).",
                f"待核查：{words.review(case.kind)}（{case.n_cases}项，"
                f"{words.severity(case.severity)}）。",
            )
            for case in self.facts.reviews
        ]
        if self.facts.n_attribute_conflicts:
            n = self.facts.n_attribute_conflicts
            lines.append(
                words.pick(
                    f"The sources disagree on {counted(n, 'attribute')}.",
                    f"各来源在{n}个属性上不一致。",
                )
            )
        if self.facts.has_permission_conflict:
            lines.append(
                words.pick(
                    "Permissions disagree; the strictest holds.", "许可不一致，以最严格者为准。"
                )
            )
        lines = lines or [words.pick("Nothing.", "无。")]
        return "\n".join(f"  {line}" for line in lines)
