"""A view changed for new rows only: history stays as it was computed."""

from __future__ import annotations

from analytics.errors import Refused
from analytics.rebuild import graph as graphs
from analytics.rebuild import labels, preflight, probes
from analytics.rebuild.labels import Read
from analytics.rebuild.server import Server
from analytics.sql.tokens import literal


def run(server: Server, view: str, version: int, read: Read) -> None:
    """Change a view to another version for new rows; nothing to do if it is at that version.

    Refused if the view does not exist, or if its target does not fit: MODIFY QUERY itself accepts
    columns that the target lacks, and drops their values silently. StatementFailed if the server
    refuses the definition.
    """
    graph = graphs.read(server)
    existing = graph.view(view)
    wanted = labels.wanted(existing, {view: version}, read)
    if not wanted.is_changed:
        return
    target = graph.target(view)
    if wanted.definition.target != target:
        raise Refused(
            f"version {version} of {view} does not write to {target}",
            "create another view for it: op.create_object",
        )
    probes.sweep(server, [view])
    columns = probes.selected(server, wanted, probes.select(server, wanted))
    preflight.fits(wanted, columns, target, dict(probes.columns(server, target)))
    server.change(f"ALTER TABLE {server.name(view)} MODIFY QUERY {wanted.definition.select}")
    server.change(f"ALTER TABLE {server.name(view)} MODIFY COMMENT {literal(wanted.label)}")


def between(server: Server, source: str, target: str) -> str:
    """The view that leads from one table into another; Refused unless there is exactly one."""
    graph = graphs.read(server)
    views = [view for view in graph.writers(target) if source in graph.sources(view)]
    if len(views) != 1:
        raise Refused(
            f"{len(views)} views lead from {source} to {target}",
            "name two tables with one view between them, or use op.rebuild_view",
        )
    return views[0]
