"""The yardstick is measured first: the metrics by brute force, the world by what it promises."""

import random
from itertools import combinations
from pathlib import Path

import pytest

from tests.identity_world import keys
from tests.identity_world.build import build
from tests.identity_world.judge import judge
from tests.identity_world.metrics import quality
from tests.identity_world.parameters import WORLDS, world
from tests.identity_world.truth import Truth, read_truth


def brute_force(predicted: list, true: list) -> dict[str, float]:
    """The definitions word by word, pair by pair and record by record."""
    places = range(len(true))
    labels = [(place, "alone") if label is None else label for place, label in enumerate(predicted)]
    together = [(labels[a] == labels[b], true[a] == true[b]) for a, b in combinations(places, 2)]
    hits = sum(p and t for p, t in together)
    claimed, real = sum(p for p, _ in together), sum(t for _, t in together)
    clusters = [{b for b in places if labels[b] == labels[a]} for a in places]
    persons = [{b for b in places if true[b] == true[a]} for a in places]
    found = {frozenset(cluster) for cluster in clusters}
    people = {frozenset(person) for person in persons}
    return {
        "precision": hits / claimed if claimed else 1.0,
        "recall": hits / real if real else 1.0,
        "bcubed_precision": sum(len(clusters[a] & persons[a]) / len(clusters[a]) for a in places)
        / len(true),
        "bcubed_recall": sum(len(clusters[a] & persons[a]) / len(persons[a]) for a in places)
        / len(true),
        "exact_clusters": len(found & people) / len(people),
        "largest_cluster": max(map(len, clusters)),
        "largest_true_cluster": max(map(len, persons)),
    }


@pytest.mark.parametrize("seed", range(30))
def test_metrics_equal_their_definitions(seed):
    dice = random.Random(seed)
    count = dice.randint(1, 25)
    predicted = [dice.choice((None, *range(dice.randint(1, 8)))) for _ in range(count)]
    true = [dice.choice("abcdefg"[: dice.randint(1, 7)]) for _ in range(count)]
    result = quality(predicted, true)
    for name, value in brute_force(predicted, true).items():
        assert getattr(result, name) == pytest.approx(value), name


def test_nobody_is_judged_perfectly():
    assert quality([], []).f1 == 1.0
    assert quality([1], ["a"]).f1 == 1.0
    assert quality([None, None], ["a", "a"]).f1 == 0.0
    with pytest.raises(ValueError, match="2 predicted labels for 1"):
        quality([1, 2], ["a"])


@pytest.fixture(scope="module", params=WORLDS)
def made(request, tmp_path_factory) -> tuple[str, Path, Truth]:
    folder = tmp_path_factory.mktemp(request.param)
    build(world(request.param, persons=1_200, companies=180), folder)
    return request.param, folder, read_truth(folder / "truth")


def test_a_world_is_the_same_again(made, tmp_path):
    name, folder, _ = made
    build(world(name, persons=1_200, companies=180), tmp_path)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*.csv"))
    assert files == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    for file in files:
        assert (folder / file).read_bytes() == (tmp_path / file).read_bytes(), file


def test_a_world_is_hard_but_not_hopeless(made):
    """Clean keys find much and never err; without guards everybody hangs together."""
    _, _, truth = made
    judgement = judge(truth, {})
    assert len(truth.keys) == len(set(truth.keys))
    assert judgement.oracle.precision == judgement.any_key_oracle.precision == 1.0
    assert 0.4 < judgement.oracle.recall < judgement.any_key_oracle.recall < 0.95
    assert judgement.naive_canonical.precision < 0.5
    assert judgement.naive_canonical.recall >= judgement.any_key_oracle.recall


def test_a_clean_identifier_is_on_records_of_its_owner(made):
    """A clean identifier may change hands (recycled numbers), but rarely."""
    _, _, truth = made
    owners = {}
    for planted in truth.identifiers:
        if planted.is_clean:
            owner = owners.setdefault((planted.kind, planted.canonical), set())
            owner.add(truth.persons[planted.place])
    several = [identifier for identifier, persons in owners.items() if len(persons) > 1]
    assert {kind for kind, _ in several} <= {"phone"}
    assert len(several) < 0.02 * len(owners)


def test_components_join_equal_keys():
    labels = keys.components(5, [(0, "x"), (1, "x"), (1, "y"), (3, "y"), (4, "z")])
    assert labels[0] == labels[1] == labels[3]
    assert len(set(labels)) == 3
