"""Judges who a warehouse says is who."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from tests.identity_world import keys
from tests.identity_world.metrics import Quality, quality
from tests.identity_world.truth import Key, Truth

#: Record -> (person, account) as the warehouse has them; None = in no cluster.
Assignments = Mapping[Key, tuple[Hashable | None, Hashable | None]]


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a predicted cluster is made of; no value of any identifier."""

    records: int
    persons: int
    share_of_main_person: float
    record_types: tuple[tuple[str, int], ...]
    shared_kinds: tuple[tuple[str, int], ...]  # kind -> records on values shared by several persons

    def __str__(self) -> str:
        types = ", ".join(f"{count} {kind}" for kind, count in self.record_types)
        shared = ", ".join(f"{kind} {count}" for kind, count in self.shared_kinds) or "nothing"
        return (
            f"{self.records} records of {self.persons} persons, {self.share_of_main_person:.0%} of "
            f"one: {types}; its persons share {shared}"
        )


@dataclass(frozen=True, slots=True, repr=False)
class Judgement:
    """The figures of one warehouse on one world."""

    persons: Quality
    accounts: Quality
    oracle: Quality
    account_oracle: Quality
    any_key_oracle: Quality
    naive_raw: Quality
    naive_canonical: Quality
    missing_records: int  # records with a person that the warehouse does not have at all
    largest: tuple[Cluster, ...]

    def __repr__(self) -> str:
        return f"Judgement(P {self.persons.precision:.4f}, F1 {self.persons.f1:.4f})"

    @property
    def share_of_oracle(self) -> float:
        """F1 over the F1 of exact keys that never err."""
        return self.persons.f1 / self.oracle.f1

    def table(self) -> str:
        """The figures, one line per contender."""
        lines = [f"{'':24}{'n':>9}{'P':>8}{'R':>8}{'F1':>8}{'B3 F1':>8}{'exact':>8}{'largest':>9}"]
        for name, figures in (
            ("persons", self.persons),
            ("oracle: clean keys", self.oracle),
            ("oracle: any equal key", self.any_key_oracle),
            ("naive: raw values", self.naive_raw),
            ("naive: normalised", self.naive_canonical),
            ("accounts", self.accounts),
            ("oracle of accounts", self.account_oracle),
        ):
            lines.append(
                f"{name:24}{figures.records:>9,}{figures.precision:>8.4f}{figures.recall:>8.4f}"
                f"{figures.f1:>8.4f}{figures.bcubed_f1:>8.4f}{figures.exact_clusters:>8.4f}"
                f"{figures.largest_cluster:>9,}"
            )
        lines.append(
            f"F1 / oracle F1 {self.share_of_oracle:.4f}; records not in the warehouse "
            f"{self.missing_records:,}; largest true person {self.persons.largest_true_cluster}"
        )
        lines += [f"largest cluster: {cluster}" for cluster in self.largest[:3]]
        return "\n".join(lines)


def judge(truth: Truth, assignments: Assignments) -> Judgement:
    """Compare the persons and accounts of a warehouse with the truth of the world it was fed."""
    said = [assignments.get(key, (None, None)) for key in truth.keys]
    persons, accounts = [person for person, _ in said], [account for _, account in said]
    owned, told = truth.with_person, truth.with_company

    def on_persons(labels: Sequence[Hashable]) -> Quality:
        return quality(
            [labels[place] for place in owned], [truth.persons[place] for place in owned]
        )

    def on_companies(labels: Sequence[Hashable]) -> Quality:
        return quality(
            [labels[place] for place in told], [truth.companies[place] for place in told]
        )

    return Judgement(
        persons=on_persons(persons),
        accounts=on_companies(accounts),
        oracle=on_persons(keys.clean_key_oracle(truth)),
        account_oracle=on_companies(keys.account_oracle(truth)),
        any_key_oracle=on_persons(keys.any_key_oracle(truth)),
        naive_raw=on_persons(keys.naive_raw(truth)),
        naive_canonical=on_persons(keys.naive_canonical(truth)),
        missing_records=sum(truth.keys[place] not in assignments for place in owned),
        largest=largest_clusters(truth, persons),
    )


def largest_clusters(
    truth: Truth, persons: Sequence[Hashable | None], count: int = 5
) -> tuple[Cluster, ...]:
    """The largest predicted persons, and what kinds of identifiers their true persons share."""
    sizes = Counter(label for label in persons if label is not None)
    wanted = {label for label, _ in sizes.most_common(count)}
    places = defaultdict(list)
    for place, label in enumerate(persons):
        if label in wanted:
            places[label].append(place)
    planted = defaultdict(lambda: defaultdict(set))  # cluster -> identifier -> places
    for identifier in truth.identifiers:
        label = persons[identifier.place]
        if label in wanted:
            planted[label][identifier.kind, identifier.canonical].add(identifier.place)
    return tuple(
        _cluster(truth, places[label], planted[label]) for label, _ in sizes.most_common(count)
    )


def _cluster(
    truth: Truth, places: list[int], planted: Mapping[tuple[str, str], set[int]]
) -> Cluster:
    owners = Counter(truth.persons[place] for place in places)
    shared = Counter()
    for (kind, _), holders in planted.items():
        if len({truth.persons[place] for place in holders}) > 1:
            shared[kind] += len(holders)
    named = {person: count for person, count in owners.items() if person}
    return Cluster(
        records=len(places),
        persons=len(named),
        share_of_main_person=max(named.values(), default=0) / len(places),
        record_types=tuple(Counter(truth.keys[place][0] for place in places).most_common()),
        shared_kinds=tuple(shared.most_common(4)),
    )
