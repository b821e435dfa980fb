"""The Directive: an operation of ours as a value, which Alembic runs as `op.<name>(...)`."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from alembic.operations import MigrateOperation, Operations
from alembic.util import CommandError

from analytics.directive.context import OperationContext
from analytics.journal.work import Work
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class Directive(MigrateOperation):
    """An operation as a frozen value; a subclass registers itself as `op.<name>`.

    The parameters of `op.<name>(...)` are the fields of the dataclass. `apply` does the work;
    under `--sql`, `script` returns it as lines of text.
    """

    name: ClassVar[str]
    looks_first: ClassVar[bool] = True  # `apply` does nothing where its effect already exists
    rolls_back: ClassVar[bool] = False  # a rollback of the connection undoes all of it
    commits: ClassVar[bool] = False  # what its revision has done before is committed first
    servers: ClassVar[tuple[str, ...]] = ()  # the addresses of others that it talks to: settings
    is_word: ClassVar[bool] = False  # it sends nothing: it is a word about the steps after it

    def __init_subclass__(cls, *, name: str) -> None:
        super().__init_subclass__()
        cls.name = name
        Operations.register_operation(name, "call")(cls)
        Operations.implementation_for(cls)(cls._perform)

    @classmethod
    def call(cls, operations: Operations, *args: Any, **kwargs: Any) -> Any:
        """`op.<name>(...)`: make the value and let Alembic invoke it; CommandError if it cannot."""
        try:
            directive = cls(*args, **kwargs)
        except TypeError as error:
            fault = str(error).removeprefix(f"{cls.__name__}.__init__() ")
            raise CommandError(f"op.{cls.name}(): {fault}") from error
        return operations.invoke(directive)

    def apply(self, context: OperationContext) -> None:
        """Do the work on the servers; may be called again."""
        raise NotImplementedError

    def script(self, context: OperationContext) -> str:
        """The work as text for `--sql`: statements, or comments with commands."""
        raise NotImplementedError

    def work(self, context: OperationContext) -> Work:
        """The step that the journal records."""
        return Work(
            self.name, self.source(), self.digest_text(context), looks_first=self.looks_first
        )

    def digest_text(self, context: OperationContext) -> str:
        """The text of its digest in the journal: a subclass adds the definition that it reads."""
        return self.source()

    def impact(self, context: OperationContext) -> Impact:
        """The effect on data and on those who use it; a subclass that has one overrides this."""
        return Impact()

    def impact_online(self, context: OperationContext, driver: Any) -> Impact:
        """The impact as far as the store can tell it before; the connection is only read."""
        return self.impact(context)

    def needs(self, context: OperationContext) -> set[str]:
        """The settings without which it cannot run, beside the secrets that its text names."""
        return set(self.servers)

    def privileges(self, context: OperationContext) -> set[str]:
        """The privileges that its store asks for, in the words of `Store.lacks`."""
        return set()

    def versions_after(self) -> dict[str, int]:
        """The versions of ClickHouse objects once it has run, by the names of their definitions."""
        return {}

    def source(self) -> str:
        """The line of a revision that makes this value."""
        first, *others = ((f, getattr(self, f.name)) for f in fields(self))
        arguments = [_literal(first[1])]
        arguments += [f"{f.name}={_literal(v)}" for f, v in others if v not in (f.default, {}, [])]
        return f"op.{self.name}({', '.join(arguments)})"

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """The name and values that `alembic check` shows."""
        return (self.name, *(getattr(self, f.name) for f in fields(self)))

    @staticmethod
    def _perform(operations: Operations, directive: Directive) -> None:
        context = OperationContext(operations)
        if context.resources.record is not None:
            context.resources.record.append(directive)
        elif context.offline:
            context.write(directive.script(context))
        elif context.steps is None or context.steps.is_within or directive.is_word:
            directive.apply(context)
        elif directive._is_held(context):
            context.steps.held.send(
                lambda: directive.work(context), lambda: directive.apply(context)
            )
        else:
            is_open = not context.resources.store.commits_at_once(context.connection)
            with context.autocommit() if directive.commits and is_open else nullcontext():
                work = directive.work(context)
                context.steps.perform(work, lambda: directive.apply(context))

    def _is_held(self, context: OperationContext) -> bool:
        """Whether the version is committed together with all that it does, or neither is."""
        return self.rolls_back and not context.resources.store.commits_at_once(context.connection)


def _literal(value: Any) -> str:
    """A value as a revision has it: texts in double quotes."""
    is_text = isinstance(value, str | list | dict)
    return json.dumps(value, ensure_ascii=False) if is_text else repr(value)
