"""Whether there is anything to do: what the last good refresh saw, against what is there now.

`make run` asks before it imports anything heavy, the sensor at every tick. Standard library only.
"""

import json
import time
from dataclasses import asdict, dataclass

from dagster_project.lib.fingerprint import code_fingerprint, extracts_fingerprint
from dagster_project.lib.settings import Settings

_FILE = "last_refresh.json"
_STARTED = "inputs.json"


@dataclass(frozen=True)
class Inputs:
    """All that a refresh depends on, as fingerprints (hex)."""

    extracts: str
    code: str


@dataclass(frozen=True)
class Tick:
    """What a tick of the sensor decided. request: fingerprint to refresh for, None = not now."""

    request: str | None
    reason: str
    cursor: str


def current_inputs(settings: Settings) -> Inputs:
    """Fingerprints of the delivered files and of the code, as they are now."""
    return Inputs(
        extracts=extracts_fingerprint(settings.extracts),
        code=code_fingerprint(settings.project_root),
    )


def note_start(settings: Settings, build: str) -> None:
    """Keep what a refresh begins with; files that arrive while it runs are for the next one."""
    folder = settings.audit / build
    folder.mkdir(parents=True, exist_ok=True)
    inputs = current_inputs(settings)
    (folder / _STARTED).write_text(json.dumps(asdict(inputs)), encoding="utf-8")


def note_success(settings: Settings, build: str, version: str) -> None:
    """Remember that what `build` began with is published as `version`."""
    started = settings.audit / build / _STARTED
    if not started.exists():
        return  # a run that did not land has not looked at the files
    inputs = json.loads(started.read_text(encoding="utf-8"))
    draft = settings.home / f".{_FILE}.tmp"
    draft.write_text(json.dumps({**inputs, "version": version}), encoding="utf-8")
    draft.replace(settings.home / _FILE)


def recalled(settings: Settings) -> tuple[Inputs, str] | None:
    """Inputs and published version of the last good refresh, None when there was none."""
    try:
        known = json.loads((settings.home / _FILE).read_text(encoding="utf-8"))
        return Inputs(known["extracts"], known["code"]), known["version"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def next_tick(
    settings: Settings, cursor: str | None, settle: float, now: float | None = None
) -> Tick:
    """Decide whether the delivered files ask for a refresh.

    cursor: what the last tick returned (JSON), None at first; settle: seconds the files must not
    have changed; now: epoch seconds. Files that the last good refresh has seen ask for nothing.
    """
    now = time.time() if now is None else now
    state = json.loads(cursor) if cursor else {}
    seen = extracts_fingerprint(settings.extracts)
    known = recalled(settings)
    if seen == state.get("requested") or (known and seen == known[0].extracts):
        return Tick(None, "no new or changed files", json.dumps({**state, "seen": seen}))
    if seen != state.get("seen") or "since" not in state:
        waiting = {**state, "seen": seen, "since": now}
        return Tick(None, "files are new or changing; waiting for them", json.dumps(waiting))
    if now - state["since"] < settle:
        return Tick(None, "files are new; waiting for them to settle", json.dumps(state))
    return Tick(seen, "files have settled", json.dumps({"seen": seen, "requested": seen}))
