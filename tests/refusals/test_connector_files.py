"""Definitions of connectors that cannot be used, found while a script is written."""

import json

import pytest

from tests.refusals.walk import walks

RIGHT = {
    "name": "shop",
    "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
    "slot.name": "shop_slot",
    "publication.name": "shop_pub",
}

CONFIGS = {
    "kafka/connector.py: the definition of connector {} has no {}": (
        {k: v for k, v in RIGHT.items() if k != "slot.name"},
        "slot.name",
    ),
    "kafka/connector.py: connector {}: {} is no string": (
        RIGHT | {"poll.interval.ms": 50},
        "poll.interval.ms",
    ),
    "kafka/connector.py: the definition of connector {} has no connector.class": (
        {"name": "shop", "config": RIGHT},
        "connector.class",
    ),
    "kafka/connector.py: the definition of connector {} is no JSON": (RIGHT, "line 6"),
}


@walks(*CONFIGS)
@pytest.mark.parametrize("key", CONFIGS)
def test_a_connector_whose_definition_cannot_be_used(key, site):
    wrong, named = CONFIGS[key]
    place = "migrations/connectors/shop_v01.json"
    site.revise("postgres", "0001", 'op.register_connector("shop", version=1)')
    text = json.dumps(wrong, indent=2)
    site.write(place, text.replace("\n}", ",\n}") if wrong is RIGHT else text)
    site.refused("alembic upgrade head --sql", "shop", named)

    site.write(place, json.dumps(RIGHT))

    site.passes("alembic upgrade head --sql")
