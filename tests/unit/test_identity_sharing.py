"""Who may use a shared value: planted cases, and invariance under order and repetition."""

import datetime as dt
import random

import pytest

from dagster_project.lib.identity.names import Name
from dagster_project.lib.identity.sharing import (
    AMBIGUOUS,
    OK,
    OUTVOTED,
    Company,
    Judge,
    Observation,
    majority_judge,
    name_judge,
    verdicts,
)

DAYS = [dt.datetime(2026, 1, day) for day in range(1, 30)]
NAMES = {
    "王伟": Name("王伟", "full", "王", "wangwei"),
    "李明": Name("李明", "full", "李", "liming"),
    "王总": Name(None, "address", "王", "wang"),
    "李总": Name(None, "address", "李", "li"),
    "张女士": Name(None, "address", "张", "zhang"),
    "Wang Wei": Name("wang wei", "full", "wang", "wangwei"),
    "Li Ming": Name("li ming", "full", "li", "liming"),
    "Tom": Name(None, "partial", None, "tom"),
}
LABELS = list(NAMES)
COMPANIES = {
    key: Company(key, brand, is_short)
    for key, brand, is_short in [
        ("北京华创科技有限公司", "华创科技", False),
        ("上海蓝海有限公司", "蓝海", False),
        ("华创", "华创", True),
    ]
}


def names(nameless: float = 0.6, fuzzy_up_to: int = 50) -> Judge:
    tokens = {label: name.name_key or f"?{name.family_name}" for label, name in NAMES.items()}
    return name_judge(NAMES, tokens, nameless_min_share=nameless, fuzzy_up_to=fuzzy_up_to)


def now(labels: list[str | None], judge: Judge) -> list[tuple[str | None, str]]:
    return list(
        judge([Observation(f"r{n}", label, DAYS[0], None) for n, label in enumerate(labels)])
    )


def test_one_name_and_all_who_can_be_it_use_a_value_together() -> None:
    assert now(["王伟", None, "王总", "Wang Wei", "Tom"], names()) == [(None, OK)] * 5


def test_of_two_names_everybody_joins_the_own_one() -> None:
    found = now(["王伟", "王伟", "王总", "李明", "Li Ming", "李总"], names())
    assert found == [("王伟", OK)] * 3 + [("李明", OK)] * 3


def test_a_form_of_address_that_fits_nobody_is_somebody() -> None:
    assert now(["王伟", "张女士"], names()) == [("王伟", OK), ("?张", OK)]


@pytest.mark.parametrize(("share", "follows"), [(0.6, True), (0.8, False), (1.0, False)])
def test_the_nameless_follow_a_large_majority_only(share: float, follows: bool) -> None:
    found = now(["王伟", "王伟", "王伟", "李明", None], names(share))
    assert found[-1] == (("王伟", OK) if follows else (None, AMBIGUOUS))


def test_in_a_hub_only_equal_names_are_one() -> None:
    assert now(["王伟", "Wang Wei"], names(fuzzy_up_to=1)) == [("王伟", OK), ("wang wei", OK)]


def test_a_company_value_belongs_to_the_company_most_records_name() -> None:
    labels = ["北京华创科技有限公司", "北京华创科技有限公司", "华创", None, "上海蓝海有限公司"]
    found = now(labels, majority_judge(COMPANIES, min_share=0.5))
    assert [status for _, status in found] == [OK, OK, OK, OK, OUTVOTED]


def test_without_a_majority_nobody_joins() -> None:
    labels = ["北京华创科技有限公司", "上海蓝海有限公司", None]
    found = now(labels, majority_judge(COMPANIES, min_share=0.5))
    assert found == [(None, AMBIGUOUS)] * 3


def test_verdicts_of_each_instant_are_those_on_what_was_live_then() -> None:
    """The periods, against judging every day anew; whatever the order of the observations."""
    dice = random.Random(3)
    for _ in range(60):
        observations = []
        for n in range(dice.randrange(1, 9)):
            since = dice.randrange(20)
            until = dice.choice([None, DAYS[since + dice.randrange(1, 9)]])
            observations.append(
                Observation(f"r{n}", dice.choice([*LABELS, None]), DAYS[since], until)
            )
        found = set(verdicts(observations, names()))
        shuffled = dice.sample(observations, len(observations))
        assert set(verdicts(shuffled, names())) == found
        for day in DAYS:
            live = [o for o in observations if o.since <= day and (not o.until or day < o.until)]
            expected = {
                (o.record_key, o.label, *verdict)
                for o, verdict in zip(live, names()(live), strict=True)
            }
            actual = {
                (v.record_key, v.label, v.group, v.status)
                for v in found
                if v.since <= day and (not v.until or day < v.until)
            }
            assert actual == expected
