"""dbt ignores misspelt keys in YAML on DuckDB, so they are held against the schema it ships."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.project.conftest import ROOT

PROPERTIES = sorted(
    path
    for folder in ("dbt/models", "dbt/macros", "dbt/tests", "seeds/rules", "seeds/reference")
    for pattern in ("*.yml", "*.yaml")
    for path in (ROOT / folder).rglob(pattern)
)


# dbt's own schema refuses much that dbt accepts here: `config` on built-in tests, `severity: warn`.
DATA_TEST = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "arguments": {"type": "object"},
                    "config": {"$ref": "#/definitions/DataTestConfig"},
                },
            },
        },
    ]
}


def validator(kind: str, newest: str) -> jsonschema.Draft7Validator:
    """Returns a validator with the schema that dbt-core ships for a kind of file."""
    folder = resources.files("dbt") / "jsonschemas" / kind
    schema = json.loads((folder / newest).read_text("utf-8"))
    if kind == "resources":
        assert schema["definitions"]["DataTests"], "dbt renamed what is replaced here"
        schema["definitions"]["DataTests"] = DATA_TEST
        schema["definitions"]["DataTestConfig"]["properties"]["severity"] = {
            "enum": ["error", "warn"]
        }
        # A Python model can be switched by a variable nowhere else.
        schema["definitions"]["ModelConfig"]["properties"]["enabled"] = {
            "anyOf": [{"type": "boolean"}, {"type": "string", "pattern": "^{{.*}}$"}]
        }
    return jsonschema.Draft7Validator(schema)


RESOURCES = validator("resources", "latest.json")
PROJECT = validator("project", "0.0.110.json")


def complaints(validator: jsonschema.Draft7Validator, document: object) -> list[str]:
    """Returns one line per violation, with the place in the document where it stands."""
    # YAML reads 2026-07-01 as a date; the schema means its text.
    document = json.loads(json.dumps(document, default=str))
    return [
        f"{'/'.join(str(part) for part in leaf.absolute_path)}: {leaf.message[:300]}"
        for error in validator.iter_errors(document)
        for leaf in _leaves(error)
    ]


def _leaves(error: jsonschema.ValidationError) -> Iterator[jsonschema.ValidationError]:
    """Follows anyOf to the branch that was meant: the one that fails deepest in the document."""
    if not error.context:
        yield error
        return
    branches: dict[object, list[jsonschema.ValidationError]] = {}
    for child in error.context:
        branches.setdefault(child.schema_path[0], []).append(child)
    meant = max(branches.values(), key=lambda errors: max(len(e.absolute_path) for e in errors))
    for child in meant:
        yield from _leaves(child)


@pytest.mark.parametrize("path", PROPERTIES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_properties_have_no_unknown_keys(path: Path):
    found = complaints(RESOURCES, yaml.safe_load(path.read_text("utf-8")))
    assert not found, "\n" + "\n".join(found)


def test_project_file_has_no_unknown_keys():
    project = yaml.safe_load((ROOT / "dbt" / "dbt_project.yml").read_text("utf-8"))
    assert not complaints(PROJECT, project)


@pytest.mark.parametrize(
    "typo",
    [
        "models: [{name: a, descripton: x}]",
        "models: [{name: a, config: {materialised: table}}]",
        "models: [{name: a, config: {contract: {enforce: true}}}]",
        "models: [{name: a, columns: [{name: b, descripton: x}]}]",
        "models: [{name: a, columns: [{name: b, data_test: [unique]}]}]",
        "models: [{name: a, columns: [{name: b, data_tests: [{unique: {cofig: {where: x}}}]}]}]",
        "models: [{name: a, data_tests: [{mine: {argumets: {column: x}}}]}]",
        "models: [{name: a, data_tests: [{mine: {config: {severty: warn}}}]}]",
        "seeds: [{name: a, config: {colum_types: {a: date}}}]",
        "sources: [{name: a, tables: [{name: b, colums: []}]}]",
        "sources: [{name: a, tables: [{name: b, columns: [{name: c, config: {metta: {}}}]}]}]",
        "unit_tests: [{name: a, model: b, given: [{input: x, row: []}], expect: {rows: []}}]",
    ],
)
def test_planted_typo_is_found(typo):
    assert len(complaints(RESOURCES, yaml.safe_load(typo))) == 1


@pytest.mark.parametrize("typo", ["flagz: {}", "seedpaths: []", "models: {+materialised: view}"])
def test_planted_typo_in_the_project_file_is_found(typo):
    assert complaints(PROJECT, {"name": "leadhouse", "profile": "x", **yaml.safe_load(typo)})


@pytest.mark.parametrize(
    "right",
    [
        "models: [{name: a, data_tests: [{b: {arguments: {x: [y]}, config: {severity: warn}}}]}]",
        "models: [{name: a, columns: [{name: b, data_tests: [unique, {not_null: {name: c}}]}]}]",
        "models: [{name: a, constraints: [{type: primary_key, columns: [b]}]}]",
        "models: [{name: a, config: {meta: {dagster: {group: x}}, access: public}}]",
        "sources: [{name: a, tables: [{name: b, config: {meta: {kind: state, key: [c]}}}]}]",
        "unit_tests: [{name: a, model: b, given: [{input: c, format: csv, rows: d}], "
        "overrides: {vars: {as_of: 2026-07-01}}, expect: {format: sql, rows: e}}]",
        "data_tests: [{name: assert_a, config: {meta: {dagster: {ref: {name: b}}}}}]",
    ],
)
def test_right_spelling_passes(right):
    assert not complaints(RESOURCES, yaml.safe_load(right))
