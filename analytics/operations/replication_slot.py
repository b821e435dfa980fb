"""`op.create_replication_slot` and `op.drop_replication_slot`: the position of a connector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext
from analytics.postgres import privileges, replication
from analytics.sql.impact import Impact

WAIT = 10.0  # seconds for older transactions to end, and for a reader to release the slot


@dataclass(frozen=True)
class CreateReplicationSlot(Directive, name="create_replication_slot"):
    """`op.create_replication_slot("${slot}")`

    Runs outside of the revision's transaction, after what came before was committed, and is not
    rolled back: better in a revision of its own, after that of the publication. A slot of the same
    plugin and database is adopted.
    """

    slot: str
    plugin: str = "pgoutput"

    commits: ClassVar[bool] = True

    def apply(self, context: OperationContext) -> None:
        """Create or adopt it; Refused if another plugin or database has a slot of that name."""
        with context.autocommit() as connection:
            replication.create_slot(
                connection, context.fill(self.slot), plugin=self.plugin, timeout=WAIT
            )

    def privileges(self, context: OperationContext) -> set[str]:
        """The attribute REPLICATION."""
        return {privileges.of("REPLICATION")}

    def script(self, context: OperationContext) -> str:
        """The statement, to be run outside of a transaction."""
        return (
            f"SELECT pg_create_logical_replication_slot('{context.fill(self.slot)}', "
            f"'{self.plugin}');"
        )


@dataclass(frozen=True)
class DropReplicationSlot(Directive, name="drop_replication_slot"):
    """`op.drop_replication_slot("${slot}")`

    Drops the slot; waits a while for its reader to release it. Unread changes are lost.
    """

    slot: str

    commits: ClassVar[bool] = True

    def apply(self, context: OperationContext) -> None:
        """Drop it; nothing to do if there is none. NotHealthy if it is still being read."""
        with context.autocommit() as connection:
            replication.drop_slot(connection, context.fill(self.slot), timeout=WAIT)

    def privileges(self, context: OperationContext) -> set[str]:
        """The attribute REPLICATION."""
        return {privileges.of("REPLICATION")}

    def impact(self, context: OperationContext) -> Impact:
        """The loss of the position: changes until the next slot exists are not captured."""
        slot = context.fill(self.slot)
        return Impact(loses=f"drops slot {slot} with its unread changes", lost=(slot,))

    def script(self, context: OperationContext) -> str:
        """The statement, to be run outside of a transaction."""
        return f"SELECT pg_drop_replication_slot('{context.fill(self.slot)}');"
