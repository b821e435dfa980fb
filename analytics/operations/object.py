"""`op.create_object` and `op.drop_object`: ClickHouse objects of every kind, by number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from analytics.clickhouse import label, privileges, usable
from analytics.clickhouse.definition import COMMENTED, Definition, parse
from analytics.definitions import OBJECTS
from analytics.directive import Directive, OperationContext
from analytics.errors import DefinitionError
from analytics.operations import _existing
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class CreateObject(Directive, name="create_object"):
    """`op.create_object("raw_events", version=1)`

    Creates the object that `objects/<object>_v<version>.sql` defines. An object whose comment has
    the same name, version and digest counts as done; any other object of that name is Refused.
    A function belongs to the whole server: one that equals another version is replaced.
    """

    object: str
    version: int

    def apply(self, context: OperationContext) -> None:
        """Create it, unless it exists as defined; Refused if another one exists."""
        definition, wanted = self._read(context)
        if definition.kind in COMMENTED:
            _existing.create(definition, wanted, context)
        elif statement := _existing.statement_needed(self.object, definition, context):
            context.send(statement)

    def impact(self, context: OperationContext) -> Impact:
        """Of a view that refreshes itself: the rows that it replaces."""
        text = context.read(OBJECTS, self.object, version=self.version)
        return context.resources.store.impact(text)

    def script(self, context: OperationContext) -> str:
        """The CREATE statement, with all placeholders filled except for secrets."""
        definition, wanted = self._read(context)
        return definition.create(wanted)

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written; DefinitionError if it cannot be used."""
        usable.definition(self.object, self._text(context))
        text = context.read(OBJECTS, self.object, version=self.version)
        return f"{self.source()}\n{text}"

    def privileges(self, context: OperationContext) -> set[str]:
        """To create such an object, and what it reads and writes."""
        definition = parse(self.object, self._text(context))
        return privileges.creating(definition, context.database)

    def versions_after(self) -> dict[str, int]:
        """The object."""
        return {self.object: self.version}

    def reverse(self) -> DropObject:
        """The operation that undoes it."""
        return DropObject(self.object)

    def _read(self, context: OperationContext) -> tuple[Definition, str]:
        text = context.read(OBJECTS, self.object, version=self.version)
        wanted = label.of(self.object, self.version, text)
        filled = context.resources.placeholders.fill_all(text)
        return usable.definition(self.object, filled), wanted

    def _text(self, context: OperationContext) -> str:
        text = context.read(OBJECTS, self.object, version=self.version)
        return replace(context.resources.placeholders, lenient=True).fill_all(text)


@dataclass(frozen=True)
class DropObject(Directive, name="drop_object"):
    """`op.drop_object("raw_events")`

    Drops the object that the server has under the definition's name. `forget_offsets=True` is for
    Kafka tables: it deletes the consumer group, too, so that the topic is read again from its
    start. A function stays while another database of the server has a history: it may need it.
    """

    object: str
    forget_offsets: bool = False

    def apply(self, context: OperationContext) -> None:
        """Drop it; nothing to do if it is gone."""
        definition = self._read(context)
        if definition.kind == "FUNCTION" and _existing.may_be_needed(context):
            return
        existing = _existing.of(definition, context.driver)
        group = _existing.group_of(definition, existing) if self.forget_offsets else ""
        context.send((existing or definition).drop())
        if self.forget_offsets:
            _existing.forget(group, context)

    def needs(self, context: OperationContext) -> set[str]:
        """The broker, to forget offsets."""
        return {"kafka_bootstrap_servers"} if self.forget_offsets else set()

    def privileges(self, context: OperationContext) -> set[str]:
        """To drop such an object."""
        definition = self._read(context)
        return privileges.dropping(definition, context.database)

    def impact(self, context: OperationContext) -> Impact:
        """The loss of rows, or of what carries them, by any version: each may be the one there."""
        read = context.resources.versions(OBJECTS, self.object)
        found = [self._definition(context, version) for version in read]
        losing = next((each for each in found if each.stores_rows), None)
        carrying = next((each for each in found if each.carries_rows), None)
        return _existing.drop_impact(losing, carrying)

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """The same by the object that exists; what is still to be created is known by its files."""
        existing = _existing.of(self._read(context), driver)
        if existing is None:
            return self.impact(context)
        losing = existing if existing.stores_rows else None
        return _existing.drop_impact(losing, existing if existing.carries_rows else None)

    def script(self, context: OperationContext) -> str:
        """The DROP statement, and the command that deletes the consumer group."""
        definition = self._read(context)
        lines = definition.drop()
        if self.forget_offsets:
            group = _existing.group_of(definition, None)
            lines += f"\n-- kafka-consumer-groups.sh --delete --group {group}"
        return lines

    def _read(self, context: OperationContext) -> Definition:
        definition = self._definition(context, None)
        if self.forget_offsets and not definition.is_kafka:
            raise DefinitionError(
                f"{self.object} is no Kafka table", "omit forget_offsets: it has no offsets"
            )
        return definition

    def _definition(self, context: OperationContext, version: int | None) -> Definition:
        text = context.read(OBJECTS, self.object, version=version)
        return parse(self.object, context.fill(text))
