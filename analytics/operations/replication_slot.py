"""`op.create_replication_slot` and `op.drop_replication_slot`: the position of a connector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import Connection

from analytics.directive import Directive, OperationContext
from analytics.operations import _connector
from analytics.postgres import privileges, replication, standby, unsent
from analytics.sql.impact import Impact

WAIT = 10.0  # seconds for older transactions to end, and for a reader to release the slot


@dataclass(frozen=True)
class CreateReplicationSlot(Directive, name="create_replication_slot"):
    """`op.create_replication_slot("${slot}")`

    Runs outside of the revision's transaction, after what came before was committed, and is not
    rolled back: better in a revision of its own, after that of the publication. A slot of the same
    plugin and database is adopted. With `failover`, standbys keep it in step (PostgreSQL 17). Rows
    that published tables hold by then never come through it: they are counted and named.
    """

    slot: str
    plugin: str = "pgoutput"
    failover: bool = False

    commits: ClassVar[bool] = True

    def apply(self, context: OperationContext) -> None:
        """Create or adopt it; Refused if another plugin or database has a slot of that name.

        Refused, too, if it cannot fail over, or was made so that it does not.
        """
        name = context.fill(self.slot)
        with context.autocommit() as connection:
            replication.create_slot(
                connection, name, plugin=self.plugin, timeout=WAIT, failover=self.failover
            )
            existing = replication.slot(connection, name)
            if existing is not None and not existing.active:
                _tell_unsent(context, connection, name)

    def privileges(self, context: OperationContext) -> set[str]:
        """The attribute REPLICATION."""
        return {privileges.of("REPLICATION")}

    def impact(self, context: OperationContext) -> Impact:
        """The rows that are there before it."""
        return Impact(blocks="rows that published tables hold by then are not sent")

    def script(self, context: OperationContext) -> str:
        """The statement, to be run outside of a transaction."""
        return (
            f"SELECT pg_create_logical_replication_slot('{context.fill(self.slot)}', "
            f"'{self.plugin}'{standby.ARGUMENT if self.failover else ''});"
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


def _tell_unsent(context: OperationContext, connection: Connection, slot: str) -> None:
    """Say how many rows a slot that begins now does not have, and how they are sent."""
    before = unsent.now(connection)
    config = _connector.reading(context, slot) or {}
    rows = unsent.counted(connection, config.get("publication.name"))
    if not rows:
        return
    counts = ", ".join(f"{table} {unsent.shown(n)}" for table, n in rows.items())
    signals = config.get("signal.data.collection")
    way = "docs/operations/replication_slot.md says how they are sent"
    if signals:
        way = f"to send them: `{unsent.signal(signals, rows, before=before)}`"
    context.resources.watch.say(
        f"slot {slot} begins now and never sends what is in published tables: {counts} rows; {way}"
    )
