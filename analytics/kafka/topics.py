"""Topics and consumer groups of the broker, through kafka-python's admin client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from kafka import KafkaAdminClient
from kafka.errors import (
    GroupIdNotFoundError,
    KafkaError,
    NonEmptyGroupError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)

from analytics.address import without_user
from analytics.errors import NotHealthy, Refused, Unreachable

ANSWER = 10.0  # seconds until a broker must have answered
WAIT = 30.0  # seconds that the broker may take for a change


@contextmanager
def admin(bootstrap_servers: str) -> Iterator[KafkaAdminClient]:
    """An admin client for the time of a block.

    Unreachable if no broker answers; an error of the client inside the block is raised as Refused.
    """
    client = _client(bootstrap_servers)
    try:
        yield client
    except KafkaError as error:
        raise Refused(
            f"Kafka at {without_user(bootstrap_servers)} refuses: {error}",
            "fix the revision or the broker and run the same command again",
        ) from error
    finally:
        client.close()


def partitions(client: KafkaAdminClient, topic: str) -> int | None:
    """How many partitions a topic has; None if there is no such topic."""
    if topic not in client.list_topics():
        return None
    return len(client.describe_topics([topic])[0]["partitions"])


def create_topic(
    client: KafkaAdminClient, topic: str, *, count: int, config: Mapping[str, str]
) -> bool:
    """Create a topic with `count` partitions; False if there is one of that name already."""
    wanted = {topic: {"num_partitions": count, "configs": dict(config)}}
    try:
        client.create_topics(wanted, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        return False
    return True


def delete_topic(client: KafkaAdminClient, topic: str) -> None:
    """Delete a topic with all its messages, if there is one; NotHealthy if it stays."""
    with suppress(UnknownTopicOrPartitionError):
        client.delete_topics([topic])
    remedy = "look at the broker and run the same command again"
    _await(lambda: topic not in client.list_topics(), f"topic {topic} is still there", remedy)


def delete_group(client: KafkaAdminClient, group: str) -> None:
    """Delete a consumer group's offsets, once its members have left; NotHealthy if they stay."""

    def deleted() -> bool:
        answer = client.delete_groups([group])[group]  # "OK", or the name of an error
        if answer == NonEmptyGroupError.__name__:
            return False
        if answer in ("OK", GroupIdNotFoundError.__name__):
            return True
        raise NotHealthy(
            f"consumer group {group}: {answer}", "fix the broker and run the same command again"
        )

    remedy = "drop or detach what reads with this group, and run the same command again"
    _await(deleted, f"consumer group {group} still has members", remedy)


def _client(bootstrap_servers: str) -> KafkaAdminClient:
    try:
        return KafkaAdminClient(
            bootstrap_servers=bootstrap_servers.split(","),
            bootstrap_timeout_ms=int(ANSWER * 1000),
        )
    except KafkaError as error:
        raise unreachable(bootstrap_servers, error) from error


def unreachable(bootstrap_servers: str, error: KafkaError) -> Unreachable:
    """The error for a broker that does not answer a client."""
    shown, said = without_user(bootstrap_servers), without_user(str(error))
    return Unreachable(
        f"Kafka at {shown} does not answer ({said})",
        "start it (`analytics local up kafka`) or correct ANALYTICS_KAFKA_BOOTSTRAP_SERVERS",
    )


def _await(condition: Callable[[], bool], otherwise: str, remedy: str) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > deadline:
            raise NotHealthy(f"{otherwise} after {WAIT:.0f} s", remedy)
        time.sleep(0.1)
