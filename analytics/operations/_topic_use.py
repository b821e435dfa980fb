"""The use of a topic: who has messages to read in it, and who writes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.directive import OperationContext
from analytics.errors import Refused

if TYPE_CHECKING:
    from kafka import KafkaAdminClient


def check(context: OperationContext, client: KafkaAdminClient, topic: str) -> None:
    """Refused while a connector writes to a topic, or a consumer group has messages to read.

    Unless their loss is allowed. Without an address of Connect its connectors are not looked at.
    """
    from analytics.kafka import connect, topic_settings, writers  # slow to import

    settings = context.resources.settings
    if context.allows(topic):
        return
    if settings.connect_url and (names := writers.of(connect.of(settings), topic)):
        raise Refused(
            f"connector {', '.join(names)} writes to topic {topic}",
            "remove it first (op.remove_connector), or stop it: "
            f"`analytics connectors stop {names[0]}`",
        )
    if unread := topic_settings.unread(client, topic):
        said = ", ".join(f"{n:,} by group {group}" for group, n in unread.items())
        raise Refused(
            f"topic {topic} has messages that were not read: {said}",
            "let the group read them, or delete the group (kafka-consumer-groups.sh "
            f"--delete); or lose them: -x allow_data_loss={topic}",
        )
