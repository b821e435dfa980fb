"""Privileges that a server has asked for: the statement that gives what its message names."""

from __future__ import annotations

import re

from analytics.sql.tokens import identifier

SOURCES = {"PostgreSQL": "POSTGRES", "MongoDB": "MONGO"} | {
    name: name.upper()
    for name in ("Kafka", "MySQL", "S3", "URL", "Redis", "NATS", "RabbitMQ", "SQLite")
}
"""Engines that read elsewhere, with the privilege for that."""
ASKED = re.compile(r"necessary to have the grant (?P<all>.+?)\. \(ACCESS_DENIED")
USER = re.compile(r"DB::Exception: (?P<user>.+?): Not enough privileges")
PART = re.compile(r"(?P<all>.+) \(Missing permissions: (?P<missing>.+)\)$")
ENGINE = re.compile(r"TABLE ENGINE ON (\w+)")
OPTION = " WITH GRANT OPTION"


def remedy(message: str) -> str | None:
    """The statement that gives what a message of the server asks for; None if it names nothing."""
    asked, user = ASKED.search(message), USER.search(message)
    if not asked or not user:
        return None
    wanted = PART.sub(_missing, asked["all"])
    to = f"TO {identifier(user['user'])}"
    engine = ENGINE.match(wanted)
    if engine:
        source = SOURCES.get(engine[1])
        return f"GRANT {engine[0]} {to}" + (f"; GRANT {source} ON *.* {to}" if source else "")
    return f"GRANT {wanted.removesuffix(OPTION)} {to}" + OPTION * wanted.endswith(OPTION)


def _missing(found: re.Match[str]) -> str:
    """What is missing of all that a statement needs; a source is named by its engine alone."""
    return found["all"] if "USAGE" in found["missing"] else found["missing"]
