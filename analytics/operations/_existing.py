"""The objects that exist already under a definition's name, and those that others may need.

Functions and named collections belong to the whole server, so databases share them. They carry no
comment, so their text is compared.
"""

from __future__ import annotations

from analytics.clickhouse import catalog
from analytics.clickhouse.definition import Definition
from analytics.definitions import OBJECTS
from analytics.directive import OperationContext
from analytics.errors import Refused


def statement_needed(name: str, definition: Definition, context: OperationContext) -> str | None:
    """The statement that a function or named collection needs; None if it exists as defined.

    Refused for a function that no version of the definition `name` describes.
    """
    if definition.kind == "NAMED COLLECTION":
        exists = catalog.has_named_collection(context.driver, definition.name)
        return definition.assign() if exists else definition.text
    text = catalog.function(context.driver, definition.name)
    if text is None:
        return definition.text
    if catalog.normalised(context.driver, definition.text) == text:
        return None
    if _is_of_another_version(name, text, context):
        return definition.replace()
    raise refusal(definition)


def refusal(definition: Definition) -> Refused:
    """The error for an object of that name that another definition, or another user, has made."""
    return Refused(
        f"{definition.kind.lower()} {definition.name} is there already, "
        "but not as this definition makes it",
        "drop or rename it, or record the revision as done with `alembic -n clickhouse stamp`",
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
