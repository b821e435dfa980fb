"""What a move must pass before its first statement: nothing in it may be unsafe to run twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from alembic.runtime.migration import MigrationContext, RevisionStep

from analytics import recording
from analytics.clickhouse import reruns
from analytics.directive import Bench
from analytics.errors import Refused


def check(planned: Sequence[RevisionStep], migration: MigrationContext) -> None:
    """Refused if a plain statement of these ClickHouse revisions may not run twice."""
    faults = [fault for step in planned for fault in _faults(step, migration)]
    if faults:
        raise Refused(
            "a crash may make a statement run twice, and there are some that may not",
            "write them as shown here (nothing was sent)\n" + "\n".join(faults),
        )


def _faults(step: RevisionStep, migration: MigrationContext) -> list[str]:
    bench = cast(Bench, migration.opts[Bench.OPTION])
    said = recording.steps([step.migration_fn], bench, dialect="clickhouse")
    faults = []
    for number, statement in enumerate(said, start=1):
        unsafe = reruns.judge(statement) if isinstance(statement, str) else None
        if unsafe:
            faults.append(
                f"  revision {step.revision.revision}, step {number}: {unsafe.reason}\n"
                f"    instead: {unsafe.rewrite}"
            )
    return faults
