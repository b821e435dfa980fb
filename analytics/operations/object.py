"""`op.create_object` and `op.drop_object`: ClickHouse objects of every kind, by number."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.clickhouse import catalog, label
from analytics.clickhouse.clauses import consumer_group
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
            self._create(definition, wanted, context)
        elif statement := _existing.statement_needed(self.object, definition, context):
            context.send(statement)

    def script(self, context: OperationContext) -> str:
        """The CREATE statement, with all placeholders filled except for secrets."""
        definition, wanted = self._read(context)
        return definition.create(wanted) + ";"

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        text = context.read(OBJECTS, self.object, version=self.version)
        return f"{self.source()}\n{text}"

    def versions_after(self) -> dict[str, int]:
        """The object."""
        return {self.object: self.version}

    def reverse(self) -> DropObject:
        """The operation that undoes it."""
        return DropObject(self.object)

    def _read(self, context: OperationContext) -> tuple[Definition, str]:
        text = context.read(OBJECTS, self.object, version=self.version)
        wanted = label.of(self.object, self.version, text)
        return parse(self.object, context.fill(text)), wanted

    def _create(self, definition: Definition, wanted: str, context: OperationContext) -> None:
        """Send it; look for an existing object only if it is refused: a fresh database has none."""
        from clickhouse_sqlalchemy.exceptions import DatabaseException  # slow to import

        try:
            context.send(definition.create(wanted))
        except DatabaseException:
            comment = catalog.comment(context.driver, definition.name)
            if comment is None:
                raise
            if comment != wanted:
                raise _existing.refusal(definition) from None


@dataclass(frozen=True)
class DropObject(Directive, name="drop_object"):
    """`op.drop_object("raw_events")`

    Drops the object; its kind is read from its newest definition. `forget_offsets=True` is for
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
        context.send(definition.drop())
        if self.forget_offsets:
            from analytics.kafka import topics  # slow to import, and few revisions need it

            bootstrap = context.resources.settings.need("kafka_bootstrap_servers")
            with topics.admin(bootstrap) as client:
                topics.delete_group(client, _group(definition))

    def impact(self, context: OperationContext) -> Impact:
        """The loss of a table's rows; the end of the rows that a Kafka table or a view carries."""
        definition = self._read(context)
        name = definition.name
        stops = f"stops {name}" if definition.carries_rows else None
        if definition.stores_rows:
            return Impact(f"drops {definition.kind.lower()} {name}", stops, tables=(name,))
        return Impact(blocks=stops)

    def script(self, context: OperationContext) -> str:
        """The DROP statement, and the command that deletes the consumer group."""
        definition = self._read(context)
        lines = definition.drop() + ";"
        if self.forget_offsets:
            lines += f"\n-- kafka-consumer-groups.sh --delete --group {_group(definition)}"
        return lines

    def _read(self, context: OperationContext) -> Definition:
        text = context.read(OBJECTS, self.object, version=None)
        definition = parse(self.object, context.fill(text))
        if self.forget_offsets and not definition.is_kafka:
            raise DefinitionError(
                f"{self.object} is no Kafka table", "omit forget_offsets: it has no offsets"
            )
        return definition


def _group(definition: Definition) -> str:
    group = consumer_group(definition.text)
    if group is None:
        raise DefinitionError(
            f"the definition of {definition.name} names no consumer group to forget",
            "write kafka_group_name = '...' into its SETTINGS",
        )
    return group
