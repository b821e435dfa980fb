"""Topics and consumer groups of the broker, through kafka-python's admin client."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import (
    GroupIdNotFoundError,
    KafkaError,
    NonEmptyGroupError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)

from analytics.errors import NotHealthy, Refused, Unreachable
from analytics.kafka import login, tls
from analytics.settings.brokers import Brokers

ANSWER = 10.0  # seconds until a broker must have answered
SHOWS_REQUESTS = ("kafka.protocol", "kafka.protocol.parser", "kafka.net.connection")
"""The loggers of the client that write requests down as they are sent, in DEBUG."""
WAIT = 30.0  # seconds that the broker may take for a change


class Hidden(str):
    """A text that is not shown where a library shows its configuration."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


@contextmanager
def admin(servers: Brokers) -> Iterator[KafkaAdminClient]:
    """An admin client for the time of a block.

    Unreachable if no broker answers, and as `login.check` raises; an error of the client inside the
    block is raised as Refused.
    """
    client = _client(servers)
    try:
        yield client
    except KafkaError as error:
        raise Refused(
            f"Kafka at {servers.servers} refuses: {error}",
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


def _client(servers: Brokers) -> KafkaAdminClient:
    login.check(servers)
    try:
        return KafkaAdminClient(**options(servers))
    except KafkaError as error:
        raise unreachable(servers, error) from error


def unreachable(servers: Brokers, error: KafkaError) -> Unreachable:
    """The error for brokers that do not answer a client."""
    return Unreachable(
        f"Kafka at {servers.servers} does not answer ({error})",
        "start it (`analytics local up kafka`) or correct ANALYTICS_KAFKA_BOOTSTRAP_SERVERS",
    )


def options(servers: Brokers) -> dict[str, Any]:
    """The options of a client: addresses, patience, TLS and login."""
    given: dict[str, Any] = {
        "bootstrap_servers": servers.servers.split(","),
        "bootstrap_timeout_ms": int(ANSWER * 1000),
        "security_protocol": servers.protocol,
    }
    if servers.is_encrypted:
        given["ssl_context"] = tls.context(servers.ca_file, login.CA_VARIABLE)
    if servers.wants_login:
        for name in SHOWS_REQUESTS:  # the login is one
            logging.getLogger(name).setLevel(logging.INFO)
        given["sasl_mechanism"] = servers.mechanism
        given["sasl_plain_username"] = servers.username
        given["sasl_plain_password"] = Hidden(servers.password)
    return given


def _await(condition: Callable[[], bool], otherwise: str, remedy: str) -> None:
    deadline = time.monotonic() + WAIT
    while not condition():
        if time.monotonic() > deadline:
            raise NotHealthy(f"{otherwise} after {WAIT:.0f} s", remedy)
        time.sleep(0.1)
