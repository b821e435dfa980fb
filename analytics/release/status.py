"""The status of both stores: the revisions that each has run, and the pending ones."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.history import project
from analytics.history.revision import Revision
from analytics.settings import Settings
from analytics.stores import heads


@dataclass(frozen=True)
class Standing:
    """The revisions of a history that its database has run, and those that are pending."""

    server: str  # host:port/database
    heads: tuple[str, ...]
    newest: tuple[str, ...]
    applied: int
    pending: tuple[Revision, ...]


def of_both(settings: Settings) -> dict[str, Standing]:
    """The status of both stores, which are asked while the files are read.

    Raises SettingError, HistoryError, TargetError, and what the stores raise, such as Unreachable.
    """
    questions = heads.ask(settings)
    stores = {}
    for name, history in project.read(settings.ini.file).items():
        current = questions[name].answer()
        stores[name] = Standing(
            server=str(questions[name].address),
            heads=current,
            newest=history.heads,
            applied=len(history.applied(current)),
            pending=tuple(history.pending(current)),
        )
    return stores
