"""Candidate pairs on the demonstration company: off by default, worth a human's time when on."""

from pathlib import Path

import pytest

from tests.pipeline.warehouse import ROOT, Warehouse

TRUTH = ROOT / "tests" / "truth" / "persons.csv.gz"
# Of the proposed pairs, those that are one person in truth.
WORTH_A_LOOK = 0.8


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The identity graph of the demonstration with candidates switched on, and their own tests."""
    home: Path = tmp_path_factory.mktemp("candidates") / "home"
    warehouse = Warehouse(home, variables={"identity_candidates": "true"})
    warehouse.land()
    kinds = ["--resource-type", "seed", "--resource-type", "model"]
    warehouse.dbt("build", "--select", "+int_identity__candidate_pairs", *kinds)
    for model in ("records", "scores", "pairs"):
        warehouse.dbt("test", "--select", f"int_identity__candidate_{model}")
    return warehouse


def test_most_candidates_are_one_person_in_truth(proposed: Warehouse) -> None:
    ((n_pairs, n_same, n_known),) = proposed.rows(
        f"""
        with truth as (
            select record_id, true_person_id, case "table"
                when 'crm_leads' then 'crm_lead' when 'crm_contacts' then 'crm_contact'
                when 'call_center_calls' then 'call' when 'event_attendance' then 'event_attendance'
                when 'web_form_submissions' then 'form_submission' else 'wecom_contact'
            end as record_type
            from read_csv('{TRUTH}', all_varchar = true)
        ),
        persons as (
            select records.record_key, truth.true_person_id
            from intermediate.int_identity__person_records as records
            inner join truth using (record_type, record_id)
        )
        select
            count(*), count(*) filter (l.true_person_id = r.true_person_id),
            count(*) filter (l.true_person_id is not null and r.true_person_id is not null)
        from intermediate.int_identity__candidate_pairs as pairs
        left join persons as l on pairs.left_key = l.record_key
        left join persons as r on pairs.right_key = r.record_key
        """
    )
    assert n_pairs >= 30
    assert n_known > n_pairs / 2
    assert n_same / n_known >= WORTH_A_LOOK


def test_candidates_join_nobody(proposed: Warehouse, demonstration: Warehouse) -> None:
    members = "select entity, record_key, entity_key, valid_from, valid_to"
    query = f"{members} from intermediate.int_identity__memberships"
    assert proposed.hashed(proposed.rows(query)) == demonstration.hashed(demonstration.rows(query))
    assert not proposed.rows(
        """
        select pairs.left_key from intermediate.int_identity__candidate_pairs as pairs
        inner join intermediate.int_identity__person_records as l on pairs.left_key = l.record_key
        inner join intermediate.int_identity__person_records as r on pairs.right_key = r.record_key
        where l.person_key = r.person_key
        """
    )


def test_without_the_variable_there_are_none(demonstration: Warehouse) -> None:
    assert not demonstration.rows(
        "select table_name from information_schema.tables where table_name like '%candidate_pairs'"
    )


def test_tokens_can_not_be_compared(tmp_path: Path) -> None:
    warehouse = Warehouse(
        tmp_path, variables={"identity_candidates": "true", "identity_values": "token"}
    )
    with pytest.raises(AssertionError, match="compares spellings"):
        warehouse.dbt("compile", "--select", "int_identity__candidate_records")
