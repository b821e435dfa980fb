"""The clauses of a CREATE statement."""

import pytest

from analytics.clickhouse.clauses import consumer_group


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("ENGINE = Kafka(c) SETTINGS kafka_group_name = 'g'", "g"),
        ("ENGINE = Kafka SETTINGS kafka_num_consumers=1,kafka_group_name='it''s'", "it's"),
        ("ENGINE = Kafka('b:1,b:2', 't', 'g', 'RawBLOB')", "g"),
        ("ENGINE = Kafka(c) SETTINGS kafka_topic_list = 'kafka_group_name'", None),
        ("ENGINE = Kafka(c) -- kafka_group_name = 'g'\n", None),
        ("ENGINE = Kafka(c, kafka_group_name = 'g')", "g"),
    ],
)
def test_the_consumer_group_is_the_one_that_the_definition_names(text, group):
    assert consumer_group(f"CREATE TABLE k (m String) {text}") == group
