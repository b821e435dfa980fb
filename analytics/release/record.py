"""The record of a release: its number and its beginning, kept beside the lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from analytics.errors import AnalyticsError, located
from analytics.journal.entry import Direction
from analytics.journal.person import who
from analytics.journal.releases import Release, Releases
from analytics.release.plan import Plan


def begin(releases: Releases, made: Plan, earlier: Sequence[Release]) -> int:
    """The number of the release's record: that of a release which stopped, if this continues it.

    A release after an undoing that stopped begins at the heads where the undone one began.
    """
    last = earlier[-1] if earlier and earlier[-1].ended is None else None
    if last and (last.direction, last.undoes) == (made.direction, made.undoes):
        releases.go_on(last.id, after=made.after, plan=made.fingerprint, who=who())
        return last.id
    return releases.begin(
        made.direction,
        undoes=made.undoes,
        before=_before(made, last, earlier),
        after=made.after,
        plan=made.fingerprint,
        who=who(),
    )


@contextmanager
def kept(releases: Releases, number: int) -> Iterator[None]:
    """Record that a release has ended, or why it has stopped, when the block ends."""
    try:
        yield
    except BaseException as error:
        why = located(error) if isinstance(error, AnalyticsError) else type(error).__name__
        with suppress(Exception):  # the first of two errors is the one to report
            releases.stop(number, why.splitlines()[0])
        raise
    releases.end(number)


def _before(
    made: Plan, last: Release | None, earlier: Sequence[Release]
) -> Mapping[str, Sequence[str]]:
    undone = next((each for each in earlier if last and each.id == last.undoes), None)
    return undone.before if undone and made.direction is Direction.UP else made.before
