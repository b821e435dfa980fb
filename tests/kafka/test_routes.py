"""The topics that a connector's rows go to."""

import pytest

from analytics.kafka import routes

REGEX = "org.apache.kafka.connect.transforms.RegexRouter"
LOGICAL = "io.debezium.transforms.ByLogicalTableRouter"
UNWRAP = "io.debezium.transforms.ExtractNewRecordState"


def through(*transforms, **more):
    config = {"topic.prefix": "shop", "transforms": ",".join(name for name, _ in transforms)}
    for name, options in transforms:
        config |= {f"transforms.{name}.{key}": value for key, value in options.items()}
    return config | more


@pytest.mark.parametrize(
    ("config", "topic"),
    [
        (through(), "shop.public.orders"),
        (through(**{"topic.delimiter": "-"}), "shop-public-orders"),
        (through(("u", {"type": UNWRAP})), "shop.public.orders"),
        (through(("r", {"type": REGEX, "regex": "(.*)", "replacement": "all_$1"})),
         "all_shop.public.orders"),
        (through(("r", {"type": REGEX, "regex": "public", "replacement": "x"})),
         "shop.public.orders"),
        (through(("r", {"type": REGEX, "regex": r"shop\.(\w+)\.(\w+)", "replacement": "$2.$1"})),
         "orders.public"),
        (through(("l", {"type": LOGICAL, "topic.regex": "(.*)orders", "topic.replacement": "$1o"})),
         "shop.public.o"),
        (through(("r", {"type": REGEX, "regex": "(.*)", "replacement": "x", "predicate": "p"})),
         None),
        (through(("f", {"type": "org.apache.kafka.connect.transforms.Filter"})), None),
        (through(("e", {"type": "io.debezium.transforms.outbox.EventRouter"})), None),
        (through(("r", {"type": REGEX, "regex": "(", "replacement": "x"})), None),
        (through(("r", {"type": REGEX, "regex": "(.*)", "replacement": "$7"})), None),
        (through(("r", {"type": REGEX, "regex": "(?<a>.*)", "replacement": "${a}"})), None),
        (through(**{"topic.naming.strategy": "their.Own"}), None),
    ],
)  # fmt: skip
def test_the_topic_is_known_or_said_to_be_unknown(config, topic):
    assert routes.topic_of("public.orders", config) == topic


def test_characters_that_a_topic_cannot_have_become_underlines():
    assert routes.topic_of("public.order items", through()) == "shop.public.order_items"


def test_heartbeats_and_transactions_have_topics_of_their_own():
    config = through(**{"heartbeat.interval.ms": "5000", "provide.transaction.metadata": "true"})

    assert list(routes.topics_of(["public.a"], config)) == [
        "shop.public.a",
        "__debezium-heartbeat.shop",
        "shop.transaction",
    ]
