"""`op.recreate_kafka_table`: tables of the Kafka engine, at another version."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.clickhouse import privileges
from analytics.directive import Directive, OperationContext
from analytics.operations import _rebuild
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class RecreateKafkaTable(Directive, name="recreate_kafka_table"):
    """`op.recreate_kafka_table("raw_events_kafka", version=2)`

    Drops a Kafka table and creates it again while its ingest is held. The consumer group stays the
    same, so that no message is lost or read twice. Reports how long the group takes to read again.
    """

    table: str
    version: int

    def apply(self, context: OperationContext) -> None:
        """Recreate it, unless it is at that version; Refused as `kafka_table.recreate` says."""
        from analytics.rebuild import kafka_table

        kafka_table.recreate(
            _rebuild.server(context),
            self.table,
            self.version,
            _rebuild.files(context),
            timeout=context.resources.settings.barrier_timeout,
        )

    def script(self, context: OperationContext) -> str:
        """The statements, with the barrier around them."""
        definition, label = _rebuild.files(context)(self.table, self.version)
        return (
            f"-- hold ingest: DETACH the valve's Null table, then each other view of {self.table} "
            f"SYNC, then the valve's view\n"
            f"DROP TABLE {self.table};\n{definition.create(label)};\n"
            "-- open ingest again: ATTACH them in the opposite order"
        )

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        return "\n".join((self.source(), *_rebuild.texts(context, self.versions_after())))

    def privileges(self, context: OperationContext) -> set[str]:
        """To drop and create it, and to detach its views."""
        return privileges.on(context.database, privileges.RECREATE) | {privileges.KAFKA}

    def versions_after(self) -> dict[str, int]:
        """The table."""
        return {self.table: self.version}

    def impact(self, context: OperationContext) -> Impact:
        """Ingest pauses."""
        return Impact(blocks=f"{self.table} stops reading until its consumer group is formed again")
