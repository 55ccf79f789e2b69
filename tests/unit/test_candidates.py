"""Candidate pairs by Splink: what is proposed, and that the same records give the same pairs."""

import logging
import random
import sys

import pyarrow as pa
import pytest

from dagster_project.lib.identity.candidates import COLUMNS, PAIRS, candidate_pairs

N_PERSONS = 250


def a_record(dice: random.Random, key: str) -> dict[str, str | None]:
    name = dice.choice("王李张刘陈杨赵黄") + "".join(
        dice.choice("伟芳娜敏静丽强磊军") for _ in "ab"
    )
    company = f"星河{dice.randrange(50)}"
    mailbox, domain = f"u{dice.randrange(10**6)}", f"{company[2:]}.example.com"
    return {
        "record_key": key,
        "name_key": name,
        "latin_key": None,
        "email": f"{mailbox}@{domain}",
        "email_local": mailbox,
        "email_domain": domain,
        "mobile": f"+8613{dice.randrange(10**9):09}",
        "company_legal_key": f"{company}有限公司",
        "company_brand_key": company,
    }


@pytest.fixture(scope="module")
def people() -> tuple[pa.Table, set[tuple[str, str]]]:
    """Records of 250 persons; every fifth has a second one with a mistyped mobile, no e-mail."""
    dice = random.Random(7)
    records = [a_record(dice, f"r{n:03}") for n in range(N_PERSONS)]
    no_mail = dict.fromkeys(("email", "email_local", "email_domain"))
    planted = set()
    for record in records[::5]:
        mobile = str(record["mobile"])
        mistyped = f"{mobile[:-1]}{(int(mobile[-1]) + 1) % 10}"
        again = f"s{str(record['record_key'])[1:]}"
        records.append(record | no_mail | {"record_key": again, "mobile": mistyped})
        planted.add((str(record["record_key"]), again))
    return as_table(records), planted


def as_table(records: list[dict]) -> pa.Table:
    return pa.Table.from_pylist(
        records, schema=pa.schema([(name, pa.string()) for name in COLUMNS])
    )


def propose(records: pa.Table) -> pa.Table:
    return candidate_pairs(records, memory_limit="500MB", min_probability=0.9)


def test_mistyped_duplicates_are_proposed_and_hardly_anything_else(people, capfd, caplog):
    records, planted = people
    with caplog.at_level(logging.DEBUG):
        found = propose(records)
    pairs = set(zip(found["left_key"].to_pylist(), found["right_key"].to_pylist(), strict=True))
    assert planted <= pairs
    assert len(pairs - planted) <= len(planted) / 10
    assert set(found["rule"].to_pylist()) <= {
        "same_name_and_company",
        "same_name_and_start_of_mobile",
    }
    assert min(found["match_probability"].to_pylist()) >= 0.9
    # Nothing of a person in a log, nor on the screen.
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_the_order_of_records_changes_nothing(people):
    records, _ = people
    order = list(range(records.num_rows))
    random.Random(3).shuffle(order)
    assert propose(records.take(order)).equals(propose(records))


@pytest.mark.parametrize("n_records", [0, 1])
def test_nobody_to_compare_gives_no_pair(people, n_records):
    records, _ = people
    assert propose(records.slice(0, n_records)).equals(PAIRS.empty_table())


def test_records_without_anything_in_common_give_no_pair():
    records = [dict.fromkeys(COLUMNS) | {"record_key": key} for key in "abc"]
    assert propose(as_table(records)).num_rows == 0


def test_where_all_pairs_are_alike_there_is_nothing_to_learn_from(people):
    records, _ = people
    twins = [records.slice(0, 1).to_pylist()[0] | {"record_key": key} for key in "abc"]
    assert set(propose(as_table(twins))["rule"].to_pylist()) <= {"same_mobile"}


def test_a_missing_column_is_told(people):
    records, _ = people
    with pytest.raises(ValueError, match="records without mobile, name_key"):
        propose(records.drop_columns(["mobile", "name_key"]))


def test_without_splink_the_extra_is_named(people, monkeypatch):
    records, _ = people
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(ImportError, match="the optional extra `probabilistic`"):
        propose(records)
