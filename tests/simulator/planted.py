"""The manifest of what was planted on purpose, with the ids that tests look for."""

from __future__ import annotations

from typing import Any


class Planted:
    """Collects notes by kind; objects with a ``lead_id`` are written as that id."""

    def __init__(self) -> None:
        self._notes: dict[str, list[dict[str, Any]]] = {}

    def note(self, kind: str, **facts: Any) -> None:
        """Remember one planted thing."""
        self._notes.setdefault(kind, []).append(facts)

    def resolve(self) -> dict[str, list[dict[str, Any]]]:
        """Return the manifest as plain data, kinds and notes in a fixed order."""
        manifest = {}
        for kind in sorted(self._notes):
            notes = [
                {name: getattr(value, "lead_id", value) for name, value in facts.items()}
                for facts in self._notes[kind]
            ]
            manifest[kind] = sorted(notes, key=lambda facts: [str(v) for v in facts.values()])
        return manifest
