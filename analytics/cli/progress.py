"""The progress of a release on stderr: a bar on a terminal, lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from analytics import watch
from analytics.journal.entry import REVISION, Entry, State
from analytics.release.plan import Plan, PlannedRevision
from analytics.watch import Watch

BAR_WIDTH = 52  # characters of the bar and the times
STEP_LENGTH = 70  # characters of a step that are shown


@dataclass
class Shown:
    """The progress of one release; `bar` moves on a terminal only."""

    console: Console
    bar: Progress
    remaining: list[PlannedRevision] = field(default_factory=list)
    long: TaskID | None = None  # the bar of a long step

    def planned(self, plan: Plan) -> None:
        """The plan of the release, before its first step."""
        self.remaining = list(plan.revisions)
        if self.remaining:
            self.bar.add_task("", total=len(self.remaining))

    def wrote(self, line: Entry) -> None:
        """A revision or a step of one begins or ends."""
        if line.state is State.FAILED:
            return
        if line.step != REVISION:
            if line.state is State.SENT:
                self._show(f"  {line.step}  {line.title[:STEP_LENGTH]}", is_step=True)
        elif line.state is State.SENT:
            self._show(self._revision(line), is_step=False)
        elif self.bar.tasks:
            self.bar.advance(self.bar.task_ids[0])

    def progressed(self, line: str, done: int, total: int) -> None:
        """Progress of a long step: a bar of its own on a terminal, a line anywhere else."""
        if not self.console.is_terminal:
            self.say(f"     {line}")
            return
        if self.long is None:
            self.long = self.bar.add_task("", total=total)
        self.bar.update(self.long, completed=done, description=escape(line))
        if done >= total:
            self.bar.remove_task(self.long)
            self.long = None

    def _revision(self, line: Entry) -> str:
        """The line of a revision that begins; a half-done one to take back is not in the plan."""
        if self.remaining and self.remaining[0].id == line.revision:
            planned = self.remaining.pop(0)
            return f"{line.direction} {planned.name}  {planned.title}"
        return f"{line.direction} {line.revision}, which is half done"

    def _show(self, text: str, *, is_step: bool) -> None:
        if self.bar.tasks:
            room = max(self.console.width - BAR_WIDTH, 0)
            self.bar.update(self.bar.task_ids[0], description=escape(text.strip()[:room]))
        if not (is_step and self.console.is_terminal):
            self.say(text)

    def say(self, line: str) -> None:
        """A line that stays."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def shown(*, quiet: bool, console: Console | None = None) -> Iterator[tuple[Watch, Shown]]:
    """The watch of a release, and what it shows; `quiet` shows errors only.

    Ctrl-C waits for a safe point: the watch's `check` then raises Interrupted.
    """
    console = console or Console(stderr=True, quiet=quiet)
    is_off = quiet or not console.is_terminal
    with Progress(*_columns(), console=console, transient=True, disable=is_off) as bar:
        seen = Shown(console, bar)
        with watch.deferred(seen.say) as check:
            yield Watch(seen.say, seen.wrote, check, seen.progressed), seen


def _columns() -> Iterator[ProgressColumn]:
    yield SpinnerColumn()
    yield BarColumn(bar_width=20)
    yield MofNCompleteColumn()
    yield TimeElapsedColumn()
    yield TimeRemainingColumn(elapsed_when_finished=False)
    yield TextColumn("{task.description}")
