"""op.create_topic, op.change_topic and op.drop_topic."""

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from analytics.kafka import topic_settings, topics
from analytics.settings import brokers

UP, DOWN = 'op.create_topic("${topic}", partitions=3)', 'op.drop_topic("${topic}")'


@pytest.fixture
def broker(stack):
    """An admin client of the local broker."""
    with topics.admin(brokers.of(stack)) as client:
        yield client


@pytest.mark.services
def test_a_topic_comes_goes_and_comes_again(revise, databases, broker):
    run = revise("postgres", UP, DOWN)
    topic = f"{databases.name}_events"

    for _ in range(2):
        assert run("upgrade", "head").code == 0
        assert topics.partitions(broker, topic) == 3

        assert run("downgrade", "base").code == 0
        assert topics.partitions(broker, topic) is None


@pytest.mark.services
def test_a_topic_that_is_as_it_should_be_is_adopted(revise, databases, broker):
    topics.create_topic(broker, f"{databases.name}_events", count=3, config={})
    run = revise("postgres", UP, DOWN)

    assert run("upgrade", "head").code == 0
    run("downgrade", "base")


@pytest.mark.services
@pytest.mark.parametrize(
    ("count", "config", "said"),
    [
        (2, {}, "2 partitions, not 3"),
        (3, {"retention.ms": "1000"}, "retention.ms=1000, not 5000"),
    ],
)
def test_another_topic_is_refused_unless_it_is_to_be_adopted(
    count, config, said, revise, databases, broker
):
    topic = f"{databases.name}_events"
    topics.create_topic(broker, topic, count=count, config=config)
    up = 'op.create_topic("${topic}", partitions=3, config={"retention.ms": "5000"})'

    outcome = revise("postgres", up, DOWN)("upgrade", "head")

    assert outcome.code != 0
    assert f"topic {topic} is there already, with" in outcome.err
    assert said in outcome.err and "adopt=True" in outcome.err
    run = revise("postgres", up.replace("3,", "3, adopt=True,"), DOWN)
    assert run("upgrade", "head").code == 0
    assert topics.partitions(broker, topic) == count
    assert run("downgrade", "base").code == 0


@pytest.mark.services
def test_a_topic_grows_and_changes_its_settings_and_back(revise, databases, broker):
    topic = f"{databases.name}_events"
    topics.create_topic(broker, topic, count=2, config={})
    default = topic_settings.configs(broker, topic)["retention.ms"]
    run = revise(
        "postgres",
        'op.change_topic("${topic}", partitions=4, config={"retention.ms": "5000"})',
        'op.change_topic("${topic}", config={"retention.ms": None})',
    )

    assert run("upgrade", "head").code == 0
    assert topics.partitions(broker, topic) == 4
    assert topic_settings.configs(broker, topic)["retention.ms"] == "5000"

    assert run("downgrade", "base").code == 0
    assert topic_settings.configs(broker, topic)["retention.ms"] == default
    fewer = revise("postgres", 'op.change_topic("${topic}", partitions=3)')("upgrade", "head")
    assert f"topic {topic} has 4 partitions, and Kafka takes none away" in fewer.err
    topics.delete_topic(broker, topic)


@pytest.mark.services
def test_a_topic_is_kept_while_a_group_has_messages_to_read(revise, databases, broker, stack):
    topic, group = f"{databases.name}_events", f"{databases.name}_group"
    run = revise("postgres", UP, DOWN)
    run("upgrade", "head")
    servers = stack.need("kafka_bootstrap_servers")
    producer = KafkaProducer(bootstrap_servers=servers)
    for number in range(5):
        producer.send(topic, str(number).encode(), partition=0)
    producer.close()
    broker.alter_group_offsets(group, {TopicPartition(topic, 0): OffsetAndMetadata(2, "", -1)})

    refused = run("downgrade", "base")

    assert f"has messages that were not read: 3 by group {group}" in refused.err
    assert topics.partitions(broker, topic) == 3
    assert run("-x", f"allow_data_loss={topic}", "downgrade", "base").code == 0
    assert topics.partitions(broker, topic) is None
    topics.delete_group(broker, group)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('op.create_topic("t", partitions="4")', "partitions is '4': write a number"),
        ('op.create_topic("t", partitions=0)', "partitions is 0: write a number"),
        ('op.change_topic("t", config={"retention.ms": 5})', "retention.ms is 5: write it in quo"),
    ],
)
def test_what_the_client_cannot_send_is_refused_before(call, said, revise, nowhere):
    assert said in revise("postgres", call)("upgrade", "head", "--sql").err


@pytest.mark.services
def test_what_the_broker_refuses_is_one_line(revise, databases):
    outcome = revise("postgres", 'op.create_topic("not a name")')("upgrade", "head")

    assert outcome.code != 0
    assert "refuses: [Error 17] InvalidTopicError" in outcome.err


@pytest.mark.services
def test_a_broker_that_does_not_answer_is_named(revise, nowhere, stack, monkeypatch):
    monkeypatch.setattr(topics, "ANSWER", 1.0)
    monkeypatch.setenv("ANALYTICS_POSTGRES_URL", stack.need("postgres_url"))
    run = revise("postgres", UP, DOWN)

    assert "Kafka at 127.0.0.1:1 does not answer" in run("upgrade", "head").err


def test_the_script_is_a_command_of_kafka_s_own_tools(revise, nowhere):
    run = revise("postgres", UP, DOWN)

    up, down = run("upgrade", "head", "--sql"), run("downgrade", "0001:base", "--sql")

    assert (
        "-- kafka-topics.sh --create --if-not-exists --topic shop_events --partitions 3" in up.out
    )
    assert "-- kafka-topics.sh --delete --if-exists --topic shop_events" in down.out


def test_the_script_of_a_change_has_a_command_for_each_setting(revise, nowhere):
    up = 'op.change_topic("${topic}", partitions=4, config={"a": "1", "b": None})'

    script = revise("postgres", up)("upgrade", "head", "--sql").out

    assert "-- kafka-configs.sh --alter --topic shop_events --add-config a=1\n" in script
    assert "-- kafka-configs.sh --alter --topic shop_events --delete-config b\n" in script
    assert "-- kafka-topics.sh --alter --topic shop_events --partitions 4" in script
