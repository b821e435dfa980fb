"""An embedded ClickHouse whose user has the grants that are given, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from pathlib import Path

from analytics.local.clickhouse import render
from analytics.local.embedded.engine.config import USERS
from tests.local.embedded.serving import Serving, start

ALL = "<access_management>1</access_management>"
COLLECTIONS = "<named_collection_control>1</named_collection_control>"
SERVER = (
    "SELECT, INSERT, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW ON system.*",
    "FILE ON *.*",
    "SYSTEM RELOAD DICTIONARY ON *.*",
)
"""What the embedded server sends itself, as the same user, for its log and its views."""


@contextmanager
def running(folder: Path, grants: Sequence[str]) -> Iterator[Serving]:
    """A server over a folder, whose user has these grants; it ends with the block."""
    users, config = folder / "users.xml", folder / "config.xml"
    queries = "".join(f"<query>GRANT {escape(each)}</query>" for each in (*SERVER, *grants))
    limited = USERS.replace(ALL, f"<grants>{queries}</grants>").replace(COLLECTIONS, "")
    users.write_text(limited)
    own = f"<users_config>{users}</users_config></clickhouse>"
    config.write_text(render("clickhouse.xml").replace("</clickhouse>", own))
    serving = start(folder / "data", "--config", str(config))
    try:
        yield serving
    finally:
        serving.stop()
