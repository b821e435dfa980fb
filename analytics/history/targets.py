"""The targets of one history: the revisions that `upgrade TARGET` and `downgrade TARGET` run.

A target is a revision or the beginning of its id, `head`, `heads`, `base`, +N or -N. The answers
are those of Alembic's ScriptDirectory, to which the tests hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from analytics.errors import TargetError
from analytics.history.graph import History, reach
from analytics.history.revision import Revision

RELATIVE = re.compile(r"[+-]\d+")
BASE = ""


def upgrade(history: History, target: str, heads: Iterable[str]) -> list[Revision]:
    """The revisions, in order, that a database at these heads runs to have the target as well.

    TargetError if the target or a head is unknown, ambiguous or out of reach.
    """
    current = history.known(heads)
    wanted = reach(history.below, upper(history, target, current))
    return history.among(wanted - reach(history.below, current))


def downgrade(history: History, target: str, heads: Iterable[str]) -> list[Revision]:
    """The revisions, in order, that a database at these heads takes back down to the target.

    TargetError as in `upgrade`, and if the target is not applied.
    """
    current = history.known(heads)
    applied = reach(history.below, current)
    stays = _lower(history, target, current)
    if stays == BASE:
        return history.among(applied)[::-1]
    if stays not in applied:
        raise TargetError(f"revision {stays} is not applied", "name one that is, or `base`")
    return history.among((reach(history.above, [stays]) & applied) - {stays})[::-1]


def find(history: History, name: str) -> str:
    """The revision of that id, or the only one whose id begins so; TargetError if there is none."""
    ids = [name] if name in history.by_id else [i for i in history.by_id if i.startswith(name)]
    if not ids:
        raise TargetError(
            f"{history.folder} has no revision {name}", "`analytics history` lists them"
        )
    return _only(ids, f"{name} is the beginning of")


def upper(history: History, target: str, current: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The revisions that a target names, for a database at the current ones; none for `base`.

    TargetError as in `upgrade`.
    """
    if target == "base":
        return ()
    if target == "heads" or not history.revisions:
        return history.heads
    if target == "head":
        return (_only(history.heads, "the history has the heads"),)
    if RELATIVE.fullmatch(target):
        return (_walk(history, target, current, up=True),)
    return (find(history, target),)


def _lower(history: History, target: str, current: tuple[str, ...]) -> str:
    """The revision that will be the newest in the end."""
    if target == "base":
        return BASE
    if target in ("head", "heads") and history.revisions:
        return _only(history.heads, "the history has the heads")
    if RELATIVE.fullmatch(target):
        return _walk(history, target, current, up=False)
    return find(history, target)


def _walk(history: History, target: str, current: tuple[str, ...], *, up: bool) -> str:
    """The revision at that many steps from the only head."""
    steps = int(target) if up else -int(target)
    place = _only(current or (BASE,), f"{target} can start at")
    next_to = _above if up else _below
    for taken in range(max(steps, 0)):
        places = next_to(history, place)
        if not places:
            raise _out_of_reach(target, taken)
        place = _only(places, f"{target} leads to")
    if steps <= 0:
        raise _out_of_reach(target, 0)
    return place


def _above(history: History, place: str) -> tuple[str, ...]:
    return history.bases if place == BASE else tuple(history.above[place])


def _below(history: History, place: str) -> tuple[str, ...]:
    return () if place == BASE else tuple(history.below[place]) or (BASE,)


def _only(places: Iterable[str], what: str) -> str:
    first, *others = places
    if others:
        raise TargetError(f"{what} {', '.join((first, *others))}", "name a revision with its id")
    return first


def _out_of_reach(target: str, taken: int) -> TargetError:
    return TargetError(
        f"{target} leads nowhere: only {taken} steps are possible", "name a revision with its id"
    )
