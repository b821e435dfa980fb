"""One order over both histories, in which every revision finds what it `requires`.

Upwards PostgreSQL comes first as far as its requirements allow; downwards is the exact reverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from analytics.errors import (
    HistoryError,
    Irreversible,
    RequirementCycle,
    RequirementMissing,
    StillRequired,
)
from analytics.history.graph import History, Links, reach
from analytics.history.names import NAMES
from analytics.history.revision import Revision

Node = tuple[str, Revision]  # the name of a history, and one of its revisions
Nodes = dict[str, Node]  # by history@revision, each history from its bases to its heads
Chosen = Mapping[str, Iterable[Revision]]  # some revisions of each history, in its order


def check(histories: Mapping[str, History]) -> None:
    """HistoryError if a `requires` names nothing that there is."""
    steps = _named({name: history.revisions for name, history in histories.items()})
    for name, (_, revision) in steps.items():
        for wanted in revision.requires:
            if wanted not in steps:
                raise HistoryError(
                    f"{name} requires {wanted}, which is not there",
                    f"write postgres@REVISION or clickhouse@REVISION into {revision.file}",
                )


def upwards(pending: Chosen, applied: Chosen) -> list[Node]:
    """The pending revisions in the order to run them; the histories have passed `check`.

    RequirementMissing if one requires a revision that is neither pending nor applied,
    RequirementCycle if some wait for each other.
    """
    coming, there = _named(pending), _named(applied)
    for name, (_, revision) in coming.items():
        for wanted in revision.requires:
            if wanted not in coming and wanted not in there:
                raise _missing(name, wanted)
    return _ordered(coming)


def downwards(leaving: Chosen, applied: Chosen) -> list[Node]:
    """The leaving revisions in the order to take them back: the reverse of running them.

    StillRequired if one that stays requires one that leaves; Irreversible if one cannot leave.
    """
    steps, gone = _named(applied), _named(leaving).keys()
    going = {name: step for name, step in steps.items() if name in gone}
    _check_nobody_needs(going, {n: step for n, step in steps.items() if n not in gone})
    _check_reversible(going)
    return _ordered(going)[::-1]


def _named(chosen: Chosen) -> Nodes:
    return {f"{h}@{r.id}": (h, r) for h in NAMES for r in chosen.get(h, ())}


def _ordered(steps: Nodes) -> list[Node]:
    """Of those whose turn it could be always the first one."""
    sorter = TopologicalSorter(_links(steps))
    try:
        sorter.prepare()
    except CycleError as error:
        raise _cycle(steps, error.args[1][::-1]) from None
    place = {name: n for n, name in enumerate(steps)}
    ready: list[tuple[int, str]] = []
    order = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (place[name], name))
        _, name = heappop(ready)
        sorter.done(name)
        order.append(steps[name])
    return order


def _links(steps: Nodes) -> Links:
    """Each of the steps -> those that are to be run before it."""
    return {
        name: [below for below in _before(history, revision) if below in steps]
        for name, (history, revision) in steps.items()
    }


def _before(history: str, revision: Revision) -> tuple[str, ...]:
    return (*(f"{history}@{each}" for each in revision.down), *revision.requires)


def _missing(name: str, wanted: str) -> RequirementMissing:
    history, _, revision = wanted.partition("@")
    return RequirementMissing(
        f"{name} requires {wanted}, which is not applied",
        f"run `{NAMES[history].command} upgrade {revision}` first",
    )


def _cycle(steps: Nodes, names: list[str]) -> RequirementCycle:
    files = dict.fromkeys(steps[name][1].file for name in names if steps[name][1].requires)
    return RequirementCycle(
        f"revisions wait for each other: {' waits for '.join(names)}",
        f"take a `requires` out of {' or '.join(files)}",
    )


def _check_nobody_needs(going: Nodes, staying: Nodes) -> None:
    needs = {n: [w for w in r.requires if w in going] for n, (_, r) in staying.items()}
    dependants = [name for name, wanted in needs.items() if wanted]
    if not dependants:
        return
    history, lowest = staying[dependants[0]]
    below = lowest.down[0] if lowest.down else "base"
    raise StillRequired(
        "; ".join(f"{name} requires {', '.join(needs[name])}" for name in dependants),
        f"take it back first with `{NAMES[history].command} downgrade {below}`",
    )


def _check_reversible(going: Nodes) -> None:
    """Irreversible names the reasons, and in each history how far back it goes."""
    fixed = {n: r.irreversible for n, (_, r) in going.items() if r.irreversible}
    if not fixed:
        return
    stays = reach(_links(going), fixed)
    furthest = {history: name for name, (history, _) in going.items() if name in stays}
    raise Irreversible(
        "; ".join(f"{name} cannot be taken back ({reason})" for name, reason in fixed.items()),
        f"go back to {' and '.join(furthest.values())} at most, or restore a backup",
    )
