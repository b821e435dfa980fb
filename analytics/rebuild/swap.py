"""The swap of a chain with another one: tables are exchanged, views are created again.

Views find their tables by name, so each is dropped and created again while nothing is written. The
UUIDs of the tables show which ones are exchanged already, so that any later run can finish a swap.
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
    """Everything that is needed to swap, or to continue a swap."""

    others: dict[str, str]  # by table of the chain: the table that it is exchanged with
    uuids: dict[str, str]  # by table of the chain: its UUID before the swap
    drop: tuple[str, ...]  # views to drop
    create: tuple[str, ...]  # statements that create views
    parked: dict[str, str]  # the later names of `others`, by their names now
    gates: tuple[Valve, ...]

    def to_detail(self) -> dict[str, Any]:
        """The swap as values for the record."""
        return asdict(self)

    @classmethod
    def from_detail(cls, detail: Mapping[str, Any]) -> Swap:
        """The swap out of the record."""
        return cls(
            dict(detail["others"]),
            dict(detail["uuids"]),
            tuple(detail["drop"]),
            tuple(detail["create"]),
            dict(detail["parked"]),
            barrier.from_detail(detail["gates"]),
        )


def forward(server: Server, outline: Outline) -> Swap:
    """The swap of the current chain for the computed one; the current one becomes the previous."""
    chain = outline.chain
    return Swap(
        others={table: table + names.NEW for table in chain.tables},
        uuids={table: outline.graph.objects[table].uuid for table in chain.tables},
        drop=(
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
    """The swap of the current chain for the previous one; the current one is dropped after it."""
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
    """Whether the whole previous chain exists, at the versions that are wanted."""
    labels = {name + names.PREVIOUS: wanted.label for name, wanted in outline.wanted.items()}
    existing = objects.some(server, labels)
    return all(name in existing and existing[name].label == labels[name] for name in labels)


def carry_out(server: Server, swap: Swap) -> None:
    """Inside a barrier: do everything that is not done yet. It may be repeated."""
    for view in swap.drop:
        server.send(f"DROP VIEW IF EXISTS {server.name(view)}")
    existing = objects.some(server, (*swap.others, *swap.parked))
    for table, other in swap.others.items():
        if existing[table].uuid == swap.uuids[table]:
            server.send(f"EXCHANGE TABLES {server.name(table)} AND {server.name(other)}")
    renames = [
        f"{server.name(name)} TO {server.name(parked)}"
        for name, parked in swap.parked.items()
        if name in existing
    ]
    if renames:
        server.send(f"RENAME TABLE {', '.join(renames)}")
    for statement in swap.create:
        server.send(statement)


def unchanged(server: Server, outline: Outline) -> None:
    """Refused if an object of the chain was changed from outside since the rebuild began."""
    touched = (*outline.chain.sources, *outline.chain.names)
    now = objects.some(server, touched)
    changed = [name for name in touched if not _is_same(now.get(name), outline, name)]
    if not changed:
        return
    raise Refused(
        f"{', '.join(changed)} was changed by another process or user in the meantime",
        "nothing was swapped, and the current chain continues to serve; run the same command "
        "again: it starts again from the objects as they are now",
    )


def _is_same(now: objects.Object | None, outline: Outline, name: str) -> bool:
    then = outline.graph.objects[name]
    return now is not None and (now.uuid, now.create) == (then.uuid, then.create)


def _final(outline: Outline, view: str) -> str:
    """The statement for the view as it will be."""
    wanted = outline.wanted[view]
    return wanted.create if wanted.is_changed else outline.graph.objects[view].create


def _previous(server: Server, outline: Outline, view: str) -> str:
    """The statement for the view as it was, from its previous source to its previous target."""
    chain = outline.chain
    others = {name: name + names.PREVIOUS for name in (view, chain.target[view])}
    if chain.source[view] in chain.tables:
        others[chain.source[view]] = chain.source[view] + names.PREVIOUS
    return rewrite.renamed(outline.graph.objects[view].create, server.database, others)
