"""What a build was made of, kept so that the next build can be told apart from it, cause by cause.

Belongs here: the record of code, rules and deliveries, on disk and as fingerprints. Does not belong
here: what follows from a difference (replay.py). Carries no row of data: names and hashes of files,
and the rules, which are part of the code.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from dagster_project.lib import builds
from dagster_project.lib.fingerprint import code_fingerprint
from dagster_project.lib.landing import Entry, read_ledger
from dagster_project.lib.landing.ledger import DUPLICATE, LANDED
from dagster_project.lib.scratch import SEED_FOLDERS
from dagster_project.lib.settings import Settings

FILE = "inputs.json.gz"
# A figure may also move because one of these calculates otherwise.
_ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "numpy")
_CODE = ("dbt", "dagster_project")


@dataclass(frozen=True)
class Delivered:
    """A content of a file that counts: landed, or delivered again (duplicate)."""

    file: str
    content_hash: str | None
    extract_date: date | None
    brings_rows: bool

    @property
    def key(self) -> tuple[str, str | None]:
        """Identity, as in the ledger of the landing."""
        return self.file, self.content_hash


@dataclass(frozen=True)
class Inputs:
    """code: fingerprint; rules: text of every seed, by path below seeds/; files: what counted."""

    code: str
    rules: Mapping[str, str]
    files: tuple[Delivered, ...]

    @cached_property
    def keys(self) -> frozenset[tuple[str, str | None]]:
        """Identities of the files."""
        return frozenset(file.key for file in self.files)

    @cached_property
    def newest_extract(self) -> date | None:
        """The day that "now" of the build is the end of."""
        days = [file.extract_date for file in self.files if file.brings_rows and file.extract_date]
        return max(days, default=None)

    @property
    def rules_digest(self) -> str:
        """Digest (hex) of all rules."""
        return _digest(f"{path}\0{text}" for path, text in sorted(self.rules.items()))

    @property
    def landing_digest(self) -> str:
        """Digest (hex) of all files that counted."""
        return _digest(f"{file}\0{content}" for file, content in sorted(self.keys, key=str))


def present_inputs(settings: Settings) -> Inputs:
    """What a build that begins now is made of."""
    return Inputs(_code(settings), _rules(settings), _files(read_ledger(settings.landing)))


def note(settings: Settings, part: str, build: str) -> None:
    """Keep what `build` of a part of the warehouse begins with.

    Seeds and staging belong to the foundation: marts built alone stand on the rules and files of
    the foundation that is there, and on the code of now.
    """
    inputs = present_inputs(settings)
    if part != "foundation":
        with builds.open_warehouse(settings) as connection:
            foundation = builds.marker(connection).foundation
        below = noted(settings, foundation or "")
        if below is None:
            return
        inputs = Inputs(inputs.code, below.rules, below.files)
    folder = builds.audit_folder(settings, build)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE}.{os.getpid()}.tmp"
    draft.write_bytes(dumped(inputs))
    draft.replace(folder / FILE)


def noted(settings: Settings, build: str) -> Inputs | None:
    """What `note` kept of a build, None when it kept nothing."""
    return read(builds.audit_folder(settings, build) / FILE) if build else None


def read(path: Path) -> Inputs | None:
    """A record on disk, None when it is not there or not readable."""
    try:
        content = json.loads(gzip.decompress(path.read_bytes()))
        files = tuple(
            Delivered(file, digest, day and date.fromisoformat(day), brings)
            for file, digest, day, brings in content["files"]
        )
        return Inputs(content["code"], content["rules"], files)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def dumped(inputs: Inputs) -> bytes:
    """The record as bytes; equal inputs give equal bytes."""
    files = sorted(
        (
            file.file,
            file.content_hash,
            file.extract_date and str(file.extract_date),
            file.brings_rows,
        )
        for file in inputs.files
    )
    content = {"code": inputs.code, "rules": dict(inputs.rules), "files": files}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return gzip.compress(text.encode(), mtime=0)


def _files(entries: Iterable[Entry]) -> tuple[Delivered, ...]:
    return tuple(
        Delivered(
            entry.file,
            entry.content_hash,
            entry.extract_date,
            entry.status == LANDED and bool(entry.rows_landed),
        )
        for entry in entries
        if entry.status in (LANDED, DUPLICATE)
    )


def _rules(settings: Settings) -> dict[str, str]:
    seeds = settings.project_root / "seeds"
    return {
        f"{folder}/{path.name}": path.read_text(encoding="utf-8")
        for folder in SEED_FOLDERS
        for path in sorted((seeds / folder).glob("*.csv"))
    }


def _code(settings: Settings) -> str:
    """Models, Python and the columns of seeds, and the engines they run on."""
    columns = sorted((settings.project_root / "seeds").glob("r*/*.yml"))
    return _digest(
        [
            code_fingerprint(settings.project_root, _CODE),
            *(f"{path.name}\0{path.read_text(encoding='utf-8')}" for path in columns),
            *(f"{engine} {version(engine)}" for engine in _ENGINES),
        ]
    )


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()
