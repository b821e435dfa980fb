"""The order over both histories: every revision comes after those that it `requires`.

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

Node = tuple[str, Revision]  # (history, revision): the history's name, and one of its revisions
Nodes = dict[str, Node]  # by history@revision; each history from its bases to its heads
Chosen = Mapping[str, Iterable[Revision]]  # some revisions of each history, in its order


def check(histories: Mapping[str, History]) -> None:
    """Raise HistoryError if a `requires` names no revision of the histories."""
    nodes = _named({name: history.revisions for name, history in histories.items()})
    for name, (_, revision) in nodes.items():
        for wanted in revision.requires:
            if wanted not in nodes:
                raise HistoryError(
                    f"{name} requires {wanted}, which does not exist",
                    f"write postgres@REVISION or clickhouse@REVISION into {revision.file}",
                )


def upwards(pending: Chosen, applied: Chosen) -> list[Node]:
    """The pending revisions in the order to run them; the histories have passed `check`.

    RequirementMissing if one requires a revision that is neither pending nor applied,
    RequirementCycle if some wait for each other.
    """
    nodes, below = _named(pending), _named(applied)
    for name, (_, revision) in nodes.items():
        for wanted in revision.requires:
            if wanted not in nodes and wanted not in below:
                raise _missing(name, wanted)
    return _ordered(nodes)


def downwards(leaving: Chosen, applied: Chosen) -> list[Node]:
    """The leaving revisions in the order to take them back: the reverse of running them.

    StillRequired if one that stays requires one that leaves; Irreversible if one cannot leave.
    """
    nodes, names = _named(applied), _named(leaving).keys()
    going = {name: node for name, node in nodes.items() if name in names}
    _check_nobody_needs(going, {name: node for name, node in nodes.items() if name not in names})
    _check_reversible(going)
    return _ordered(going)[::-1]


def _named(chosen: Chosen) -> Nodes:
    return {f"{h}@{r.id}": (h, r) for h in NAMES for r in chosen.get(h, ())}


def _ordered(nodes: Nodes) -> list[Node]:
    """The nodes in an order that they allow: of those which may be next, always the first."""
    sorter = _sorter(nodes)
    place = {name: n for n, name in enumerate(nodes)}
    ready: list[tuple[int, str]] = []
    order = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heappush(ready, (place[name], name))
        _, name = heappop(ready)
        sorter.done(name)
        order.append(nodes[name])
    return order


def _sorter(nodes: Nodes) -> TopologicalSorter[str]:
    sorter = TopologicalSorter(_links(nodes))
    try:
        sorter.prepare()
    except CycleError as error:
        raise _cycle(nodes, error.args[1][::-1]) from None
    return sorter


def _links(nodes: Nodes) -> Links:
    """Each of the nodes -> those that must be run before it."""
    return {
        name: [below for below in _before(history, revision) if below in nodes]
        for name, (history, revision) in nodes.items()
    }


def _before(history: str, revision: Revision) -> tuple[str, ...]:
    return (*(f"{history}@{each}" for each in revision.down), *revision.requires)


def _missing(name: str, wanted: str) -> RequirementMissing:
    history, _, revision = wanted.partition("@")
    return RequirementMissing(
        f"{name} requires {wanted}, which is not applied",
        f"run `{NAMES[history].command} upgrade {revision}` first",
    )


def _cycle(nodes: Nodes, names: list[str]) -> RequirementCycle:
    files = dict.fromkeys(nodes[name][1].file for name in names if nodes[name][1].requires)
    return RequirementCycle(
        f"revisions wait for each other: {' waits for '.join(names)}",
        f"remove a `requires` from {' or '.join(files)}",
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
    """Raise Irreversible with the reasons, and the furthest revision of each history."""
    fixed = {n: r.irreversible for n, (_, r) in going.items() if r.irreversible}
    if not fixed:
        return
    stays = reach(_links(going), fixed)
    furthest = {history: name for name, (history, _) in going.items() if name in stays}
    raise Irreversible(
        "; ".join(f"{name} cannot be taken back ({reason})" for name, reason in fixed.items()),
        f"go back as far as possible: `analytics downgrade {' '.join(furthest.values())}`, "
        "or restore a backup",
    )
