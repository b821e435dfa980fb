"""The losses of a plan, and the names that allow them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from analytics.release.plan import Plan
from analytics.sql.impact import Impact


@dataclass(frozen=True)
class Loss:
    """The loss by a step of a plan that its author has not allowed."""

    revision: str
    names: tuple[str, ...]  # of what is lost, as far as it has names
    text: str  # revision, step, what is lost, about how many rows

    def is_allowed(self, names: Collection[str]) -> bool:
        """Whether its revision is among the names, or everything that it loses."""
        return self.revision in names or (bool(self.names) and set(self.names) <= set(names))


def of(plan: Plan) -> list[Loss]:
    """The loss of each step that loses data, unless its revision allows it."""
    return [
        Loss(
            revision.name,
            step.impact.names,
            f"{revision.name}, step {number}: {step.impact.loses}{step.rows_said}",
        )
        for revision in plan.revisions
        for number, step in enumerate(revision.steps, start=1)
        if step.impact.loses and not step.allowed
    ]


def reason(impact: Impact, allowed: Mapping[str, str]) -> str | None:
    """Why the author lets all be lost that a step loses; None if not all of it was allowed."""
    reasons = [allowed.get(name) for name in impact.names]
    return "; ".join(dict.fromkeys(map(str, reasons))) if reasons and all(reasons) else None
