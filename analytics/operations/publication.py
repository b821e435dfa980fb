"""`op.create_publication` and `op.drop_publication`: publications of PostgreSQL's tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from analytics.directive import Directive, OperationContext


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

    def script(self, context: OperationContext) -> str:
        """The CREATE PUBLICATION statement."""
        tables = ", ".join(self.tables)
        return (
            f"CREATE PUBLICATION {context.fill(self.publication)}\n"
            f"FOR TABLE {tables}\n"
            f"WITH (publish = '{self.publish}');"
        )


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

    def script(self, context: OperationContext) -> str:
        """The DROP PUBLICATION statement."""
        return f"DROP PUBLICATION IF EXISTS {context.fill(self.publication)};"
