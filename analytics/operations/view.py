"""`op.rebuild_view`, `op.change_view` and `op.forget_previous`: materialized views in use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analytics.directive import Directive, OperationContext
from analytics.operations import _rebuild
from analytics.sql.impact import Impact
from analytics.sql.tokens import literal

if TYPE_CHECKING:
    from analytics.rebuild.outline import Goal


@dataclass(frozen=True)
class RebuildView(Directive, name="rebuild_view"):
    """`op.rebuild_view("hourly_stats_mv", version=2, also={"experiment_hourly_stats": 2})`

    Brings a materialized view to a version, with its target table and everything that is fed from
    it. History is recomputed, while rows keep coming and readers keep reading. `also` names the
    objects of the chain that change with it. A downgrade names the other version.
    """

    view: str
    version: int
    also: dict[str, int] = field(default_factory=dict)

    @property
    def goal(self) -> Goal:
        """The view, and each object that changes with its version."""
        from analytics.rebuild.outline import Goal

        return Goal(self.view, self.versions_after())

    def apply(self, context: OperationContext) -> None:
        """Rebuild it, unless it is at its goal; Refused and RebuildStopped as `machine.run`."""
        _rebuild.run(context, self.goal)

    def script(self, context: OperationContext) -> str:
        """The procedure as a commented script."""
        from analytics.rebuild import script

        return script.rebuild(self.source(), self.goal, _rebuild.files(context))

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definitions as they are written."""
        return "\n".join((self.source(), *_rebuild.texts(context, self.versions_after())))

    def versions_after(self) -> dict[str, int]:
        """The view and the objects in `also`."""
        return {self.view: self.version, **self.also}

    def impact(self, context: OperationContext) -> Impact:
        """Ingest pauses; nothing that serves is lost."""
        return _rebuild.recomputed(self.view)

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """A swap, if the previous version exists; else the loss of what expired rows have given."""
        from analytics.rebuild import outlook

        server = _rebuild.reading(context, driver)
        if outlook.has_previous(server, self.goal, _rebuild.files(context)):
            return Impact(blocks=f"restores the previous {self.view}; ingest pauses once")
        return _rebuild.with_expiring(self.impact(context), outlook.expiring(driver, self.view))


@dataclass(frozen=True)
class ChangeView(Directive, name="change_view"):
    """`op.change_view("hourly_stats_mv", version=2)`

    Changes a view to another version for new rows only. History stays as it is: existing rows
    are those that the previous version has computed.
    """

    view: str
    version: int

    def apply(self, context: OperationContext) -> None:
        """Change it, unless it is at that version; Refused if its target does not fit."""
        from analytics.rebuild import change

        change.run(_rebuild.server(context), self.view, self.version, _rebuild.files(context))

    def script(self, context: OperationContext) -> str:
        """The two ALTER statements."""
        definition, label = _rebuild.files(context)(self.view, self.version)
        return (
            f"ALTER TABLE {self.view} MODIFY QUERY\n{definition.select};\n"
            f"ALTER TABLE {self.view} MODIFY COMMENT {literal(label)};"
        )

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        return "\n".join((self.source(), *_rebuild.texts(context, self.versions_after())))

    def versions_after(self) -> dict[str, int]:
        """The view."""
        return {self.view: self.version}

    def impact(self, context: OperationContext) -> Impact:
        """Rows of two versions in one table, which may surprise a reader."""
        return Impact(blocks=f"rows of {self.view} before and after it are of two versions")


@dataclass(frozen=True)
class ForgetPrevious(Directive, name="forget_previous"):
    """`op.forget_previous("hourly_stats_mv")`

    Drops the previous version that the last rebuild of a view has kept for an instant downgrade.
    A downgrade of that rebuild then recomputes the previous version.
    """

    view: str

    def apply(self, context: OperationContext) -> None:
        """Drop it; nothing to do if it is gone. Raises DataLoss and Refused as `machine.forget`."""
        from analytics.rebuild import machine

        machine.forget(_rebuild.server(context), self.view, _rebuild.options(context))

    def script(self, context: OperationContext) -> str:
        """A query that writes the statements."""
        from analytics.rebuild import script

        return script.forget(self.view)

    def impact(self, context: OperationContext) -> Impact:
        """No row that serves is lost; the downgrade becomes a rebuild."""
        return Impact(blocks=f"a downgrade of the last rebuild of {self.view} is a rebuild again")

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """The same, and the loss of what the last rebuild left out and nothing else has."""
        from analytics.rebuild import outlook

        copies = outlook.only_copies(_rebuild.reading(context, driver), self.view)
        if not copies:
            return self.impact(context)
        lost = "; ".join(f"drops {name}, the only copy of {text}" for name, text in copies.items())
        return replace(self.impact(context), loses=lost, tables=tuple(copies))
