"""`op.change_table`: a table of ClickHouse brought to another version, its rows kept."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from alembic.util import CommandError

from analytics.clickhouse import (
    catalog,
    label,
    privileges,
    rehearsal,
    reruns,
    statements,
    usable,
)
from analytics.clickhouse.definition import Definition
from analytics.definitions import OBJECTS
from analytics.directive import Directive, OperationContext
from analytics.errors import DefinitionError, Refused
from analytics.operations import _rebuild
from analytics.sql.impact import Impact
from analytics.sql.tokens import literal, plain

HELD = (
    "ingest from Kafka pauses, and the views on it are detached, while a column is dropped: they "
    "miss what others insert then"
)


@dataclass(frozen=True)
class ChangeTable(Directive, name="change_table"):
    """`op.change_table("orders", version=2, by=["ALTER TABLE orders ADD COLUMN ..."])`

    Sends the statements, which must leave the table as `objects/orders_v02.sql` defines it. This is
    tried out on an empty copy first. After a crash they are sent again: each needs IF [NOT] EXISTS.
    """

    table: str
    version: int
    by: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.by or isinstance(self.by, str):
            raise CommandError("op.change_table(): by is a list of ALTER TABLE statements")

    def apply(self, context: OperationContext) -> None:
        """Alter it, unless it is at that version; Refused if it would not be as defined."""
        definition, wanted = self._read(context)
        name = plain(definition.name)
        comment = catalog.comment(context.driver, name)
        if comment == wanted:
            return
        if comment is None:
            raise Refused(
                f"there is no table {name}", f'write op.create_object("{self.table}", ...)'
            )
        sent = self._statements(context, name)
        if different := rehearsal.differences(context.driver, definition, sent):
            raise Refused(
                f"{name} would not be as version {self.version} defines it: {'; '.join(different)}",
                "correct the statements or the definition (-: what they leave, +: what is "
                "defined); nothing was changed",
            )
        for statement in (*sent, _labelled(definition, wanted)):
            with _rebuild.without_readers(context, name) if _drops(statement) else nullcontext():
                context.send(statement)

    def script(self, context: OperationContext) -> str:
        """The statements, and the label."""
        definition, wanted = self._read(context)
        sent = self._statements(context, plain(definition.name))
        return ";\n".join((*sent, _labelled(definition, wanted)))

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        text = context.read(OBJECTS, self.table, version=self.version)
        return f"{self.source()}\n{text}"

    def privileges(self, context: OperationContext) -> set[str]:
        """All that it does."""
        return privileges.on(context.database, privileges.ALTER)

    def versions_after(self) -> dict[str, int]:
        """The table."""
        return {self.table: self.version}

    def impact(self, context: OperationContext) -> Impact:
        """The impact that the statements show, and the pause for a column that is dropped."""
        return self.held(context.resources.store.impact(self._joined(context)))

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """The same, without what the server knows to be harmless."""
        return self.held(context.resources.store.impact(self._joined(context), driver))

    def _joined(self, context: OperationContext) -> str:
        return context.fill(";\n".join(self.by))

    def held(self, impact: Impact) -> Impact:
        """The impact, with the pause of ingest if a column is dropped or renamed."""
        if not any(map(_drops, self.by)):
            return impact
        return replace(impact, blocks="; ".join(filter(None, (impact.blocks, HELD))))

    def _read(self, context: OperationContext) -> tuple[Definition, str]:
        text = context.read(OBJECTS, self.table, version=self.version)
        filled = context.resources.placeholders.fill_all(text)
        definition = usable.definition(self.table, filled)
        if definition.kind != "TABLE":
            raise DefinitionError(
                f"{self.table} is a {definition.kind}, and no table",
                "use op.rebuild_view or op.change_view for a view",
            )
        return definition, label.of(self.table, self.version, text)

    def _statements(self, context: OperationContext, name: str) -> list[str]:
        """The statements, filled; DefinitionError for one that may not be sent again."""
        filled = [context.fill(each).strip().rstrip(";") for each in self.by]
        for statement in filled:
            rehearsal.altered(name, statement, name)
            if unsafe := reruns.judge(statement):
                raise DefinitionError(
                    f"op.change_table() of {name}: {unsafe.reason}", f"write {unsafe.rewrite}"
                )
        return filled


def _drops(statement: str) -> bool:
    """Whether it drops or renames a column: the server then looks at the views on the table."""
    commands = (command for command, altered in statements.parts(statement) if altered)
    return any(each.match("(?:DROP|RENAME) COLUMN") for each in commands)


def _labelled(definition: Definition, wanted: str) -> str:
    return f"ALTER TABLE {definition.name} MODIFY COMMENT {literal(wanted)}"
