"""The record of a release: its number and its beginning, kept beside the lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg

from analytics.journal.entry import Direction, who
from analytics.postgres import releases
from analytics.postgres.releases import Release
from analytics.release.plan import Plan


def begin(connection: psycopg.Connection, made: Plan, earlier: Sequence[Release]) -> int:
    """The number of the release's record: that of a release which stopped, if this continues it.

    A release after an undoing that stopped begins at the heads where the undone one began.
    """
    last = earlier[-1] if earlier and earlier[-1].ended is None else None
    if last and (last.direction, last.undoes) == (made.direction, made.undoes):
        releases.go_on(connection, last.id, after=made.after, plan=made.fingerprint, who=who())
        return last.id
    return releases.begin(
        connection,
        made.direction,
        undoes=made.undoes,
        before=_before(made, last, earlier),
        after=made.after,
        plan=made.fingerprint,
        who=who(),
    )


def _before(
    made: Plan, last: Release | None, earlier: Sequence[Release]
) -> Mapping[str, Sequence[str]]:
    undone = next((each for each in earlier if last and each.id == last.undoes), None)
    return undone.before if undone and made.direction is Direction.UP else made.before
