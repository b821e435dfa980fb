"""How a statement gets its query id: the driver chooses one of its own, unless it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def under(connection: Any, query_id: str) -> Iterator[None]:
    """Whatever the DBAPI connection sends meanwhile goes out under that id: one statement."""
    settings: dict[str, Any] = connection.transport.ch_settings
    settings["query_id"] = query_id
    try:
        yield
    finally:
        del settings["query_id"]
