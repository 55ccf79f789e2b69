"""Three blocks of time: train, calibrate, test; with an embargo, and no person in two of them."""

from dataclasses import dataclass

import numpy as np

from dagster_project.lib.score_model.dataset import NotEnoughDataError

BLOCKS = ("train", "calibration", "test")


@dataclass(frozen=True)
class Split:
    """Row numbers of each block, and how many rows are in none.

    n_embargoed: their label window reaches into the next block; n_same_person: a lead of theirs is
    in an earlier block.
    """

    train: np.ndarray
    calibration: np.ndarray
    test: np.ndarray
    n_embargoed: int
    n_same_person: int


def split(
    snapshot_at: np.ndarray,
    due_at: np.ndarray,
    groups: np.ndarray,
    train_percent: int,
    calibration_percent: int,
) -> Split:
    """Cut n examples into three blocks of time.

    snapshot_at, due_at: datetime64 (n,), when each was looked at and when its label was final.
    Blocks begin at the quantiles `train_percent` and `train_percent + calibration_percent` of the
    snapshots. A row is in a block when it was looked at and its label was final within it, so that
    what is fitted before a block begins uses no label from inside it (Lopez de Prado's embargo).
    A person of an earlier block is left out of the later ones. Raises NotEnoughDataError.
    """
    n = len(snapshot_at)
    if n < len(BLOCKS):
        raise NotEnoughDataError(f"{n} leads have a final label; three blocks need more.")
    ordered = np.sort(snapshot_at)
    first = ordered[min(n * train_percent // 100, n - 1)]
    second = ordered[min(n * (train_percent + calibration_percent) // 100, n - 1)]
    within = [
        due_at <= first,
        (snapshot_at >= first) & (due_at <= second),
        snapshot_at >= second,
    ]
    n_embargoed = n - int(sum(rows.sum() for rows in within))
    blocks, seen, n_same_person = [], np.array([], dtype=groups.dtype), 0
    for rows in within:
        known = np.isin(groups, seen)
        n_same_person += int((rows & known).sum())
        blocks.append(np.flatnonzero(rows & ~known))
        seen = np.union1d(seen, groups[rows])
    return Split(*blocks, n_embargoed=n_embargoed, n_same_person=n_same_person)


def require_both_classes(labels: np.ndarray, blocks: Split, min_class_rows: int) -> None:
    """Raise NotEnoughDataError unless each block has `min_class_rows` rows of either label."""
    for name in BLOCKS:
        of_block = labels[getattr(blocks, name)]
        n_positive = int(of_block.sum())
        if min(n_positive, len(of_block) - n_positive) < min_class_rows:
            raise NotEnoughDataError(
                f"The {name} block has {n_positive} leads that reached the stage and"
                f" {len(of_block) - n_positive} that did not; either needs {min_class_rows}"
                " (min_class_rows in seeds/rules/score_model_design.csv)."
            )
