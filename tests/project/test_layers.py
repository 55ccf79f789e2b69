"""Extracts -> staging -> intermediate -> marts, one direction, held without exceptions."""

import pytest

MAY_READ = {
    "staging": {"source", "staging"},
    "intermediate": {"staging", "intermediate", "seed"},
    "marts": {"intermediate", "marts", "seed"},
}


def layer(node_id: str, nodes: dict[str, dict]) -> str:
    """Returns the layer of a model, or the resource type of anything else."""
    kind = node_id.split(".", 1)[0]
    return nodes[node_id]["fqn"][1] if kind == "model" else kind


def trespasses(nodes: dict[str, dict]) -> list[str]:
    return [
        f"{node['name']} ({layer(node_id, nodes)}) reads {parent} ({layer(parent, nodes)})"
        for node_id, node in nodes.items()
        if node["resource_type"] == "model"
        for parent in node["depends_on"]["nodes"]
        if layer(parent, nodes) not in MAY_READ[layer(node_id, nodes)]
    ]


def test_models_read_only_the_layers_below(manifest):
    found = trespasses(manifest["nodes"])
    assert not found, "\n" + "\n".join(found)


def test_seeds_live_in_the_schema_of_their_folder(manifest):
    for node in manifest["nodes"].values():
        if node["resource_type"] == "seed":
            folder = node["original_file_path"].split("/")[-2]
            assert node["schema"] == folder, (
                f"{node['original_file_path']}: schema {node['schema']}"
            )


@pytest.mark.parametrize(
    ("reader", "read"),
    [
        ("marts", "staging"),
        ("marts", "source.leadhouse.crm.crm_leads"),
        ("staging", "intermediate"),
        ("staging", "seed.leadhouse.stage"),
        ("intermediate", "marts"),
        ("intermediate", "source.leadhouse.crm.crm_leads"),
    ],
)
def test_planted_trespass_is_found(reader, read):
    def model(name, where, parents):
        return {
            "resource_type": "model",
            "name": name,
            "fqn": ["leadhouse", where, name],
            "depends_on": {"nodes": parents},
        }

    parent = read if "." in read else "model.leadhouse.b"
    nodes = {
        "model.leadhouse.a": model("a", reader, [parent]),
        "model.leadhouse.b": model("b", read, []),
    }
    assert len(trespasses(nodes)) == 1
