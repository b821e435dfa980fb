"""Definitions beside the objects that exist: which they are, and what a DROP of them loses.

Functions and named collections belong to the whole server, so databases share them. They carry no
comment, so their text is compared.
"""

from __future__ import annotations

from typing import Any

from analytics.clickhouse import catalog
from analytics.clickhouse.clauses import consumer_group
from analytics.clickhouse.definition import COMMENTED, Definition
from analytics.clickhouse.existing import Existing, find
from analytics.definitions import OBJECTS
from analytics.directive import OperationContext
from analytics.errors import DefinitionError, Refused
from analytics.settings import brokers
from analytics.sql.impact import Impact
from analytics.sql.tokens import plain

Dropped = Definition | Existing


def create(definition: Definition, wanted: str, context: OperationContext) -> None:
    """Send it; look for an existing object only if it is refused: a fresh database has none."""
    from clickhouse_sqlalchemy.exceptions import DatabaseException  # slow to import

    try:
        context.send(definition.create(wanted))
    except DatabaseException:
        comment = catalog.comment(context.driver, plain(definition.name))
        if comment is None:
            raise
        if comment != wanted:
            raise refusal(definition, context) from None


def statement_needed(name: str, definition: Definition, context: OperationContext) -> str | None:
    """The statement that a function or named collection needs; None if it exists as defined.

    Refused for a function that no version of the definition `name` describes.
    """
    if definition.kind == "NAMED COLLECTION":
        keys = catalog.named_collection(context.driver, plain(definition.name))
        return definition.text if keys is None else definition.assign(keys)
    text = catalog.function(context.driver, definition.name)
    if text is None:
        return definition.text
    if catalog.normalised(context.driver, definition.text) == text:
        return None
    if _is_of_another_version(name, text, context):
        return definition.replace()
    raise refusal(definition, context)


def of(definition: Definition, driver: Any) -> Existing | None:
    """The table, view or dictionary of a definition's name; a function's name is another matter."""
    return find(driver, plain(definition.name)) if definition.kind in COMMENTED else None


def refusal(definition: Definition, context: OperationContext) -> Refused:
    """The error for an object of that name that another definition, or another user, has made."""
    drop = (of(definition, context.driver) or definition).drop()
    done = context.revision or "clickhouse@REVISION"
    return Refused(
        f"{definition.kind.lower()} {definition.name} is there already, "
        "but not as this definition makes it",
        f"drop it (`{drop}`) or rename it, or record the revision as done: "
        f"`analytics stamp {done}`",
    )


def may_be_needed(context: OperationContext) -> bool:
    """Whether another database of the server has a history, which may need a function."""
    version_table = context.operations.get_context().version_table
    return catalog.has_other_history(context.driver, version_table=version_table)


def _is_of_another_version(name: str, existing: str, context: OperationContext) -> bool:
    for version in context.resources.versions(OBJECTS, name):
        text = context.fill(context.read(OBJECTS, name, version=version))
        if catalog.normalised(context.driver, text) == existing:
            return True
    return False


def drop_impact(losing: Dropped | None, carrying: Dropped | None) -> Impact:
    """The impact of a DROP of what keeps rows, and of what carries them on."""
    stops = f"stops {carrying.name}" if carrying else None
    if losing is None:
        return Impact(blocks=stops)
    return Impact(f"drops {losing.kind.lower()} {losing.name}", stops, tables=(losing.name,))


def forget(group: str, context: OperationContext) -> None:
    """Delete a consumer group."""
    from analytics.kafka import topics  # slow to import, and few revisions need it

    with topics.admin(brokers.of(context.resources.settings)) as client:
        topics.delete_group(client, group)


def group_of(definition: Definition, existing: Existing | None) -> str:
    """The consumer group of the table that exists, else of its definition."""
    text = f"ENGINE = {existing.engine_full}" if existing else definition.text
    group = consumer_group(text) or consumer_group(definition.text)
    if group is None:
        raise DefinitionError(
            f"the definition of {definition.name} names no consumer group to forget",
            "write kafka_group_name = '...' into its SETTINGS",
        )
    return group
