"""`op.recreate_kafka_table`: another version of a table of the Kafka engine."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.directive import Directive, Target
from analytics.operations.object import FOLDER
from analytics.operations.view import Files, server
from analytics.rebuild import kafka_table
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class RecreateKafkaTable(Directive, name="recreate_kafka_table"):
    """`op.recreate_kafka_table("raw_events_kafka", version=2)`

    Makes a Kafka table anew while its ingest is held: same consumer group, so that no message is
    lost or read twice. Tells how long the group takes until it reads again.
    """

    table: str
    version: int

    def apply(self, target: Target) -> None:
        """Make it, unless it is there."""
        kafka_table.recreate(
            server(target),
            self.table,
            self.version,
            Files(target.bench),
            timeout=target.bench.settings.barrier_timeout,
        )

    def script(self, target: Target) -> str:
        """The statements, with the barrier around them."""
        definition, label = Files(target.bench)(self.table, self.version)
        return (
            f"-- hold ingest: DETACH the valve's Null table, then each other view of {self.table} "
            f"SYNC, then the valve's view\n"
            f"DROP TABLE {self.table};\n{definition.create(label)};\n"
            "-- let it go: ATTACH them in the opposite order"
        )

    def said(self, target: Target) -> str:
        """Its line, and the definition as it is written."""
        return f"{self.source()}\n{target.read(FOLDER, self.table, version=self.version)}"

    def brings(self) -> dict[str, int]:
        """The table."""
        return {self.table: self.version}

    def impact(self, target: Target) -> Impact:
        """Ingest rests."""
        return Impact(blocks=f"{self.table} stops reading until its group is formed again")
