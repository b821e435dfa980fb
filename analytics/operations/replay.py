"""`op.replay`: a table recomputed from its landing table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from analytics.clickhouse import privileges
from analytics.directive import Directive, OperationContext
from analytics.operations import _rebuild
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class Replay(Directive, name="replay"):
    """`op.replay(from_table="raw_events", into="events_processed")`

    Recomputes a table from its landing table, with everything that is fed from it: like
    op.rebuild_view, but named by the tables. `also` names objects of the chain that change, such
    as the view between the two; without it, everything is recomputed at its current version.
    """

    from_table: str
    into: str
    also: dict[str, int] = field(default_factory=dict)
    keep: list[str] = field(default_factory=list)

    looks_first: ClassVar[bool] = False

    def apply(self, context: OperationContext) -> None:
        """Rebuild the view between the tables; Refused and RebuildStopped as `machine.run`."""
        from analytics.rebuild import change
        from analytics.rebuild.outline import Goal

        view = change.between(_rebuild.server(context), self.from_table, self.into)
        _rebuild.run(context, Goal(view, self.also, not self.also, _rebuild.tables(self.keep)))

    def script(self, context: OperationContext) -> str:
        """A reference to the script of op.rebuild_view: only a server knows the view between."""
        return (
            f"-- {self.source()}: as op.rebuild_view of the view that leads from "
            f"{self.from_table} to {self.into}, whose script has the steps"
        )

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definitions in `also` as they are written."""
        return "\n".join((self.source(), *_rebuild.texts(context, self.also)))

    def privileges(self, context: OperationContext) -> set[str]:
        """All that a rebuild does."""
        return privileges.on(context.database, privileges.REBUILD)

    def versions_after(self) -> dict[str, int]:
        """The objects in `also`."""
        return self.also

    def impact(self, context: OperationContext) -> Impact:
        """The impact of a rebuild."""
        return _rebuild.recomputed(self.into)

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """The same, and the loss of what expired rows of the landing table have given."""
        from analytics.rebuild import outlook

        expires = outlook.expires(driver, self.from_table)
        return _rebuild.with_expiring(self.impact(context), [self.from_table] if expires else [])
