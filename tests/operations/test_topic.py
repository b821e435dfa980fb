"""op.create_topic and op.drop_topic."""

import pytest

from analytics.kafka import topics

UP, DOWN = 'op.create_topic("${topic}", partitions=3)', 'op.drop_topic("${topic}")'


@pytest.fixture
def broker(stack):
    """An admin client of the local broker."""
    with topics.admin(stack.need("kafka_bootstrap_servers")) as client:
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
def test_a_topic_with_as_many_partitions_is_adopted(revise, databases, broker):
    topics.create_topic(broker, f"{databases.name}_events", count=3, config={})
    run = revise("postgres", UP, DOWN)

    assert run("upgrade", "head").code == 0
    run("downgrade", "base")


@pytest.mark.services
def test_a_topic_with_other_partitions_is_refused_and_kept(revise, databases, broker):
    topic = f"{databases.name}_events"
    topics.create_topic(broker, topic, count=2, config={})

    outcome = revise("postgres", UP, DOWN)("upgrade", "head")

    assert outcome.code != 0
    assert f"topic {topic} has 2 partitions, not 3" in outcome.err
    topics.delete_topic(broker, topic)


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
