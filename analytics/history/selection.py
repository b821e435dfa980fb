"""The selection: the revisions of both histories that a command moves, with all they require.

A target is `head`, `heads` or `base` for both histories, `postgres@0004`, `clickhouse@+1` and the
like for one of them, or the id of a revision that only one has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analytics.errors import Refused, TargetError
from analytics.history import order, targets
from analytics.history.graph import History, reach
from analytics.history.order import Node
from analytics.history.revision import Revision

Histories = Mapping[str, History]
Heads = Mapping[str, Iterable[str]]  # by the name of the history
Ids = dict[str, set[str]]  # of revisions, by the name of the history
BOTH = ("head", "heads", "base")


def parse(histories: Histories, named: Iterable[str]) -> dict[str, str]:
    """The target of each history that is named; TargetError if that is not clear."""
    chosen: dict[str, str] = {}
    for text in named:
        history, at, target = text.rpartition("@")
        for each in [history] if at else _places(histories, target):
            if each not in histories:
                raise TargetError(f"there is no history {each}", "write postgres@ or clickhouse@")
            if each in chosen:
                raise TargetError(f"{each} has two targets", "name one for each history")
            chosen[each] = target
    return chosen


def upgrade(histories: Histories, named: Iterable[str], heads: Heads) -> list[Node]:
    """The revisions to run, in order: up to the targets, with all that those require.

    Raises HistoryError, TargetError, RequirementMissing, RequirementCycle.
    """
    order.check(histories)
    applied = _applied(histories, heads)
    chosen: Ids = {
        name: {r.id for r in targets.upgrade(histories[name], target, heads[name])}
        for name, target in parse(histories, named).items()
    }
    while lacking := _required(histories, chosen) - _names(applied) - _names(chosen):
        history, _, revision = lacking.pop().partition("@")
        more = targets.upgrade(histories[history], revision, heads[history])
        chosen.setdefault(history, set()).update(each.id for each in more)
    return order.upwards(_revisions(histories, chosen), _revisions(histories, applied))


def downgrade(histories: Histories, named: Iterable[str], heads: Heads) -> list[Node]:
    """The revisions to take back, in order: down to the targets, with all that requires them.

    Raises HistoryError, TargetError, Irreversible.
    """
    chosen: Ids = {
        name: {r.id for r in targets.downgrade(histories[name], target, heads[name])}
        for name, target in parse(histories, named).items()
    }
    return _back(histories, chosen, heads)


def undo(histories: Histories, before: Heads, after: Heads, heads: Heads) -> list[Node]:
    """The revisions to take back, in order, so that none remains that a release has run.

    Refused if one was applied since by another way; else as in `downgrade`.
    """
    applied = _applied(histories, heads)
    old, new = _applied(histories, before), _applied(histories, after)
    if later := _names(applied) - _names(new):
        start = [f"{name}@{head}" for name in before for head in before[name] or ("base",)]
        raise Refused(
            f"{', '.join(sorted(later))} came after the last release, by another way",
            "take those back first, or name where to go, to undo all of it: "
            f"`analytics downgrade {' '.join(start)}`",
        )
    return _back(histories, {name: ids - old[name] for name, ids in applied.items()}, heads)


def brings(histories: Histories, before: Heads, after: Heads, heads: Heads) -> bool:
    """Whether any revision between two states is applied; TargetError if a head has no file."""
    applied = _applied(histories, heads)
    old, new = _applied(histories, before), _applied(histories, after)
    return any(applied[name] & new[name] - old[name] for name in histories)


def _back(histories: Histories, chosen: Ids, heads: Heads) -> list[Node]:
    order.check(histories)
    applied = _applied(histories, heads)
    while dependants := _dependants(histories, applied, chosen):
        for name, revision in dependants:
            above = reach(histories[name].above, [revision.id])
            chosen.setdefault(name, set()).update(above & applied[name])
    return order.downwards(_revisions(histories, chosen), _revisions(histories, applied))


def _dependants(histories: Histories, applied: Ids, chosen: Ids) -> list[Node]:
    """The applied revisions that are not chosen so far, and require a chosen one."""
    going = _names(chosen)
    return [
        (name, each)
        for name, many in _revisions(histories, applied).items()
        for each in many
        if f"{name}@{each.id}" not in going and going.intersection(each.requires)
    ]


def _places(histories: Histories, target: str) -> list[str]:
    """The histories that a target without a history's name selects from."""
    if target in BOTH:
        return list(histories)
    if targets.RELATIVE.fullmatch(target):
        raise TargetError(
            f"{target} of which history", f"write postgres@{target} or clickhouse@{target}"
        )
    names = [name for name, each in histories.items() if _has(each, target)]
    if not names:
        raise TargetError(f"no history has a revision {target}", "`analytics history` lists them")
    if len(names) > 1:
        both = " or ".join(f"{name}@{target}" for name in names)
        raise TargetError(f"both histories have a revision {target}", f"write {both}, or both")
    return names


def _has(history: History, target: str) -> bool:
    return any(each.startswith(target) for each in history.by_id)


def _required(histories: Histories, chosen: Ids) -> set[str]:
    revisions = _revisions(histories, chosen).values()
    return {wanted for many in revisions for each in many for wanted in each.requires}


def _applied(histories: Histories, heads: Heads) -> Ids:
    return {n: reach(each.below, each.known(heads[n])) for n, each in histories.items()}


def _names(chosen: Ids) -> set[str]:
    return {f"{name}@{each}" for name, ids in chosen.items() for each in ids}


def _revisions(histories: Histories, chosen: Ids) -> dict[str, list[Revision]]:
    return {name: histories[name].among(ids) for name, ids in chosen.items()}
