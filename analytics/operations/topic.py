"""`op.create_topic` and `op.drop_topic`: topics of the Kafka broker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class CreateTopic(Directive, name="create_topic"):
    """`op.create_topic("${topic}", partitions=4, config={"retention.ms": "604800000"})`

    Creates the topic, or adopts one with the same number of partitions; any other is Refused.
    """

    topic: str
    partitions: int = 1
    config: Mapping[str, str] | None = None

    servers: ClassVar[tuple[str, ...]] = ("kafka_bootstrap_servers",)

    def apply(self, context: OperationContext) -> None:
        """Create it, and wait until every partition has a leader."""
        from analytics.kafka import topics  # slow to import, and few revisions need it

        with topics.admin(context.resources.settings.need("kafka_bootstrap_servers")) as client:
            topics.create_topic(
                client, context.fill(self.topic), count=self.partitions, config=self.config or {}
            )

    def script(self, context: OperationContext) -> str:
        """The command of Kafka's own tools."""
        config = "".join(f" --config {key}={value}" for key, value in (self.config or {}).items())
        return (
            f"-- kafka-topics.sh --create --if-not-exists --topic {context.fill(self.topic)} "
            f"--partitions {self.partitions}{config}"
        )


@dataclass(frozen=True)
class DropTopic(Directive, name="drop_topic"):
    """`op.drop_topic("${topic}")`

    Deletes the topic and every message in it.
    """

    topic: str

    servers: ClassVar[tuple[str, ...]] = ("kafka_bootstrap_servers",)

    def apply(self, context: OperationContext) -> None:
        """Delete it, and wait until it is gone; nothing to do if there is none."""
        from analytics.kafka import topics  # slow to import, and few revisions need it

        with topics.admin(context.resources.settings.need("kafka_bootstrap_servers")) as client:
            topics.delete_topic(client, context.fill(self.topic))

    def impact(self, context: OperationContext) -> Impact:
        """The loss of its messages."""
        topic = context.fill(self.topic)
        return Impact(loses=f"deletes topic {topic} with its messages", lost=(topic,))

    def script(self, context: OperationContext) -> str:
        """The command of Kafka's own tools."""
        return f"-- kafka-topics.sh --delete --if-exists --topic {context.fill(self.topic)}"
