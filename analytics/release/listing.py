"""The list of releases as a user sees it: how each one stands, and which one an undo takes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.errors import TargetError
from analytics.history import project
from analytics.journal.entry import Direction
from analytics.journal.releases import Release
from analytics.release.planner import Request
from analytics.settings import Settings
from analytics.stores import connections, heads


@dataclass(frozen=True)
class Listed:
    """A release, in words how it stands, and whether `analytics downgrade` takes it back."""

    release: Release
    state: str
    is_next: bool


def everything(settings: Settings) -> list[Listed]:
    """All releases, the oldest first."""
    with connections.opened(settings) as both:
        made = both.releases.everything()
    following = _next(settings, made)
    last = made[-1].id if made else 0
    return [Listed(each, _state(each, each.id == last), each.id == following) for each in made]


def _state(release: Release, is_last: bool) -> str:
    if release.ended:
        return f"ended {release.ended:%H:%M:%S}"
    why = f" ({release.stopped})" if release.stopped else ""
    if not is_last:
        return f"given up{why}"
    return f"stopped{why}" if why else "runs, or was killed"


def _next(settings: Settings, made: Sequence[Release]) -> int | None:
    """The number of the release that an undo takes back, if there is one."""
    questions = heads.ask(settings)
    current = {name: question.answer() for name, question in questions.items()}
    try:
        undone = Request(Direction.DOWN, (), made).undoes(project.read(settings.ini.file), current)
    except TargetError:
        return None
    return undone.id if undone else None
