"""`op.run_sql`: a statement of the author, who says whether it may run twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from alembic.util import CommandError

from analytics.directive import Directive, OperationContext
from analytics.journal.work import Work, statement
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class RunSql(Directive, name="run_sql"):
    """`op.run_sql("INSERT INTO ...", reruns="the table is replaced by its key")`

    Sends one statement, placeholders filled. `reruns` says why it may be sent again after a crash
    has left it in doubt. With `once=True` it may not: if the server does not know its outcome, the
    next run asks a person (`analytics resolve`).
    """

    text: str
    reruns: str | None = None
    once: bool = False

    looks_first: ClassVar[bool] = False
    rolls_back: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if bool(self.reruns) == self.once:
            raise CommandError(
                "op.run_sql() needs one of two words: "
                'reruns="why it may be sent twice", or once=True'
            )

    def apply(self, context: OperationContext) -> None:
        """Send it."""
        context.send(context.fill(self.text))

    def script(self, context: OperationContext) -> str:
        """The statement, and why it may run twice."""
        word = f"-- may be run again: {self.reruns}" if self.reruns else "-- to be run once"
        return f"{word}\n{context.fill(self.text).strip()}"

    def impact(self, context: OperationContext) -> Impact:
        """The impact that its text shows."""
        return context.resources.store.impact(context.fill(self.text))

    def work(self, context: OperationContext) -> Work:
        """The step of a statement, as for `op.execute`, with the author's `once`."""
        return statement(self.text, once=self.once)
