"""The keys of a definition that are read, though the worker's validation does not list them."""

from __future__ import annotations

from collections.abc import Collection

from analytics.kafka.connect import Config

NAMING = {"topic.delimiter", "topic.cache.size", "topic.transaction", "topic.heartbeat.prefix"}
PASSED_ON = ("driver.", "internal.", "snapshot.select.statement.overrides.", "custom.")
PLUGINS = ("converters", "post.processors")  # lists of names: the keys of each begin with its name
CONVERTERS = ("key.converter.", "value.converter.", "header.converter.")


def is_read(key: str, config: Config, listed: Collection[str]) -> bool:
    """Whether something may read a key that is not listed.

    A converter that lists none of its keys reads whatever it likes.
    """
    names = (each.strip() for plugins in PLUGINS for each in config.get(plugins, "").split(","))
    prefixes = (*PASSED_ON, *(f"{name}." for name in names if name))
    silent = [p for p in CONVERTERS if not any(each.startswith(p) for each in listed)]
    return key in NAMING or key.startswith((*prefixes, *silent))
