"""The manifest of what was planted on purpose, with the ids that tests look for."""

from __future__ import annotations

from typing import Any

_IDS = ("lead_id", "submission_id", "opportunity_id", "payment_id")


class Planted:
    """Collects notes by kind; planned objects are written as the id they have in the end."""

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
                {name: _plain(value) for name, value in facts.items()}
                for facts in self._notes[kind]
            ]
            manifest[kind] = sorted(notes, key=lambda facts: [str(v) for v in facts.values()])
        return manifest


def _plain(value: Any) -> Any:
    for name in _IDS:
        if hasattr(value, name):
            return getattr(value, name)
    return value
