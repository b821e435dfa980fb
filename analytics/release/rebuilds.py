"""What a person asks about rebuilds: what one would do, how far they are, whether all is well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from analytics.errors import Refused
from analytics.operations.view import Files, options
from analytics.rebuild import dry_run, graph, holding, outline, status, verify
from analytics.rebuild import record as records
from analytics.rebuild.dry_run import Foresight
from analytics.rebuild.engines import Merging
from analytics.rebuild.graph import Graph
from analytics.rebuild.outline import Goal
from analytics.rebuild.server import Server
from analytics.rebuild.status import Diagnosis
from analytics.rebuild.verify import Verdict
from analytics.release import preview
from analytics.settings import Settings, database_of
from analytics.stores import connections
from analytics.stores.connections import Connections
from analytics.watch import Watch

STORE = "clickhouse"  # whose views are rebuilt


def foresee(settings: Settings, goal: Goal, watch: Watch) -> Foresight:
    """What a rebuild would do; Refused for whatever it would refuse."""
    with _server(settings, watch) as server:
        return dry_run.foresee(server, goal, _files(settings), memory=settings.rebuild_memory)


def listed(settings: Settings) -> list[Diagnosis]:
    """Every rebuild of the database, the oldest first."""
    with connections.opened(settings) as both:
        return status.of_all(_of(both, settings, Watch(), lambda: None))


def verified(settings: Settings, view: str | None, watch: Watch) -> Mapping[str, Verdict]:
    """Chains as they serve, beside what their sources hold: by their uppermost view."""
    with _server(settings, watch) as server:
        asked = options(settings)
        return {
            top: verify.serving(
                server,
                outline.make(server, Goal(top, {}, anew=True), _files(settings)),
                sample=asked.sample,
                limits=asked.pace.limits,
                timeout=asked.barrier,
            )
            for top in ([view] if view else _tops(server))
        }


def _tops(server: Server) -> Iterator[str]:
    """A view of each chain: those that read what Kafka, or no view at all, writes."""
    found = graph.read(server)
    seen = set[str]()
    for view in sorted(name for name, each in found.objects.items() if each.target):
        if view not in seen and _is_first(found, view):
            seen |= set(graph.chain(found, [found.target(view)]).views)
            yield view


def _is_first(found: Graph, view: str) -> bool:
    """Whether its rows come from a table that only Kafka, or nobody, fills."""
    (source,) = found.sources(view)
    above = [each for writer in found.writers(source) for each in found.sources(writer)]
    target = found.objects[found.target(view)]
    return (
        target.engine in set(Merging)
        and not found.objects[source].is_kafka
        and all(found.objects[each].is_kafka for each in above)
    )


@contextmanager
def _server(settings: Settings, watch: Watch) -> Iterator[Server]:
    """ClickHouse under the lock: nobody else changes anything; Refused if somebody is half-way."""
    with connections.locked(settings, "rebuild", watch) as (both, held):
        server = _of(both, settings, watch, held.check)
        holding.release(server)
        for record in records.unfinished(server):
            raise Refused(
                f"a rebuild of {record.view} was begun and not ended",
                "run the command that began it again, or the opposite one: `analytics rebuilds`",
            )
        yield server


def _of(both: Connections, settings: Settings, watch: Watch, check: Callable[[], None]) -> Server:
    database = database_of(settings.need("clickhouse_url"))
    return Server(both.drivers[STORE], database, watch, check)


def _files(settings: Settings) -> Files:
    return Files(preview.pages(settings)[STORE].resources)
