"""The moment in which a chain changes places with another one: tables by EXCHANGE, views made anew.

Views resolve their tables by name, so each is dropped and made again while nothing is written. What
has been exchanged is told from the tables' UUIDs, so that half a swap can be finished by anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analytics.errors import Refused
from analytics.rebuild import barrier, names, objects, rewrite
from analytics.rebuild.barrier import Valve
from analytics.rebuild.outline import Outline
from analytics.rebuild.server import Server


@dataclass(frozen=True)
class Swap:
    """All that is needed to swap, or to go on with it."""

    others: dict[str, str]  # by table of the chain: what it changes places with
    uuids: dict[str, str]  # by table of the chain: which it was
    drop: tuple[str, ...]  # views that go
    create: tuple[str, ...]  # statements that make the views that come
    parked: dict[str, str]  # what `others` are called afterwards, by their names now
    gates: tuple[Valve, ...]

    def to_detail(self) -> dict[str, Any]:
        """For the record."""
        return asdict(self)

    @classmethod
    def from_detail(cls, said: Mapping[str, Any]) -> Swap:
        """Out of the record."""
        return cls(
            dict(said["others"]),
            dict(said["uuids"]),
            tuple(said["drop"]),
            tuple(said["create"]),
            dict(said["parked"]),
            barrier.from_detail(said["gates"]),
        )


def forward(server: Server, outline: Outline) -> Swap:
    """From the chain that serves to the one that was computed; it is kept as the previous one."""
    chain = outline.chain
    return Swap(
        others={table: table + names.NEW for table in chain.tables},
        uuids={table: outline.graph.objects[table].uuid for table in chain.tables},
        drop=(
            *(view + names.NEW for view in chain.top),
            *(source + names.SINCE_VIEW for source in chain.sources),
            *(view + names.PREVIOUS for view in chain.views),
            *chain.views,
        ),
        create=(
            *(_final(outline, view) for view in chain.views),
            *(_previous(server, outline, view) for view in chain.views),
        ),
        parked={table + names.NEW: table + names.PREVIOUS for table in chain.tables},
        gates=outline.gates,
    )


def backward(server: Server, outline: Outline) -> Swap:
    """From the chain that serves to the previous one; the one that served is to go."""
    chain = outline.chain
    back = {name + names.PREVIOUS: name for name in chain.names}
    return Swap(
        others={table: table + names.PREVIOUS for table in chain.tables},
        uuids={table: outline.graph.objects[table].uuid for table in chain.tables},
        drop=(*chain.views, *(view + names.PREVIOUS for view in chain.views)),
        create=tuple(
            rewrite.renamed(
                objects.look(server, view + names.PREVIOUS).create, server.database, back
            )
            for view in chain.views
        ),
        parked={table + names.PREVIOUS: table + names.NEW for table in chain.tables},
        gates=outline.gates,
    )


def has_previous(server: Server, outline: Outline) -> bool:
    """Whether the previous chain is there, whole, and is what is asked for."""
    kept = {name + names.PREVIOUS: wanted.label for name, wanted in outline.wanted.items()}
    there = objects.some(server, kept)
    return all(name in there and there[name].label == label for name, label in kept.items())


def carry_out(server: Server, swap: Swap) -> None:
    """Inside a barrier: do what is not done yet. May be repeated."""
    for view in swap.drop:
        server.send(f"DROP VIEW IF EXISTS {server.name(view)}")
    there = objects.some(server, (*swap.others, *swap.parked))
    for table, other in swap.others.items():
        if there[table].uuid == swap.uuids[table]:
            server.send(f"EXCHANGE TABLES {server.name(table)} AND {server.name(other)}")
    renames = [
        f"{server.name(name)} TO {server.name(parked)}"
        for name, parked in swap.parked.items()
        if name in there
    ]
    if renames:
        server.send(f"RENAME TABLE {', '.join(renames)}")
    for statement in swap.create:
        server.send(statement)


def unchanged(server: Server, outline: Outline) -> None:
    """Refused if somebody has changed an object of the chain since the rebuild began."""
    touched = (*outline.chain.sources, *outline.chain.names)
    now = objects.some(server, touched)
    changed = [name for name in touched if not _is_same(now.get(name), outline, name)]
    if not changed:
        return
    raise Refused(
        f"{', '.join(changed)} has been changed by somebody else meanwhile",
        "nothing was swapped, and the former chain serves; run the same command again: "
        "it begins anew with what is there now",
    )


def _is_same(now: objects.Object | None, outline: Outline, name: str) -> bool:
    then = outline.graph.objects[name]
    return now is not None and (now.uuid, now.create) == (then.uuid, then.create)


def _final(outline: Outline, view: str) -> str:
    wanted = outline.wanted[view]
    return wanted.create if wanted.is_changed else outline.graph.objects[view].create


def _previous(server: Server, outline: Outline, view: str) -> str:
    """The view as it was, from its former source to its former target."""
    chain = outline.chain
    others = {name: name + names.PREVIOUS for name in (view, chain.target[view])}
    if chain.source[view] in chain.tables:
        others[chain.source[view]] = chain.source[view] + names.PREVIOUS
    return rewrite.renamed(outline.graph.objects[view].create, server.database, others)
