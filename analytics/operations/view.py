"""`op.rebuild_view`, `op.replay`, `op.change_view`, `op.forget_previous`: views that live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from analytics.clickhouse import label
from analytics.clickhouse.definition import Definition, parse
from analytics.directive import Directive, OperationContext, Resources
from analytics.operations.object import FOLDER
from analytics.rebuild import change, dry_run, machine, previous, script
from analytics.rebuild.fill import Limits
from analytics.rebuild.outline import Goal
from analytics.rebuild.procedure import Options
from analytics.rebuild.server import Server
from analytics.rebuild.throttle import Throttle
from analytics.rebuild.verify import Sample
from analytics.settings import Settings
from analytics.sql.impact import Impact

PAUSES = "ingest rests three times, for a fraction of a second each"


@dataclass(frozen=True)
class RebuildView(Directive, name="rebuild_view"):
    """`op.rebuild_view("hourly_stats_mv", version=2, also={"experiment_hourly_stats": 2})`

    Brings a materialized view to a version, with its target table and all that is fed from it, the
    history computed anew, while rows keep coming and readers keep reading. `also` names the
    objects of the chain that change with it. The other version is put back the same way.
    """

    view: str
    version: int
    also: dict[str, int] = field(default_factory=dict)

    @property
    def goal(self) -> Goal:
        """What is to be where."""
        return Goal(self.view, {self.view: self.version, **self.also})

    def apply(self, context: OperationContext) -> None:
        """Rebuild, unless it is there."""
        machine.run(
            server(context),
            self.goal,
            Files(context.resources),
            options(context.resources.settings),
        )

    def script(self, context: OperationContext) -> str:
        """The procedure as a commented script."""
        return script.rebuild(self.source(), self.goal, Files(context.resources))

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definitions as they are written."""
        texts = (
            context.read(FOLDER, name, version=version)
            for name, version in sorted(self.goal.versions.items())
        )
        return "\n".join((self.source(), *texts))

    def versions_after(self) -> dict[str, int]:
        """All that is named."""
        return self.goal.versions

    def impact(self, context: OperationContext) -> Impact:
        """Ingest rests; nothing that serves is lost."""
        return Impact(blocks=f"computes {self.view} and what it feeds anew; {PAUSES}")

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """Whether it is a swap; and what cannot be computed again, because its rows expire."""
        files = Files(context.resources)
        labels = {name: files(name, number)[1] for name, number in self.goal.versions.items()}
        if dry_run.has_previous(driver, labels):
            return Impact(blocks=f"puts back what was kept of {self.view}; ingest rests once")
        return _anew(self.impact(context), dry_run.expiring(driver, self.view))


@dataclass(frozen=True)
class Replay(Directive, name="replay"):
    """`op.replay(from_table="raw_events", into="events_processed")`

    Computes a table anew from its landing table, with all that is fed from it: what rebuild_view
    does, named by the tables. `also` names objects of the chain that change, such as the view
    between the two; without it, everything is computed again by what is there.
    """

    from_table: str
    into: str
    also: dict[str, int] = field(default_factory=dict)

    looks_first: ClassVar[bool] = False

    def apply(self, context: OperationContext) -> None:
        """Rebuild it."""
        there = server(context)
        view = change.between(there, self.from_table, self.into)
        goal = Goal(view, self.also, anew=not self.also)
        machine.run(there, goal, Files(context.resources), options(context.resources.settings))

    def script(self, context: OperationContext) -> str:
        """Where its script is to be had: the view between the tables is not known here."""
        return (
            f"-- {self.source()}: as op.rebuild_view of the view that leads from "
            f"{self.from_table} to {self.into}, whose script has the steps"
        )

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definitions in `also`."""
        texts = (context.read(FOLDER, n, version=v) for n, v in sorted(self.also.items()))
        return "\n".join((self.source(), *texts))

    def versions_after(self) -> dict[str, int]:
        """All that is named."""
        return self.also

    def impact(self, context: OperationContext) -> Impact:
        """As of a rebuild."""
        return Impact(blocks=f"computes {self.into} and what it feeds anew; {PAUSES}")

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """And what cannot be computed again, because rows of the landing table expire."""
        expires = dry_run.expires(driver, self.from_table)
        return _anew(self.impact(context), [self.from_table] if expires else [])


@dataclass(frozen=True)
class ChangeView(Directive, name="change_view"):
    """`op.change_view("hourly_stats_mv", version=2)`

    Lets a view compute what comes from now on by another version. History is not touched: rows
    that are there stay as the former version has computed them.
    """

    view: str
    version: int

    def apply(self, context: OperationContext) -> None:
        """Change it, unless it is so."""
        change.run(server(context), self.view, self.version, Files(context.resources))

    def script(self, context: OperationContext) -> str:
        """The two ALTER statements."""
        definition, wanted = Files(context.resources)(self.view, self.version)
        return (
            f"ALTER TABLE {self.view} MODIFY QUERY\n{definition.select};\n"
            f"ALTER TABLE {self.view} MODIFY COMMENT '{wanted}';"
        )

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        return f"{self.source()}\n{context.read(FOLDER, self.view, version=self.version)}"

    def versions_after(self) -> dict[str, int]:
        """The view."""
        return {self.view: self.version}

    def impact(self, context: OperationContext) -> Impact:
        """What a reader may trip over."""
        return Impact(blocks=f"rows of {self.view} before and after it are of two versions")


@dataclass(frozen=True)
class ForgetPrevious(Directive, name="forget_previous"):
    """`op.forget_previous("hourly_stats_mv")`

    Drops what the last rebuild of a view has kept for an instant way back. A downgrade of that
    rebuild then computes the former version anew.
    """

    view: str

    def apply(self, context: OperationContext) -> None:
        """Drop it; nothing to do if it is gone."""
        previous.run(server(context), self.view, timeout=context.resources.settings.barrier_timeout)

    def script(self, context: OperationContext) -> str:
        """A query that writes the statements."""
        return script.forget(self.view)

    def impact(self, context: OperationContext) -> Impact:
        """No row that serves is lost; the way back becomes a rebuild."""
        return Impact(blocks=f"a downgrade of the last rebuild of {self.view} is a rebuild again")


def _anew(impact: Impact, expiring: Sequence[str]) -> Impact:
    """Computed from tables whose rows expire: those that have are not counted any more."""
    if not expiring:
        return impact
    loses = f"what was computed from rows that have expired in {', '.join(expiring)}"
    return replace(impact, loses=loses, tables=tuple(expiring))


def server(context: OperationContext) -> Server:
    """ClickHouse as a rebuild sees it, in this run."""
    steps = context.steps
    return Server(
        connection=context.driver,
        database=str(context.connection.engine.url.database),
        watch=context.resources.watch,
        check=steps.check if steps else lambda: None,
        reveal=context.resources.placeholders.reveal,
    )


def options(settings: Settings) -> Options:
    """What the settings say about rebuilds."""
    limits = Limits(settings.rebuild_threads, settings.rebuild_memory, settings.rebuild_priority)
    return Options(
        chunk=settings.rebuild_chunk,
        throttle=Throttle(limits, settings.rebuild_parts, settings.rebuild_lag),
        sample=Sample(settings.rebuild_verify),
        barrier=settings.barrier_timeout,
    )


@dataclass(frozen=True)
class Files:
    """The definitions of a history: what `rebuild` reads them by."""

    resources: Resources

    def __call__(self, name: str, version: int) -> tuple[Definition, str]:
        """A definition, and the label that its object carries."""
        text = self.resources.read(FOLDER, name, version=version)
        filled = self.resources.placeholders.fill(text)
        return parse(name, filled), label.of(name, version, text)
