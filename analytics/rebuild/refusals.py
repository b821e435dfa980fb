"""The goals that a rebuild cannot reach: each is refused before anything is asked or touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from analytics.errors import Refused
from analytics.rebuild import names, rewrite
from analytics.rebuild.chains import Chain
from analytics.rebuild.graph import Graph
from analytics.rebuild.labels import Wanted
from analytics.rebuild.server import Server
from analytics.sql.tokens import identifier, tokens


def of_chain(graph: Graph, chain: Chain) -> None:
    """Refused for a chain that cannot be changed, whatever the goal is."""
    taken(graph, chain)
    strangers(graph, chain)
    appending(graph, chain)


def taken(graph: Graph, chain: Chain) -> None:
    """Refused if an object that no rebuild has made has a name that a rebuild uses."""
    made = names.made(chain.tables, chain.views, chain.sources)
    used = {*made, *(f"{name}{names.PREVIOUS}" for name in chain.names)}
    found = [
        name
        for name in graph.objects
        if name in used or names.is_chunk(name, chain.tables) or names.is_batch(name, chain.sources)
    ]
    if found:
        raise Refused(
            f"{', '.join(sorted(found))}: a rebuild uses that name, and no record knows of it",
            f"rename it (`{_renaming(sorted(found)[0])}`), or drop it, if nobody needs it, and run "
            "the same command again",
        )


def _renaming(name: str) -> str:
    return f"RENAME TABLE {identifier(name)} TO {identifier(f'{name}_of_mine')}"


def _drop(view: str) -> str:
    """The statement for a view whose name may come with its database."""
    return f"DROP VIEW {'.'.join(map(identifier, view.split('.')))}"


def others(chain: Chain, view: str, named: Iterable[str]) -> None:
    """Refused if objects are named that are not in the chain of a view."""
    unknown = set(named) - set(chain.names)
    if unknown:
        raise Refused(
            f"{', '.join(sorted(unknown))}: not in the chain of {view}, "
            f"which is {', '.join(chain.names)}",
            "leave it out, or change it by an operation of its own",
        )


def strangers(graph: Graph, chain: Chain) -> None:
    """Refused if a view of another database reads from the chain."""
    for table in chain.tables:
        if table in graph.strangers:
            raise Refused(
                f"{', '.join(graph.strangers[table])} reads from {table} in another database",
                f"drop it until the rebuild is done (`{_drop(graph.strangers[table][0])}`), or "
                "move it into this database",
            )


def appending(graph: Graph, chain: Chain) -> None:
    """Refused if another view writes to the chain than those that fire at its inserts."""
    for table in chain.tables:
        if table in graph.appending:
            raise Refused(
                f"{', '.join(graph.appending[table])} writes to {table} as well, at moments that "
                "a rebuild does not know: what it wrote meanwhile would be lost",
                f"drop it until the rebuild is done: `{_drop(graph.appending[table][0])}`",
            )


def once(
    server: Server, chain: Chain, wanted: Mapping[str, Wanted], selects: Mapping[str, str]
) -> None:
    """Refused for a view whose history is not what it writes at inserts: it reads them twice."""
    for view in chain.views:
        source, select = chain.source[view], selects[view]
        count = rewrite.mentions(select, server.database, source)
        union = _is_union(select)
        if count > 1 or union:
            what = "is a UNION, of which a view writes the first SELECT only"
            seen = f"reads {source} {count} times, and sees the inserted rows alone each time"
            raise Refused(
                f"version {wanted[view].version} of {view} {what if union else seen}: "
                "its history cannot be computed",
                f"let it read {source} once; or op.change_view, for new rows only",
            )


def _is_union(select: str) -> bool:
    """Whether it is one; the server writes ALL or DISTINCT behind it, and not behind a column."""
    row = [token for token in tokens(select.encode()) if not token.depth]
    return any(a.word == "UNION" and b.word in ("ALL", "DISTINCT") for a, b in pairwise(row))


def kinds(chain: Chain, wanted: Mapping[str, Wanted]) -> None:
    """Refused if a version makes another kind of object."""
    due = dict.fromkeys(chain.tables, "TABLE") | dict.fromkeys(chain.views, "MATERIALIZED VIEW")
    for name, kind in due.items():
        if wanted[name].definition.kind != kind:
            raise Refused(
                f"version {wanted[name].version} of {name} is a "
                f"{wanted[name].definition.kind.lower()}, and {name} is a {kind.lower()}",
                "make it by op.create_object under a name of its own",
            )


def ends(
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
