import pytest

from dagster_project.lib.contract import DATA_TYPES, KINDS, ContractError, load_contract
from dagster_project.lib.settings import PROJECT_ROOT

GOOD = """
version: 2
sources:
  - name: landing
    tables: [{name: ledger}]
  - name: crm
    tables:
      - name: crm_leads
        description: One lead.
        config:
          meta: {kind: state, key: [lead_id], encodings: [gb18030], dagster: {group: raw}}
        columns:
          - name: lead_id
            data_type: string
            description: Identifier.
            config: {meta: {key: true, required: true}}
          - {name: email, data_type: string, config: {meta: {pii: true}}}
          - {name: amount, data_type: "decimal(18, 4)"}
"""


@pytest.fixture
def declare(tmp_path):
    def write(text, source="crm"):
        folder = tmp_path / "models" / "staging" / source
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"_{source}__sources.yml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_declared_table_is_read_with_all_it_says(declare):
    contract = load_contract(declare(GOOD))
    assert list(contract.tables) == ["crm_leads"]
    table = contract["crm_leads"]
    assert (table.source, table.kind, table.key) == ("crm", "state", ("lead_id",))
    assert (table.encodings, table.description) == (("gb18030",), "One lead.")
    assert table.column_names == ("lead_id", "email", "amount")
    assert table.required == ("lead_id",)
    lead_id, email, amount = table.columns
    assert (lead_id.key, lead_id.required, lead_id.pii) == (True, True, False)
    assert (email.key, email.required, email.pii) == (False, False, True)
    assert amount.data_type == "decimal(18,4)"
    assert table.file.name == "_crm__sources.yml"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: state", "kind: stat", "kind 'stat' is not one of"),
        ("kind: state, ", "", "kind None"),
        ("data_type: string", "data_type: text", "data_type 'text' is not one of"),
        ("key: [lead_id]", "key: [id]", "key column id is not among the columns"),
        ("key: [lead_id]", "key: lead_id", "not a list of names"),
        ("key: [lead_id], ", "", "key is missing"),
        ("key: true, ", "", "make them agree"),
        ("pii: true", "pii: yes please", "pii is 'yes please'"),
        ("pii: true", "pi: true", "unknown config.meta pi"),
        ("gb18030", "gb99", "no encoding 'gb99'"),
        ("name: email", "name: lead_id", "lead_id stand there more than once"),
        ("name: email", "name: Email", "lower case"),
        ("name: email", "name: _file", "begin with `_`"),
        ("{name: email,", "{", "has no `name:`"),
        ("config: {meta: {pii: true}}", "meta: {pii: true}", "dbt ignores"),
    ],
)
def test_a_malformed_declaration_names_file_and_table(declare, old, new, words):
    assert old in GOOD
    with pytest.raises(ContractError) as raised:
        load_contract(declare(GOOD.replace(old, new, 1)))
    message = str(raised.value)
    assert words in message
    assert "_crm__sources.yml" in message
    assert "crm_leads" in message


def test_a_table_declared_twice_names_both_files(declare):
    declare(GOOD)
    with pytest.raises(ContractError, match=r"_web__sources.*already declared.*_crm__sources"):
        load_contract(declare(GOOD.replace("- name: crm\n", "- name: web\n"), "web"))


@pytest.mark.parametrize("text", ["a: [", "", "version: 2", "sources: []", "sources: [{name: x}]"])
def test_a_file_that_declares_nothing_is_named(declare, text):
    with pytest.raises(ContractError, match=r"_crm__sources\.yml"):
        load_contract(declare(text))


def test_a_project_without_sources_is_an_error(tmp_path):
    with pytest.raises(ContractError, match="No source YAML"):
        load_contract(tmp_path)


def test_only_what_decides_how_a_file_lands_changes_the_fingerprint(declare):
    def fingerprint(text):
        return load_contract(declare(text))["crm_leads"].fingerprint

    same = GOOD.replace("One lead.", "A lead.").replace("decimal(18, 4)", "string")
    assert fingerprint(same) == fingerprint(GOOD)
    for old, new in [("name: email", "name: mail"), ("gb18030", "big5"), (", required: true", "")]:
        assert fingerprint(GOOD.replace(old, new)) != fingerprint(GOOD)


def test_our_own_contract_can_be_read():
    contract = load_contract(PROJECT_ROOT / "dbt")
    assert {"crm_leads", "web_events", "payments"} <= contract.tables.keys()
    for table in contract.tables.values():
        assert table.kind in KINDS
        assert {column.data_type for column in table.columns} <= DATA_TYPES
        assert all(column.description for column in table.columns), table.name
