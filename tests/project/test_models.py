"""What every model owes its readers."""

import pytest


@pytest.fixture(scope="module")
def models(manifest) -> dict[str, dict]:
    return {
        node_id: node
        for node_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
    }


@pytest.fixture(scope="module")
def seeds(manifest) -> list[dict]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]


def test_every_model_and_seed_states_its_grain(models, seeds):
    without = [n["name"] for n in [*models.values(), *seeds] if "Grain:" not in n["description"]]
    assert not without, "say 'Grain: one row per …' in the description of " + ", ".join(without)


def test_every_model_has_a_data_test(models, manifest):
    tested = {
        parent
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        for parent in node["depends_on"]["nodes"]
    }
    without = sorted(node["name"] for node_id, node in models.items() if node_id not in tested)
    assert not without, "no data test on " + ", ".join(without)


def test_every_seed_column_has_a_type(seeds):
    """dbt guesses otherwise, and takes a phone number for an integer."""
    for seed in seeds:
        untyped = seed["columns"].keys() - seed["config"]["column_types"].keys()
        assert seed["columns"], f"{seed['name']}: no columns documented"
        assert not untyped, f"{seed['name']}: no column_types for {sorted(untyped)}"


def test_every_mart_has_an_enforced_contract(models):
    for node in models.values():
        if node["fqn"][1] == "marts":
            assert node["config"]["contract"]["enforced"], node["name"]
            untyped = [c["name"] for c in node["columns"].values() if not c["data_type"]]
            assert not untyped, f"{node['name']}: no data_type for {untyped}"


def test_no_model_hides_an_index_or_an_external_file(models):
    """Reopened, an index breaks delete+insert; an empty external model writes a NULL row."""
    for node in models.values():
        assert not node["config"].get("indexes"), node["name"]
        assert node["config"]["materialized"] != "external", node["name"]
