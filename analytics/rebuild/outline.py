"""The outline of a rebuild: the chain, the version of each object, and how ingest is held.

It is made before anything is touched, and every step works from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analytics.definitions import digest
from analytics.rebuild import (
    barrier,
    chains,
    division,
    engines,
    labels,
    names,
    probes,
    refusals,
    rewrite,
)
from analytics.rebuild import graph as graphs
from analytics.rebuild.chains import Chain
from analytics.rebuild.graph import Graph
from analytics.rebuild.labels import Read, Wanted
from analytics.rebuild.server import Server


@dataclass(frozen=True)
class Goal:
    """The aim of a revision: a view by its name, and objects of its chain at versions.

    `anew` recomputes the chain even if everything is at its version. `keep` names tables in which
    rows are kept that no source makes again.
    """

    view: str
    versions: dict[str, int]
    anew: bool = False
    keep: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The mark by which a later run recognises a rebuild for the same goal."""
        return digest(f"{self.view} {sorted(self.versions.items())} {self.anew} {self.keep}")


@dataclass(frozen=True)
class Outline:
    """Everything that is known before anything is touched."""

    goal: Goal
    graph: Graph
    chain: Chain
    wanted: dict[str, Wanted]
    selects: dict[str, str]  # by view: what it selects, every table with its database
    columns: dict[str, probes.Columns]  # by view and by table, as they are to be
    gates: tuple[barrier.Valve, ...]
    undivided: tuple[str, ...]  # views whose history can only be computed in one piece

    @property
    def changed(self) -> tuple[str, ...]:
        """The objects that get another version."""
        return tuple(name for name, each in self.wanted.items() if each.is_changed)

    @property
    def made(self) -> dict[str, str]:
        """Every object that the rebuild may create, except for the chunks, with its kind."""
        return names.made(self.chain.tables, self.chain.views, self.chain.sources)

    @property
    def fingerprint(self) -> str:
        """The digest of every object that is touched, as it was when the outline was made."""
        touched = (self.graph.objects[n] for n in (*self.chain.sources, *self.chain.names))
        return digest(repr([(each.name, each.uuid, each.create) for each in touched]))


def make(server: Server, goal: Goal, read: Read) -> Outline:
    """The outline of a rebuild for a goal; the objects that it needs to ask are dropped again.

    Refused if the goal cannot be reached, StatementFailed if the server refuses a definition.
    """
    graph = graphs.read(server)
    chain = chains.of(graph, [graph.target(graph.view(goal.view).name)])
    probes.sweep(server, (*chain.names, *chain.sources))
    refusals.of_chain(graph, chain)
    refusals.others(chain, goal.view, goal.versions)
    wanted = labels.all_wanted(graph.objects, chain.names, goal.versions, read)
    refusals.kinds(chain, wanted)
    for name in (*chain.sources, *chain.tables):
        engines.merging(graph.objects[name])  # Refused if it is not supported
    selects = {view: _select(server, graph, wanted[view]) for view in chain.views}
    refusals.ends(server, chain, wanted, selects)
    refusals.once(server, chain, wanted, selects)
    changed = [wanted[table] for table in chain.tables if wanted[table].is_changed]
    with probes.tables(server, changed) as stand_ins:
        targets = {t: probes.like(server, t, stand_ins.get(t, t)) for t in chain.tables}
        merging = {table: engines.merging(target) for table, target in targets.items()}
        probed = {v: rewrite.renamed(s, server.database, stand_ins) for v, s in selects.items()}
        of_views = {v: probes.selected(server, wanted[v], s) for v, s in probed.items()}
        of_tables = {t: probes.columns(server, stand_ins.get(t, t)) for t in chain.tables}
        undivided = tuple(
            v for v, s in probed.items() if division.is_undivided(server, chain, v, s, merging)
        )
    gates = barrier.valves(graph, chain.sources)
    return Outline(goal, graph, chain, wanted, selects, of_views | of_tables, gates, undivided)


def serving(server: Server, outline: Outline) -> Outline:
    """The same chain at the versions that serve: nothing changes."""
    chain, objects = outline.chain, outline.graph.objects
    selects = {view: objects[view].select for view in chain.views}
    merging = {table: engines.merging(objects[table]) for table in chain.tables}
    columns = {view: probes.described(server, select) for view, select in selects.items()}
    return replace(
        outline,
        wanted={name: replace(each, is_changed=False) for name, each in outline.wanted.items()},
        selects=selects,
        columns=columns | {table: probes.columns(server, table) for table in chain.tables},
        undivided=tuple(
            v for v, s in selects.items() if division.is_undivided(server, chain, v, s, merging)
        ),
    )


def undivided_tables(outline: Outline) -> list[str]:
    """The tables whose rows depend on the blocks in which the source's rows come."""
    chain, found = outline.chain, set[str]()
    for view in chain.views:
        if view in outline.undivided or chain.source[view] in found:
            found.add(chain.target[view])
    return [table for table in chain.tables if table in found]


def written(outline: Outline, table: str) -> list[str]:
    """The columns that views write: every other has its default, which may be a time."""
    listed = [name for v in outline.chain.writers(table) for name, _ in outline.columns[v]]
    return list(dict.fromkeys(listed))


def _select(server: Server, graph: Graph, view: Wanted) -> str:
    """The SELECT of a view as it will be, every table with its database."""
    return probes.select(server, view) if view.is_changed else graph.objects[view.name].select
