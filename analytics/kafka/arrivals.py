"""The messages that come to a topic from a moment on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from analytics.kafka import topics
from analytics.settings.brokers import Brokers

LOOK = 100  # milliseconds that a look may wait for messages


@dataclass(frozen=True)
class Arrivals:
    """A reader of a topic without a group: it leaves no offsets behind."""

    consumer: KafkaConsumer
    places: list[TopicPartition]

    def holds(self, mark: str) -> bool:
        """Whether the value of a message holds this text, of those until now but looked at."""
        wanted, ends = mark.encode(), self.consumer.end_offsets(self.places)
        while any(self.consumer.position(place) < end for place, end in ends.items()):
            polled = self.consumer.poll(timeout_ms=LOOK)
            messages = (each for found in polled.values() for each in found)
            if any(wanted in (each.value or b"") for each in messages):
                return True
        return False


@contextmanager
def since_now(servers: Brokers, topic: str) -> Iterator[Arrivals]:
    """What comes to a topic from now on; Unreachable if the broker does not answer."""
    consumer = None
    try:
        consumer = KafkaConsumer(**topics.options(servers), enable_auto_commit=False)
        places = [TopicPartition(topic, n) for n in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(places)
        for place, end in consumer.end_offsets(places).items():
            consumer.seek(place, end)
        yield Arrivals(consumer, places)
    except KafkaError as error:
        raise topics.unreachable(servers, error) from error
    finally:
        if consumer is not None:
            consumer.close()
