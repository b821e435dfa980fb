"""`op.create_object` and `op.drop_object`: every kind of ClickHouse object, by number."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.clickhouse import catalog, label
from analytics.clickhouse.clauses import consumer_group
from analytics.clickhouse.definition import COMMENTED, Definition, parse
from analytics.directive import Directive, OperationContext
from analytics.errors import DefinitionError, Refused
from analytics.rebuild import files
from analytics.sql.impact import Impact

FOLDER = files.FOLDER


@dataclass(frozen=True)
class CreateObject(Directive, name="create_object"):
    """`op.create_object("raw_events", version=1)`

    Creates what `objects/<object>_v<version>.sql` says. An object that carries the same name,
    version and digest in its comment is taken for done; another one of that name is Refused.
    A function belongs to the server: one that says what another version says is replaced.
    """

    object: str
    version: int

    def apply(self, context: OperationContext) -> None:
        """Create it, unless it is there as defined."""
        definition, wanted = self._read(context)
        if definition.kind in COMMENTED:
            self._create(definition, wanted, context)
        elif (missing := self._missing(definition, context)) is not None:
            context.send(missing)

    def script(self, context: OperationContext) -> str:
        """The CREATE statement, placeholders filled but for secrets."""
        definition, wanted = self._read(context)
        return definition.create(wanted) + ";"

    def digest_text(self, context: OperationContext) -> str:
        """Its line, and the definition as it is written."""
        text = context.read(FOLDER, self.object, version=self.version)
        return f"{self.source()}\n{text}"

    def versions_after(self) -> dict[str, int]:
        """The object."""
        return {self.object: self.version}

    def reverse(self) -> DropObject:
        """Its inverse."""
        return DropObject(self.object)

    def _read(self, context: OperationContext) -> tuple[Definition, str]:
        text = context.read(FOLDER, self.object, version=self.version)
        wanted = label.of(self.object, self.version, text)
        return parse(self.object, context.fill(text)), wanted

    def _create(self, definition: Definition, wanted: str, context: OperationContext) -> None:
        """Send it; only when it is refused, ask what is there: a fresh database has nothing."""
        from clickhouse_sqlalchemy.exceptions import DatabaseException  # slow to import

        try:
            context.send(definition.create(wanted))
        except DatabaseException:
            comment = catalog.comment(context.driver, definition.name)
            if comment is None:
                raise
            if comment != wanted:
                raise _other(definition) from None

    def _missing(self, definition: Definition, context: OperationContext) -> str | None:
        """The statement that is still needed; None if the object is there as defined."""
        if definition.kind == "NAMED COLLECTION":
            is_there = catalog.has_named_collection(context.driver, definition.name)
            return definition.assign() if is_there else definition.text
        there = catalog.function(context.driver, definition.name)
        if there is None:
            return definition.text
        if catalog.normalised(context.driver, definition.text) == there:
            return None
        for version in context.resources.versions(FOLDER, self.object):
            text = context.fill(context.read(FOLDER, self.object, version=version))
            if catalog.normalised(context.driver, text) == there:
                return definition.replace()
        raise _other(definition)


@dataclass(frozen=True)
class DropObject(Directive, name="drop_object"):
    """`op.drop_object("raw_events")`

    Drops the object; its kind is read from its newest definition. `forget_offsets=True` is for
    Kafka tables: the consumer group goes, too, so that the topic is read again from its start.
    A function stays while another database of the server has a history: it may need it.
    """

    object: str
    forget_offsets: bool = False

    def apply(self, context: OperationContext) -> None:
        """Drop it; nothing to do if it is gone."""
        definition = self._read(context)
        if definition.kind == "FUNCTION" and self._is_shared(context):
            return
        context.send(definition.drop())
        if self.forget_offsets:
            from analytics.kafka import topics  # slow to import, and few revisions need it

            bootstrap = context.resources.settings.need("kafka_bootstrap_servers")
            with topics.admin(bootstrap) as client:
                topics.delete_group(client, _group(definition))

    def impact(self, context: OperationContext) -> Impact:
        """A table's rows are gone; what a Kafka table or a view carries on stops."""
        definition = self._read(context)
        name = definition.name
        stops = f"stops {name}" if definition.carries_rows else None
        if definition.stores_rows:
            return Impact(f"drops {definition.kind.lower()} {name}", stops, tables=(name,))
        return Impact(blocks=stops)

    @staticmethod
    def _is_shared(context: OperationContext) -> bool:
        version_table = context.operations.get_context().version_table
        return catalog.has_other_history(context.driver, version_table=version_table)

    def script(self, context: OperationContext) -> str:
        """The DROP statement, and the command that forgets the consumer group."""
        definition = self._read(context)
        lines = definition.drop() + ";"
        if self.forget_offsets:
            lines += f"\n-- kafka-consumer-groups.sh --delete --group {_group(definition)}"
        return lines

    def _read(self, context: OperationContext) -> Definition:
        text = context.read(FOLDER, self.object, version=None)
        definition = parse(self.object, context.fill(text))
        if self.forget_offsets and not definition.is_kafka:
            raise DefinitionError(
                f"{self.object} is no Kafka table", "leave forget_offsets out: it has no offsets"
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


def _other(definition: Definition) -> Refused:
    return Refused(
        f"{definition.kind.lower()} {definition.name} is there already, "
        "but not as this definition makes it",
        "drop or rename it, or record the revision as done with `alembic -n clickhouse stamp`",
    )
