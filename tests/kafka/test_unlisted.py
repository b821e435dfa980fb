"""Keys that are read although the worker's validation does not list them."""

import pytest

from analytics.kafka.unlisted import is_read

LISTED = {"name", "value.converter.schemas.enable"}
CONFIG = {"converters": "iso, geo", "post.processors": "fill"}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("topic.heartbeat.prefix", True),
        ("iso.type", True),
        ("geo.schema.name", True),
        ("fill.type", True),
        ("driver.socketTimeout", True),
        ("key.converter.schema.registry.url", True),  # a converter that lists nothing
        ("value.converter.schemas.enabled", False),  # one that lists its keys
        ("isotope.type", False),
        ("poll.intervall.ms", False),
    ],
)
def test_a_key_is_read_by_what_is_named(key, expected):
    assert is_read(key, CONFIG, LISTED) is expected
