"""`op.allow_loss`: the author's word that what a name holds may be lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from alembic.util import CommandError

from analytics.directive import Directive, OperationContext


@dataclass(frozen=True)
class AllowLoss(Directive, name="allow_loss"):
    """`op.allow_loss("orders", "archived in March")`

    Lets the steps after it, in the same function, lose what a table holds, or another thing that
    a plan names: a topic, a slot. The reason is shown by `analytics plan`. For a release that no
    person watches; otherwise a person allows it: `analytics upgrade --allow-data-loss orders`.
    """

    object: str
    reason: str

    is_word: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise CommandError("op.allow_loss() needs a reason: why may this be lost?")

    def apply(self, context: OperationContext) -> None:
        """Allow it until the function of the revision ends."""
        context.allow(context.fill(self.object))

    def script(self, context: OperationContext) -> str:
        """A comment with the reason."""
        reason = " ".join(self.reason.split())
        return f"-- what {context.fill(self.object)} holds may be lost: {reason}"
