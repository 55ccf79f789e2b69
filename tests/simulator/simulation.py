"""Run the simulation and write it: extracts in one folder, the truth in another."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.simulator import world as worlds
from tests.simulator.delivery import Delivery, note_files, note_media
from tests.simulator.truth import Truth
from tests.simulator.writers import Parcel, write_parcel


def simulate(
    n_leads: int, seed: int, out: Path, truth: Path | None = None, parquet: bool = False
) -> list[str]:
    """Write the extracts of a simulated company, and what is true about it.

    Args:
        n_leads: number of CRM leads, at least 150; everything else grows with it.
        seed: the same seed gives the same bytes.
        out: folder of the extracts; replaced.
        truth: folder of the truth; replaced. None leaves the truth out.
        parquet: write clean Parquet files only (for benchmarks) instead of noisy exports.

    Returns:
        The paths of the files written, below ``out``.
    """
    with _collector_paused():
        return _simulate(n_leads, seed, out, truth, parquet)


def _simulate(n_leads: int, seed: int, out: Path, truth: Path | None, parquet: bool) -> list[str]:
    world = worlds.build(n_leads, seed)
    with _replaced(out) as folder:
        written: list[Parcel] = []
        for parcel in Delivery(world, seed, parquet).parcels():
            write_parcel(folder, parcel)
            parcel.rows = ()  # the rows are on disk: a large world need not keep them
            written.append(parcel)
        if not parquet:
            _write_unknown_folder(folder)
    note_files(world.planted, written)
    note_media(world.planted)
    if truth is not None:
        with _replaced(truth) as folder:
            Truth(world, seed).write(folder)
    return [parcel.path for parcel in written]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the cycle collector: millions of live objects cost it 40 % of the run for nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _replaced(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write into, which takes the place of ``folder`` when complete."""
    new, old = (folder.with_name(f"{folder.name}.{suffix}") for suffix in ("new", "old"))
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir(parents=True)
    yield new
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write_unknown_folder(out: Path) -> None:
    """Leave something behind that nobody declared: the lander must report it and go on."""
    folder = out / "legacy_notes" / "extract_date=2024-10-01"
    folder.mkdir(parents=True)
    (folder / "notes.csv").write_text("note_id,text\n1,旧系统备注\n2,无\n", encoding="utf-8")
