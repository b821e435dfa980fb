"""What one history, moved alone, may not do because of the other one."""

from __future__ import annotations

from pathlib import Path

from analytics.history import order, project
from analytics.settings import Settings
from analytics.stores import heads


def check(ini: Path, history: str, moving: set[str], settings: Settings, *, up: bool) -> None:
    """Return if the other store is where these revisions need it to be.

    Raises RequirementMissing upwards, StillRequired or Irreversible downwards. The stores are
    asked for their heads only if revisions of the two histories are tied to each other. A project
    with one history has nothing to check.
    """
    if not all(place.is_dir() for place in project.places(ini).values()):
        return
    both = project.read(ini)
    order.check(both)
    chosen = {history: both[history].among(moving)}
    if not any(revision.requires for each in both.values() for revision in each.revisions):
        applied = {} if up else {history: both[history].revisions}
    else:
        asked = heads.ask(settings)
        applied = {name: tuple(h.applied(asked[name].answer())) for name, h in both.items()}
    (order.upwards if up else order.downwards)(chosen, applied)
