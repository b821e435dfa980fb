"""The settings of a topic: partitions and configs, compared with what is asked for, and changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kafka import KafkaAdminClient
from kafka.admin import AlterConfigOp, ConfigResource, ConfigResourceType

from analytics.errors import Refused
from analytics.kafka import topics

Config = Mapping[str, str | None]


def differences(
    client: KafkaAdminClient, topic: str, *, count: int, config: Mapping[str, str]
) -> list[str]:
    """What an existing topic has in another way than it is asked for, in words."""
    existing = topics.partitions(client, topic)
    said = [f"{existing} partitions, not {count}"] if existing != count else []
    current = configs(client, topic)
    return said + [
        f"{key}={current.get(key, 'unset')}, not {value}"
        for key, value in config.items()
        if current.get(key) != value
    ]


def configs(client: KafkaAdminClient, topic: str) -> dict[str, str]:
    """All configs of a topic, the broker's defaults among them."""
    asked = ConfigResource(ConfigResourceType.TOPIC, topic)
    answer = client.describe_configs([asked], config_filter="all")
    (found,) = (each[topic] for each in answer.values())
    return {key: str(value["value"]) for key, value in found.items()}


def change(client: KafkaAdminClient, topic: str, *, count: int | None, config: Config) -> None:
    """Bring a topic to these settings; a config of None gets the broker's default again.

    Refused if there is no such topic, or if partitions would be taken away.
    """
    existing = topics.partitions(client, topic)
    if existing is None:
        raise Refused(f"there is no topic {topic}", "create it first: op.create_topic()")
    if count is not None and count < existing:
        raise Refused(
            f"topic {topic} has {existing} partitions, and Kafka takes none away",
            "leave partitions out of this operation: more of them do no harm",
        )
    if changed := dict(_changed(config)):
        client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, changed)])
    if count is not None and count > existing:
        client.create_partitions({topic: count})
        client.wait_for_topics([topic])


def _changed(config: Config) -> Iterator[tuple[str, tuple[AlterConfigOp, str]]]:
    for key, value in config.items():
        yield key, (AlterConfigOp.DELETE, "") if value is None else (AlterConfigOp.SET, value)


def unread(client: KafkaAdminClient, topic: str) -> dict[str, int]:
    """The messages that each consumer group of a topic has not read yet, if there are some."""
    from kafka import TopicPartition
    from kafka.admin import OffsetSpec

    count = topics.partitions(client, topic)
    if count is None:
        return {}
    places = [TopicPartition(topic, number) for number in range(count)]
    ends = client.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    groups = [each["group_id"] for each in client.list_groups()]
    committed = client.list_group_offsets(dict.fromkeys(groups, places)) if groups else {}
    found = {}
    for group, offsets in committed.items():
        known = {place: each.offset for place, each in offsets.items() if each.offset >= 0}
        if left := sum(ends[place].offset - offset for place, offset in known.items()):
            found[group] = left
    return found
