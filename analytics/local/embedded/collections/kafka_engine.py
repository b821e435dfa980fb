"""`ENGINE = Kafka(collection)`: its arguments are settings, and the statement's own win."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from analytics.local.embedded.collections.overrides import merged
from analytics.local.embedded.collections.registry import Collection
from analytics.local.embedded.sql import literals
from analytics.local.embedded.sql.edits import Edit
from analytics.sql.tokens import Token

SETTING = re.compile(r"kafka_|format_|input_format_|date_time_")
"""A collection may hold other keys, which the engine passes over."""


def expanded(row: Sequence[Token], at: int, collection: Collection) -> Iterator[Edit]:
    """The bracket that opens at `at` goes; its values go into SETTINGS."""
    values, close = merged(row, at, collection)
    start = next((i for i in range(close, len(row)) if _is_settings(row[i])), None)
    explicit = _names(row[start:]) if start is not None else set()
    pairs = [f"{k} = {v}" for k, v in values.items() if SETTING.match(k) and k not in explicit]
    text = ", ".join(pairs).encode("utf-8", "surrogateescape")
    if start is None:
        yield row[at].start, row[close].end, b" SETTINGS " + text if text else b""
        return
    yield row[at].start, row[close].end, b""
    if text:
        yield row[start].end, row[start].end, b" " + text + b","


def _is_settings(token: Token) -> bool:
    return token.word == "SETTINGS" and not token.depth


def _names(row: Sequence[Token]) -> set[str]:
    pairs = pairwise(row)
    return {literals.value(name) for name, sign in pairs if name.names and sign.text == b"="}
