"""Reports on rebuilds: the dry run of one, the progress of each, and the check of all chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from analytics.errors import Refused
from analytics.rebuild import chains, dry_run, graph, holding, outline, status, verify
from analytics.rebuild import record as records
from analytics.rebuild.dry_run import Foresight
from analytics.rebuild.engines import Merging
from analytics.rebuild.files import Files
from analytics.rebuild.graph import Graph
from analytics.rebuild.options import options
from analytics.rebuild.outline import Goal, Outline
from analytics.rebuild.server import Server
from analytics.rebuild.status import RebuildStatus
from analytics.rebuild.verdict import Verdict
from analytics.release.histories import alembic_histories
from analytics.settings import Settings, database_of
from analytics.stores import connections
from analytics.stores.connections import Connections
from analytics.watch import Watch

STORE = "clickhouse"  # whose views are rebuilt


def foresee(settings: Settings, goal: Goal, watch: Watch) -> Foresight:
    """The dry run of a rebuild.

    Raises Refused for all that the rebuild would refuse, LockTimeout, and DefinitionError.
    """
    with _server(settings, watch) as server:
        return dry_run.foresee(server, goal, _files(settings), options(settings))


def listed(settings: Settings) -> list[RebuildStatus]:
    """Every rebuild of the database, the oldest first."""
    with connections.opened(settings) as both:
        return status.of_all(_of(both, settings, Watch(), lambda: None))


def verified(settings: Settings, view: str | None, watch: Watch) -> Mapping[str, Verdict]:
    """The comparison of each chain with its sources, by the chain's uppermost view.

    Without a view, a chain that cannot be computed is skipped, with the reason. Raises LockTimeout,
    and Refused while a rebuild is unfinished, if ingest cannot be held, or for the view.
    """
    with _server(settings, watch) as server:
        if view:
            return {view: _verified(server, settings, _outline(server, settings, view))}
        found: dict[str, Verdict] = {}
        for top in _tops(server):
            try:
                made = _outline(server, settings, top)
            except Refused as error:
                found[top] = Verdict((), (f"{top}, not compared: {error.thing}",), "")
            else:
                found[top] = _verified(server, settings, made)
        return found


def _outline(server: Server, settings: Settings, view: str) -> Outline:
    return outline.make(server, Goal(view, {}, anew=True), _files(settings))


def _verified(server: Server, settings: Settings, made: Outline) -> Verdict:
    chosen = options(settings)
    limits, sample = chosen.throttle.limits, chosen.sample
    return verify.serving(server, made, sample=sample, limits=limits, timeout=chosen.barrier)


def _tops(server: Server) -> Iterator[str]:
    """A view of each chain, whose source is written by Kafka, or by no view at all."""
    current = graph.read(server)
    seen = set[str]()
    for view in sorted(name for name, each in current.objects.items() if each.target):
        if view not in seen and _is_first(current, view):
            seen |= set(chains.of(current, [current.target(view)]).views)
            yield view


def _is_first(current: Graph, view: str) -> bool:
    """Whether its rows come from a table that only Kafka, or no view, writes into."""
    (source,) = current.sources(view)
    above = [each for writer in current.writers(source) for each in current.sources(writer)]
    target = current.objects[current.target(view)]
    return (
        target.engine in set(Merging)
        and not current.objects[source].is_kafka
        and all(current.objects[each].is_kafka for each in above)
    )


@contextmanager
def _server(settings: Settings, watch: Watch) -> Iterator[Server]:
    """ClickHouse under the lock: nothing else changes it; Refused if a rebuild is unfinished."""
    with connections.locked(settings, "rebuild", watch) as (both, held):
        server = _of(both, settings, watch, held.check)
        holding.release(server)
        for record in records.unfinished(server):
            raise Refused(
                f"a rebuild of {record.view} was begun and not ended",
                "run the same command again, or the opposite one: see `analytics rebuilds`",
            )
        yield server


def _of(both: Connections, settings: Settings, watch: Watch, check: Callable[[], None]) -> Server:
    database = database_of(settings.need("clickhouse_url"))
    return Server(both.drivers[STORE], database, watch, check)


def _files(settings: Settings) -> Files:
    resources = alembic_histories(settings)[STORE].resources
    return Files(resources.folder, resources.placeholders)
