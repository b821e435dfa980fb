"""`op.create_topic`, `op.change_topic` and `op.drop_topic`: topics of the Kafka broker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from alembic.util import CommandError

from analytics.directive import Directive, OperationContext
from analytics.errors import Refused
from analytics.operations import _topic_use
from analytics.settings import brokers
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class CreateTopic(Directive, name="create_topic"):
    """`op.create_topic("${topic}", partitions=4, config={"retention.ms": "604800000"})`

    Creates the topic. One that is there is adopted if it has these partitions and configs, or if
    `adopt` says that it may have others; else it is Refused.
    """

    topic: str
    partitions: int = 1
    config: Mapping[str, str] = field(default_factory=dict)
    adopt: bool = False

    servers: ClassVar[tuple[str, ...]] = ("kafka_bootstrap_servers",)

    def __post_init__(self) -> None:
        _check(self.name, self.partitions, self.config)

    def apply(self, context: OperationContext) -> None:
        """Create it, and wait until every partition has a leader."""
        from analytics.kafka import topic_settings, topics  # slow to import

        topic, config = context.fill(self.topic), dict(self.config or {})
        with topics.admin(brokers.of(context.resources.settings)) as client:
            is_new = topics.create_topic(client, topic, count=self.partitions, config=config)
            if is_new or self.adopt:
                return
            others = topic_settings.differences(client, topic, count=self.partitions, config=config)
        if others:
            raise Refused(
                f"topic {topic} is there already, with {'; '.join(others)}",
                "write what it has, or adopt=True to take it as it is (op.change_topic changes it)",
            )

    def script(self, context: OperationContext) -> str:
        """The command of Kafka's own tools."""
        config = "".join(f" --config {key}={value}" for key, value in (self.config or {}).items())
        return (
            f"-- kafka-topics.sh --create --if-not-exists --topic {context.fill(self.topic)} "
            f"--partitions {self.partitions}{config}"
        )


@dataclass(frozen=True)
class ChangeTopic(Directive, name="change_topic"):
    """`op.change_topic("${topic}", partitions=8, config={"retention.ms": "86400000"})`

    Brings a topic to these settings; a config of None gets the broker's default again. Partitions
    can only grow, and then the messages of a key go to another one.
    """

    topic: str
    partitions: int | None = None
    config: Mapping[str, str | None] = field(default_factory=dict)

    servers: ClassVar[tuple[str, ...]] = ("kafka_bootstrap_servers",)

    def __post_init__(self) -> None:
        _check(self.name, self.partitions, self.config)

    def apply(self, context: OperationContext) -> None:
        """Change what differs; Refused without such a topic, or for fewer partitions."""
        from analytics.kafka import topic_settings, topics

        with topics.admin(brokers.of(context.resources.settings)) as client:
            topic = context.fill(self.topic)
            topic_settings.change(client, topic, count=self.partitions, config=self.config)

    def impact(self, context: OperationContext) -> Impact:
        """The order of a key's messages, if partitions are added."""
        if self.partitions is None:
            return Impact()
        return Impact(blocks="later messages of a key go to another partition: their order is lost")

    def script(self, context: OperationContext) -> str:
        """The commands of Kafka's own tools."""
        topic = f"--alter --topic {context.fill(self.topic)}"
        options = (
            f"--delete-config {key}" if value is None else f"--add-config {key}={value}"
            for key, value in self.config.items()
        )
        lines = [f"-- kafka-configs.sh {topic} {option}" for option in options]
        if self.partitions is not None:
            lines.append(f"-- kafka-topics.sh {topic} --partitions {self.partitions}")
        return "\n".join(lines)


@dataclass(frozen=True)
class DropTopic(Directive, name="drop_topic"):
    """`op.drop_topic("${topic}")`

    Deletes the topic and every message in it; Refused while a consumer group has some to read, or a
    connector writes to it.
    """

    topic: str

    servers: ClassVar[tuple[str, ...]] = ("kafka_bootstrap_servers",)

    def apply(self, context: OperationContext) -> None:
        """Delete it, and wait until it is gone; nothing to do if there is none."""
        from analytics.kafka import topics

        topic = context.fill(self.topic)
        with topics.admin(brokers.of(context.resources.settings)) as client:
            _topic_use.check(context, client, topic)
            topics.delete_topic(client, topic)

    def impact(self, context: OperationContext) -> Impact:
        """The loss of its messages."""
        topic = context.fill(self.topic)
        return Impact(loses=f"deletes topic {topic} with its messages", lost=(topic,))

    def script(self, context: OperationContext) -> str:
        """The command of Kafka's own tools."""
        return f"-- kafka-topics.sh --delete --if-exists --topic {context.fill(self.topic)}"


def _check(operation: str, partitions: object, config: Mapping[str, object] | None) -> None:
    """CommandError for values that the broker's client cannot send."""
    if partitions is not None and (type(partitions) is not int or partitions < 1):
        raise CommandError(f"op.{operation}(): partitions is {partitions!r}: write a number")
    for key, value in (config or {}).items():
        if not isinstance(value, (str, type(None))):
            raise CommandError(f"op.{operation}(): {key} is {value!r}: write it in quotes")
