"""What a history says: its directives in order, learned by running revisions against no server."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import analytics.clickhouse.impl  # noqa: F401  (registers the dialect's implementation)
from analytics.directive import Bench, Directive
from analytics.operations.object import CreateObject, DropObject


def directives(script: ScriptDirectory, bench: Bench, *, dialect: str) -> list[Directive]:
    """Every directive from base to the heads, in the order in which an upgrade runs them."""
    recorded: list[Directive] = []
    options = {
        "as_sql": True,
        "output_buffer": StringIO(),
        Bench.OPTION: replace(bench, record=recorded),
    }
    context = MigrationContext.configure(dialect_name=dialect, opts=options)
    revisions = reversed(list(script.walk_revisions("base", "heads")))
    with Operations.context(context):
        for revision in revisions:
            revision.module.upgrade()
    return recorded


def objects(script: ScriptDirectory, bench: Bench) -> dict[str, CreateObject]:
    """The ClickHouse objects that are there at the heads, by the name of their definition."""
    there: dict[str, CreateObject] = {}
    for directive in directives(script, bench, dialect="clickhouse"):
        if isinstance(directive, CreateObject):
            there[directive.object] = directive
        elif isinstance(directive, DropObject):
            there.pop(directive.object, None)
    return there
