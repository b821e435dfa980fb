"""What a rebuild is about: the chain, what each object of it is to be, and how ingest is held."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.definitions import digest
from analytics.errors import Refused
from analytics.rebuild import barrier, chains, engines, labels, names, probes, rewrite
from analytics.rebuild import graph as graphs
from analytics.rebuild.chains import Chain
from analytics.rebuild.engines import Merging
from analytics.rebuild.graph import Graph
from analytics.rebuild.labels import Read, Wanted
from analytics.rebuild.server import Server

UNDIVIDED = re.compile(
    r"^\s*(?:Distinct|Limit|LimitBy|Offset|Window|TotalsHaving|Filling|FractionalLimit)\b"
    r"|\(HAVING\)",
    re.M,
)
"""Steps of a query plan whose result over a whole is not that over its parts put together."""
GROUPS = re.compile(r"^\s*(?:Aggregating|MergingAggregated|Rollup|Cube)\b", re.M)
JOINS = re.compile(r"^\s*(?:Filled)?Join\b", re.M)
OUTER = {"RIGHT", "FULL"}  # joins that give rows without any of the source


@dataclass(frozen=True)
class Goal:
    """What a revision asks for: `view` by name, and objects at versions.

    `anew` computes it again even if everything is at its version.
    """

    view: str
    versions: dict[str, int]
    anew: bool = False

    @property
    def digest(self) -> str:
        """By which a run knows its own."""
        said = f"{self.view} {sorted(self.versions.items())} {self.anew}"
        return digest(said)


@dataclass(frozen=True)
class Outline:
    """All that is known before anything is touched."""

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
        """Every object that may be made on the way, but for the chunks, with its kind."""
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
        """Of every object that is touched, as it was when the outline was made."""
        touched = (self.graph.objects[n] for n in (*self.chain.sources, *self.chain.names))
        said = [(each.name, each.uuid, each.create) for each in touched]
        return digest(repr(said))


def make(server: Server, goal: Goal, read: Read) -> Outline:
    """The outline of a rebuild; Refused if it cannot be one. Leaves nothing behind."""
    graph = graphs.read(server)
    chain = chains.of(graph, [graph.target(graph.view(goal.view).name)])
    probes.sweep(server, (*chain.names, *chain.sources))
    _no_others(chain, goal)
    _no_strangers(graph, chain)
    wanted = {name: labels.wanted(graph.objects[name], goal.versions, read) for name in chain.names}
    for name in (*chain.sources, *chain.tables):
        engines.merging(graph.objects[name])
    selects = {view: _select(server, graph, wanted[view]) for view in chain.views}
    _same_ends(server, chain, wanted, selects)
    changed = [wanted[table] for table in chain.tables if wanted[table].is_changed]
    with probes.tables(server, changed) as stand_ins:
        asked = {
            v: rewrite.renamed(each, server.database, stand_ins) for v, each in selects.items()
        }
        of_views = {v: probes.selected(server, wanted[v], each) for v, each in asked.items()}
        of_tables = {t: probes.columns(server, stand_ins.get(t, t)) for t in chain.tables}
        undivided = tuple(v for v in asked if _is_undivided(server, graph, chain, v, asked[v]))
    gates = barrier.valves(graph, chain.sources)
    return Outline(goal, graph, chain, wanted, selects, of_views | of_tables, gates, undivided)


def _no_others(chain: Chain, goal: Goal) -> None:
    others = set(goal.versions) - set(chain.names)
    if others:
        raise Refused(
            f"{', '.join(sorted(others))}: not in the chain of {goal.view}, "
            f"which is {', '.join(chain.names)}",
            "leave it out, or change it by an operation of its own",
        )


def _no_strangers(graph: Graph, chain: Chain) -> None:
    for table in chain.tables:
        if table in graph.strangers:
            raise Refused(
                f"{', '.join(graph.strangers[table])} reads from {table} in another database",
                "drop it for as long as this takes, or move it into this database",
            )


def _same_ends(
    server: Server, chain: Chain, wanted: Mapping[str, Wanted], selects: Mapping[str, str]
) -> None:
    """A version that reads or writes elsewhere is no version of the same view."""
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
    return probes.select(server, view) if view.is_changed else graph.objects[view.name].select


def _is_undivided(server: Server, graph: Graph, chain: Chain, view: str, select: str) -> bool:
    """Whether its history can only be computed in one piece."""
    steps = "\n".join(row[0] for row in server.ask(f"EXPLAIN PLAN {select}"))
    if UNDIVIDED.search(steps) or len(GROUPS.findall(steps)) > 1:
        return True
    if rewrite.words(select.upper()) & OUTER or (
        JOINS.search(steps) and select.count(chain.source[view]) > 1
    ):
        return True
    merges = engines.merging(graph.objects[chain.target[view]])
    return bool(GROUPS.search(steps)) and merges in (Merging.NONE, Merging.REPLACED)
