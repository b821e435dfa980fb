"""The privileges of a user in ClickHouse: which it lacks, and the statement that gives each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from analytics.clickhouse.client import one
from analytics.clickhouse.definition import Definition
from analytics.clickhouse.denied import SOURCES
from analytics.sql.tokens import identifier

REBUILD = "SELECT, INSERT, ALTER DELETE, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW"
FORGET = "SELECT, INSERT, CREATE TABLE, DROP TABLE, DROP VIEW"
RECREATE = "SELECT, INSERT, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW"
KAFKA = "KAFKA ON *.*"
ALTER = "SELECT, CREATE TABLE, DROP TABLE, ALTER MODIFY COMMENT"
CHANGE = "SELECT, INSERT, ALTER VIEW MODIFY QUERY, ALTER MODIFY COMMENT"


def on(database: str, privileges: str) -> set[str]:
    """Privileges on a database, each as a GRANT has it."""
    return {f"{each} ON {identifier(database)}.*" for each in privileges.split(", ")}


def creating(definition: Definition, database: str) -> set[str]:
    """What it takes to create the object of a definition."""
    kind = "VIEW" if "VIEW" in definition.kind else definition.kind
    if kind == "NAMED COLLECTION":
        return {f"{verb} {kind} ON {definition.name}" for verb in ("CREATE", "ALTER")}
    if kind == "FUNCTION":
        return {"CREATE FUNCTION ON *.*"}
    if definition.kind == "MATERIALIZED VIEW":
        return on(database, "CREATE VIEW, SELECT, INSERT")
    source = SOURCES.get(definition.engine) if kind == "TABLE" else None
    return on(database, f"CREATE {kind}") | ({f"{source} ON *.*"} if source else set())


def dropping(definition: Definition, database: str) -> set[str]:
    """What it takes to drop the object of a definition."""
    kind = "VIEW" if "VIEW" in definition.kind else definition.kind
    if kind == "NAMED COLLECTION":
        return {f"DROP {kind} ON {definition.name}"}
    if kind == "FUNCTION":
        return {"DROP FUNCTION ON *.*"}
    return on(database, f"DROP {kind}")


def missing(connection: Any, wanted: Collection[str]) -> dict[str, str]:
    """The privileges that the user of a connection lacks, each with the statement that gives it.

    None before ClickHouse 24.11, which has no CHECK GRANT.
    """
    from clickhouse_sqlalchemy.exceptions import DatabaseException  # slow to import

    try:
        if not wanted or has(connection, ", ".join(wanted)):
            return {}
    except DatabaseException as error:
        if "SYNTAX_ERROR" not in str(error.orig):
            raise
        return {}
    user = identifier(str(one(connection, "SELECT currentUser()")))
    return {each: f"GRANT {each} TO {user}" for each in wanted if not has(connection, each)}


def has(connection: Any, privileges: str) -> bool:
    """Whether the user has all of them."""
    return bool(one(connection, f"CHECK GRANT {privileges}"))
