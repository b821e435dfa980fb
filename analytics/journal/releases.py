"""The record of releases, with the heads before and after; it is kept beside the lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from analytics.journal.entry import Direction

TABLE = "analytics_releases"

Heads = Mapping[str, Sequence[str]]  # of each history


@dataclass(frozen=True)
class Release:
    """A release of all histories; its heads are those of `after` when it has ended."""

    id: int
    direction: str  # a Direction
    undoes: int | None  # the release that it reverts
    before: Heads
    after: Heads
    plan: str  # its fingerprint
    who: str
    began: datetime
    ended: datetime | None
    stopped: str = ""  # the reason why it has stopped, if a run could still write it down


class Releases(Protocol):
    """The record of one project, in the store that keeps its lock."""

    def everything(self) -> list[Release]:
        """All releases, the oldest first; none if there was never one."""

    def begin(
        self,
        direction: Direction,
        *,
        undoes: int | None,
        before: Heads,
        after: Heads,
        plan: str,
        who: str,
    ) -> int:
        """Record that a release begins; returns its number."""

    def go_on(self, release: int, *, after: Heads, plan: str, who: str) -> None:
        """Record that a release which had stopped continues."""

    def stop(self, release: int, why: str) -> None:
        """Record why a release has stopped."""

    def end(self, release: int) -> None:
        """Record that a release has reached its end."""
