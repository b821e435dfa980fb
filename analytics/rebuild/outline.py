"""The outline of a rebuild: the chain, the version of each object, and how ingest is held.

It is made before anything is touched, and every step works from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.definitions import digest
from analytics.errors import Refused
from analytics.rebuild import barrier, chains, division, engines, labels, names, probes, rewrite
from analytics.rebuild import graph as graphs
from analytics.rebuild.chains import Chain
from analytics.rebuild.graph import Graph
from analytics.rebuild.labels import Read, Wanted
from analytics.rebuild.server import Server


@dataclass(frozen=True)
class Goal:
    """The aim of a revision: a view by its name, and objects of its chain at versions.

    `anew` recomputes the chain even if everything is at its version.
    """

    view: str
    versions: dict[str, int]
    anew: bool = False

    @property
    def digest(self) -> str:
        """The mark by which a later run recognises a rebuild for the same goal."""
        return digest(f"{self.view} {sorted(self.versions.items())} {self.anew}")


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
        tables = (names.LIVE, names.NEW, names.CHECK, names.PROBE, names.CUT)
        sources = (names.SNAPSHOT, names.SINCE, names.CUT)
        views = (names.NEW, names.PROBE)
        return {
            **{f"{view}{suffix}": "VIEW" for view in self.chain.views for suffix in views},
            **{f"{source}{names.SINCE_VIEW}": "VIEW" for source in self.chain.sources},
            **{f"{t}{suffix}": "TABLE" for t in self.chain.tables for suffix in tables},
            **{f"{s}{suffix}": "TABLE" for s in self.chain.sources for suffix in sources},
        }

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
    _no_others(chain, goal)
    _no_strangers(graph, chain)
    wanted = {name: labels.wanted(graph.objects[name], goal.versions, read) for name in chain.names}
    for name in (*chain.sources, *chain.tables):
        engines.merging(graph.objects[name])  # Refused if it is not supported
    selects = {view: _select(server, graph, wanted[view]) for view in chain.views}
    _same_ends(server, chain, wanted, selects)
    changed = [wanted[table] for table in chain.tables if wanted[table].is_changed]
    with probes.tables(server, changed) as stand_ins:
        probed = {v: rewrite.renamed(s, server.database, stand_ins) for v, s in selects.items()}
        of_views = {v: probes.selected(server, wanted[v], s) for v, s in probed.items()}
        of_tables = {t: probes.columns(server, stand_ins.get(t, t)) for t in chain.tables}
        undivided = tuple(
            v for v, s in probed.items() if division.is_undivided(server, graph, chain, v, s)
        )
    gates = barrier.valves(graph, chain.sources)
    return Outline(goal, graph, chain, wanted, selects, of_views | of_tables, gates, undivided)


def _no_others(chain: Chain, goal: Goal) -> None:
    """Refused if the goal names objects that are not in the chain."""
    others = set(goal.versions) - set(chain.names)
    if others:
        raise Refused(
            f"{', '.join(sorted(others))}: not in the chain of {goal.view}, "
            f"which is {', '.join(chain.names)}",
            "leave it out, or change it by an operation of its own",
        )


def _no_strangers(graph: Graph, chain: Chain) -> None:
    """Refused if a view of another database reads from the chain."""
    for table in chain.tables:
        if table in graph.strangers:
            raise Refused(
                f"{', '.join(graph.strangers[table])} reads from {table} in another database",
                "drop it until the rebuild is done, or move it into this database",
            )


def _same_ends(
    server: Server, chain: Chain, wanted: Mapping[str, Wanted], selects: Mapping[str, str]
) -> None:
    """Refused if a version reads or writes another table: it is no version of the same view."""
    for view in chain.views:
        source, target = chain.source[view], chain.target[view]
        reads = rewrite.renamed(selects[view], server.database, {source: ""}) != selects[view]
        if wanted[view].definition.target != target or not reads:
            raise Refused(
                f"version {wanted[view].version} of {view} does not lead from {source} to {target}",
                "a rebuild keeps both names: make other tables by op.create_object, "
                "with a view of their own",
            )


def _select(server: Server, graph: Graph, view: Wanted) -> str:
    """The SELECT of a view as it will be, every table with its database."""
    return probes.select(server, view) if view.is_changed else graph.objects[view.name].select
