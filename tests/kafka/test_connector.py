"""A connector's definition, and the errors of one that cannot be used."""

import json

import pytest

from analytics.errors import DefinitionError
from analytics.kafka import connector

CONFIG = {"connector.class": "C", "name": "c", "slot.name": "s", "publication.name": "p"}


def test_a_definition_is_a_flat_map_of_strings():
    assert connector.parse("c", json.dumps(CONFIG)) == CONFIG


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "has no connector.class"),
        ("{}", "has no connector.class"),
        ('{"connector.class": "C", "name": "c"}', "has no slot.name, publication.name"),
        (json.dumps(CONFIG | {"poll.interval.ms": 50}), "poll.interval.ms is no string"),
        (json.dumps(CONFIG | {"a": None, "b": True}), "a, b is no string"),
    ],
)
def test_another_shape_is_refused(text, message):
    with pytest.raises(DefinitionError, match=message):
        connector.parse("c", text)
