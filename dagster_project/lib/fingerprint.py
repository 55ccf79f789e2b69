"""Cheap identities of what a build depends on: the delivered files and our own code.

Belongs here: hashing of paths and files. Does not belong here: what follows from a difference
(run.py skips, the sensor asks for a run, publishing writes it into the manifest). Standard library
only, because `make run` uses it before it imports anything heavy.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

# Everything whose change can change a mart, its checks or its publication.
CODE_FOLDERS = ("dbt", "seeds/rules", "seeds/reference", "expectations", "dagster_project")
DBT_FOLDERS = ("dbt", "seeds/rules", "seeds/reference")
_SKIPPED_FOLDERS = {"target", "logs", "dbt_packages", "__pycache__"}
_SKIPPED_SUFFIXES = {".pyc", ".duckdb", ".wal", ".tmp"}
_SKIPPED_NAMES = {".user.yml"}  # dbt's own identity file


def extracts_fingerprint(extracts: Path) -> str:
    """Digest (hex) of relative path, size in bytes and mtime in ns of every file in `extracts`.

    Reads no content. An absent folder has a fingerprint too (that of no files).
    """
    digest = hashlib.sha256()
    for path in _files(extracts):
        stat = path.stat()
        name = path.relative_to(extracts).as_posix()
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def code_fingerprint(root: Path, folders: Iterable[str] = CODE_FOLDERS) -> str:
    """Digest (hex) of relative path and content of every source file in `root`/`folders`."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in _files(root / folder):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Digest (hex) of one file's content, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    """All source files below `folder`, in an order that no file system decides."""
    found = []
    for parent, children, names in os.walk(folder):
        children[:] = [c for c in children if c not in _SKIPPED_FOLDERS and not c.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if name not in _SKIPPED_NAMES and Path(name).suffix not in _SKIPPED_SUFFIXES
        ]
    return sorted(found, key=lambda path: path.as_posix())
