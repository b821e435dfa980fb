"""`op.create_publication`, `op.alter_publication`, `op.drop_publication`: what is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import ClassVar

from alembic.util import CommandError

from analytics.directive import Directive, OperationContext
from analytics.postgres import privileges
from analytics.sql.impact import Impact
from analytics.sql.tokens import POSTGRES, scan


@dataclass(frozen=True)
class CreatePublication(Directive, name="create_publication"):
    """`op.create_publication("${publication}", tables=["experiments.events"])`

    Runs inside the revision's transaction. It must be committed before the slot is created, so give
    it a revision of its own, before that of the slot.
    """

    publication: str
    tables: Sequence[str]
    publish: str = "insert, update, delete"

    rolls_back: ClassVar[bool] = True

    def apply(self, context: OperationContext) -> None:
        """Create it."""
        context.send(self.script(context))

    def privileges(self, context: OperationContext) -> set[str]:
        """To create something in the database, and to own the tables."""
        tables = {privileges.of("owner of table", name) for name in map(_name, self.tables)}
        return tables | {privileges.of("CREATE on the database")}

    def script(self, context: OperationContext) -> str:
        """The CREATE PUBLICATION statement."""
        tables = ", ".join(self.tables)
        return (
            f"CREATE PUBLICATION {context.fill(self.publication)}\n"
            f"FOR TABLE {tables}\n"
            f"WITH (publish = '{self.publish}');"
        )


@dataclass(frozen=True)
class AlterPublication(Directive, name="alter_publication"):
    """`op.alter_publication("${publication}", add=["shop.orders"], remove=["shop.carts"])`

    Publishes more tables, or fewer. A downgrade names them the other way round. A publication that
    is dropped and created again instead would lose what was written in between.
    """

    publication: str
    add: Sequence[str] = field(default_factory=list)
    remove: Sequence[str] = field(default_factory=list)

    rolls_back: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not (self.add or self.remove):
            raise CommandError("op.alter_publication(): name tables to add or to remove")

    def apply(self, context: OperationContext) -> None:
        """Add, then remove."""
        for statement in self._statements(context):
            context.send(statement)

    def privileges(self, context: OperationContext) -> set[str]:
        """To own it, and the tables that it is to publish."""
        tables = {privileges.of("owner of table", name) for name in map(_name, self.add)}
        return tables | {privileges.of("owner of publication", context.fill(self.publication))}

    def impact(self, context: OperationContext) -> Impact:
        """The changes of removed tables, which nobody gets from then on."""
        if not self.remove:
            return Impact()
        return Impact(blocks=f"changes of {', '.join(self.remove)} are not published any more")

    def script(self, context: OperationContext) -> str:
        """The ALTER PUBLICATION statements."""
        return "\n".join(self._statements(context))

    def _statements(self, context: OperationContext) -> list[str]:
        start = f"ALTER PUBLICATION {context.fill(self.publication)}"
        parts = {"ADD": self.add, "DROP": self.remove}
        return [f"{start} {verb} TABLE {', '.join(t)};" for verb, t in parts.items() if t]


@dataclass(frozen=True)
class DropPublication(Directive, name="drop_publication"):
    """`op.drop_publication("${publication}")`

    Drops the publication. Drop its slot before: a slot without its publication cannot be read.
    """

    publication: str

    rolls_back: ClassVar[bool] = True

    def apply(self, context: OperationContext) -> None:
        """Drop it; nothing to do if there is none."""
        context.send(self.script(context))

    def privileges(self, context: OperationContext) -> set[str]:
        """To own it."""
        return {privileges.of("owner of publication", context.fill(self.publication))}

    def script(self, context: OperationContext) -> str:
        """The DROP PUBLICATION statement."""
        return f"DROP PUBLICATION IF EXISTS {context.fill(self.publication)};"


def _name(table: str) -> str:
    """The name at the start of what is published of a table: columns and rows may follow it."""
    row = [each for each in scan(POSTGRES, table.encode()) if each.word != "ONLY"]
    named = takewhile(lambda each: each.names != (each.text == b"."), row)
    parts = [each.text.decode() for each in named if each.word != "WHERE"]
    return "".join(parts)
