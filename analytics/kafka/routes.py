"""The topics that a connector's rows go to, as far as its definition tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError

from analytics.kafka.connect import Config

ROUTERS = {
    "org.apache.kafka.connect.transforms.RegexRouter": ("regex", "replacement"),
    "io.debezium.transforms.ByLogicalTableRouter": ("topic.regex", "topic.replacement"),
}
KEEP = re.compile(  # these change a row, and never where it goes
    r"org\.apache\.kafka\.connect\.transforms\.(?:Cast|DropHeaders|ExtractField|Flatten|HeaderFrom|"
    r"HoistField|InsertField|InsertHeader|MaskField|ReplaceField|SetSchemaMetadata|"
    r"TimestampConverter|ValueToKey)(?:\$Key|\$Value)?"
    r"|io\.debezium\.transforms\.(?:ExtractNewRecordState|HeaderToValue|partitions\.PartitionRouting)"
)
CREATES = "topic.creation.default.partitions"


def topics_of(tables: Iterable[str], config: Config) -> Iterator[str]:
    """The topics that rows of these tables, heartbeats and transactions go to, as far as known.

    A transform that is not known here, or that depends on a predicate, may send them elsewhere.
    """
    yield from of_rows(tables, config)
    if config.get("heartbeat.interval.ms", "0") != "0":
        prefix = config.get("topic.heartbeat.prefix", "__debezium-heartbeat")
        yield f"{prefix}.{config.get('topic.prefix', '')}"
    if config.get("provide.transaction.metadata", "false") == "true":
        yield f"{config.get('topic.prefix', '')}.{config.get('topic.transaction', 'transaction')}"


def of_rows(tables: Iterable[str], config: Config) -> set[str]:
    """The topics that rows of these tables go to, as far as known."""
    return {topic for table in tables if (topic := topic_of(table, config))}


def topic_of(table: str, config: Config) -> str | None:
    """The topic that rows of a table (schema.table) go to; None if its transforms hide it."""
    if "topic.naming.strategy" in config:
        return None
    delimiter = config.get("topic.delimiter", ".")
    parts = (config.get("topic.prefix", ""), *table.split(".", 1))
    topic: str | None = re.sub(r"[^\w.-]", "_", delimiter.join(parts), flags=re.ASCII)
    for name in filter(None, (each.strip() for each in config.get("transforms", "").split(","))):
        topic = topic and _after(f"transforms.{name}", topic, config)
    return topic


def missing(client: KafkaAdminClient, topics: Iterable[str], config: Config) -> list[str]:
    """Those of these topics that are not there, and that nobody makes by itself."""
    lacking = sorted(set(topics) - set(client.list_topics()))
    return [] if not lacking or CREATES in config or _creates(client) else lacking


def _after(transform: str, topic: str, config: Config) -> str | None:
    kind = config.get(f"{transform}.type", "")
    if kind not in ROUTERS:
        return topic if KEEP.fullmatch(kind) else None
    if f"{transform}.predicate" in config:
        return None
    pattern, replacement = (config.get(f"{transform}.{key}", "") for key in ROUTERS[kind])
    return _routed(topic, pattern, replacement)


def _routed(topic: str, pattern: str, replacement: str) -> str | None:
    """As Java replaces it; None for what Python's expressions do in another way."""
    if "\\" in replacement or "${" in replacement:
        return None
    try:
        found = re.fullmatch(pattern, topic)
        return found.expand(re.sub(r"\$(\d)", r"\\g<\1>", replacement)) if found else topic
    except (re.error, IndexError):
        return None


def _creates(client: KafkaAdminClient) -> bool:
    """Whether a broker makes the topics that are written to; so, too, if it does not say."""
    key = "auto.create.topics.enable"
    number = str(client.describe_cluster()["controller_id"])
    asked = ConfigResource(ConfigResourceType.BROKER, number, {key: None})
    try:
        answer = client.describe_configs([asked], config_filter="all")
    except KafkaError:
        return True
    found: dict[str, Any] = next((each for named in answer.values() for each in named.values()), {})
    return bool(found.get(key, {}).get("value", "true") != "false")
