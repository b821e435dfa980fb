"""Where each store stands in its history."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.history import project
from analytics.history.revision import Revision
from analytics.settings import Settings
from analytics.stores import heads


@dataclass(frozen=True)
class Standing:
    """What a database has run of its history, and what it has yet to run."""

    server: str  # host:port/database
    heads: tuple[str, ...]
    newest: tuple[str, ...]
    applied: int
    pending: tuple[Revision, ...]


def of_both(settings: Settings) -> dict[str, Standing]:
    """Both stores, asked while the files are read."""
    asked = heads.ask(settings)
    found = {}
    for name, history in project.read().items():
        current = asked[name].answer()
        found[name] = Standing(
            server=str(asked[name].address),
            heads=current,
            newest=history.heads,
            applied=len(history.applied(current)),
            pending=tuple(history.pending(current)),
        )
    return found
