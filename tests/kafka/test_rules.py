"""The rules of a connector's definition, and what the worker says of it."""

import json

import pytest

from analytics.errors import Refused
from analytics.kafka import rules
from analytics.kafka.connect import Connect
from tests.kafka.worker import answering

CONFIG = {
    "name": "c",
    "connector.class": "C",
    "slot.name": "s",
    "publication.name": "p",
    "topic.prefix": "t",
    "database.dbname": "d",
    "database.password": "${env:PASSWORD}",
    "message.key.columns": "a:b",
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"database.password": "hunter2"}, "database.password holds a secret"),
        ({"producer.override.sasl.jaas.config": "X password=1;"}, "jaas.config holds a secret"),
        ({"database.password": "${debezium_role_password}"}, "would be sent as it is"),
        ({"slot.drop.on.stop": "true"}, "the next stop drops the slot"),
        ({"errors.tolerance": "all"}, "left out silently"),
    ],
)
def test_what_loses_rows_or_shows_a_secret_is_refused(change, said):
    with pytest.raises(Refused, match=said) as raised:
        rules.check(CONFIG | change, None, ["debezium_role_password"])

    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("key", ["topic.prefix", "slot.name", "database.dbname"])
def test_a_connector_of_another_source_does_not_take_the_place_of_one(key):
    with pytest.raises(Refused, match=f"would change {key} from . to other"):
        rules.check(CONFIG | {key: "other"}, CONFIG, ())


def test_what_may_change_is_let_through():
    rules.check(CONFIG | {"poll.interval.ms": "50"}, CONFIG, ())


def test_two_connectors_do_not_read_one_slot():
    body = {n: {"info": {"config": CONFIG | {"name": n}}} for n in ("c", "former")}

    with answering(((200, json.dumps(body).encode()),)) as worker:
        with pytest.raises(Refused, match="connector former reads slot s, too"):
            rules.check_alone(Connect(worker.url), CONFIG)
        rules.check_alone(Connect(worker.url), CONFIG | {"slot.name": "another"})
