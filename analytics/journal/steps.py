"""The steps of a revision: each is written down before it is sent, and skipped once it is done.

Every line in the store is one round trip, so lines that a run after a crash can do without wait in
memory for the next one that it cannot. What such a run finds when the process died

- before the first step of a revision was sent: nothing of the revision, and nothing has happened,
  or the version, committed with all of it, has moved.
- between a step's answer and its line: a step in doubt, as if the answer had been lost. One that
  may be sent twice is; of one that may not, the line never waits.
- between the move of a version and the revision's end: a revision without an end, whose version
  has moved: it is closed. So that this is seen, no version moves while the store lacks the end of
  an earlier revision (`end_earlier`).
- after the lock was lost: the same. What was in memory is not written: others may work by now.

No line waits when the next step is sent. Revisions without steps have none that is: their lines
wait together, but not many (WAITING).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import ClassVar
from uuid import uuid4

from analytics.definitions import digest
from analytics.errors import InDoubt, LockLost, Refused
from analytics.journal.entry import REVISION, Direction, Entry, Journal, State, Unfinished, now

STATEMENT = "execute"  # the kind of a step that is a statement of the author's own
TITLE_LENGTH = 200  # characters of a statement that the journal shows
WAITING = 50  # lines in memory with which the end of a revision waits no longer


@dataclass(frozen=True)
class Work:
    """What a step does; `text`, with its placeholders unfilled, is what its digest is taken of."""

    kind: str
    title: str
    text: str
    looks_first: bool = False  # whether it does nothing where its effect is there already
    once: bool = False  # whether nobody says that it may be sent twice


def statement(text: str, *, once: bool = False) -> Work:
    """A statement as it is written in a revision."""
    return Work(STATEMENT, _title(text), text, once=once)


def _title(text: str) -> str:
    return " ".join(text.split())[:TITLE_LENGTH]


@dataclass
class Steps:
    """A run over one history: what it asks before a step, and where it has got to.

    `check` raises LockLost when somebody else may work by now, and Interrupted when a person wants
    a stop. `wrote` gets each line of the journal. `settle` waits for a query of that id to end and
    says what came of it, or None if the server cannot say. `finish` waits for what a server does
    of a step after its answer. `refused` tells a server's refusal from a lost answer; if
    `is_atomic`, a refusal has changed nothing: ClickHouse keeps the blocks that an INSERT has
    written before it failed. `redact` takes secrets out of a text.
    """

    OPTION: ClassVar[str] = "analytics_steps"  # under which Alembic's context holds it

    database: str
    journal: Journal
    check: Callable[[], None]
    wrote: Callable[[Entry], None]
    settle: Callable[[str], State | None]
    finish: Callable[[Work], None]
    refused: Callable[[BaseException], bool]
    redact: Callable[[str], str]
    is_atomic: bool
    run: str = field(default_factory=lambda: str(uuid4()))
    who: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    is_within: bool = False  # whether a step is being sent: what it sends is no step of its own

    _revision: Entry = field(init=False)
    _here: Entry = field(init=False)
    _earlier: dict[int, Entry] = field(init=False, default_factory=dict)
    _number: int = field(init=False, default=0)
    _sent: int = field(init=False, default=0)
    _waiting: list[Entry] = field(init=False, default_factory=list)  # lines not in the store yet
    _is_open: bool = field(init=False, default=False)  # whether the store lacks a revision's end

    def begin(
        self, revision: str, direction: Direction, unfinished: Unfinished | None, kind: str = ""
    ) -> None:
        """A revision's function is about to run, from its start or once more."""
        self._is_open = self._is_open or unfinished is not None
        again = unfinished and (unfinished.revision, unfinished.direction) == (revision, direction)
        self._earlier = unfinished.steps if unfinished and again else {}
        self._number = 0
        self._revision = Entry(
            self.run, revision, direction, REVISION, State.SENT, kind, who=self.who
        )
        self._here = self._revision
        self._append(self._revision, waits=True)

    def close(self, unfinished: Unfinished, detail: str = "") -> None:
        """The last line of a revision that lacks nothing else: all of it happened, or nothing."""
        last = unfinished.steps[REVISION]
        self._append(replace(last, state=State.DONE, detail=detail, who=self.who))

    def end_earlier(self) -> None:
        """A version is about to move: the store gets the end of an earlier revision first."""
        ends = [number for number, line in enumerate(self._waiting, 1) if line.is_end]
        if self._is_open and ends:
            self._flush(ends[-1])

    def end(self, detail: str = "") -> None:
        """The version has moved, or (says `detail`) a half is taken back."""
        waits = not detail and len(self._waiting) < WAITING
        self._write(REVISION, State.DONE, detail=detail, waits=waits)

    def fail(self, error: BaseException) -> None:
        """The revision's function ended with an error."""
        self._write(REVISION, State.FAILED, detail=self._said(error))

    def place(self, statement: str | None) -> str:
        """Where it is, for a person; `statement` is what runs where there are no steps."""
        here = self._here
        what = here.title if here.step else _title(statement or "")
        step = f", step {here.step}" if here.step else ""
        return f"{here.direction} of revision {here.revision}{step}" + f" (`{what}`)" * bool(what)

    def perform(self, work: Work, send: Callable[[], None]) -> None:
        """Send a step unless it is done; InDoubt if that cannot be known and matters."""
        self._number += 1
        self._here = replace(
            self._here,
            step=self._number,
            kind=work.kind,
            title=work.title,
            digest=digest(work.text),
        )
        if self._is_done(work):
            return
        self.check()
        self._here = replace(self._here, query_id=self._query_id())
        self._write(self._number, State.SENT)
        with self._watched(work):
            send()
            self.finish(work)
        self._write(self._number, State.DONE, waits=not work.once)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """A run: what is in memory when it ends, or fails, is written; not without the lock."""
        try:
            yield
        except LockLost:
            raise
        except BaseException:
            self._flush()
            raise
        self._flush()

    def next_query_id(self) -> str:
        """The id under which the next statement of this step goes out."""
        self._sent += 1
        return f"{self._here.query_id}/{self._sent}"

    def _query_id(self) -> str:
        here = self._here
        place = f"{self.database}/{here.revision}/{here.direction}/{here.step}"
        return f"{place}/{here.digest}/{self.run}"

    @contextmanager
    def _watched(self, work: Work) -> Iterator[None]:
        """A refusal is a failed step; after anything else the step is left in doubt."""
        self._sent, self.is_within = 0, True
        try:
            yield
        except Exception as error:
            if self.refused(error) and (self.is_atomic or not work.once):
                self._write(self._number, State.FAILED, detail=self._said(error))
            raise
        finally:
            self.is_within = False

    def _is_done(self, work: Work) -> bool:
        earlier = self._earlier.get(self._number)
        if earlier is None or earlier.state is State.FAILED:
            return False
        if earlier.digest != self._here.digest:
            raise _changed(earlier, self._here)
        if earlier.state is State.DONE:
            return not work.looks_first
        return self._has_happened(earlier, work)

    def _has_happened(self, earlier: Entry, work: Work) -> bool:
        """Whether a step in doubt has; one that looks first, or may be repeated, is sent again."""
        outcome = self.settle(f"{earlier.query_id}/1")
        if work.looks_first:
            return False
        if outcome is State.DONE:
            self.finish(work)
            detail = "the server says so"
            self._write(self._number, State.DONE, detail=detail, waits=not work.once)
            return True
        if outcome is None and work.once:
            raise _in_doubt(earlier)
        return False

    def _write(self, step: int, state: State, *, detail: str = "", waits: bool = False) -> None:
        here = self._here if step else self._revision
        self._append(replace(here, step=step, state=state, detail=detail), waits=waits)

    def _append(self, line: Entry, *, waits: bool = False) -> None:
        line = replace(line, at=now())
        self._waiting.append(line)
        if not waits:
            self._flush()
        self.wrote(line)

    def _flush(self, count: int | None = None) -> None:
        """Write the lines in memory, or the first of them; what the store refuses is given up."""
        lines = self._waiting[:count]
        del self._waiting[:count]
        if lines:
            self._is_open = True
            self.journal.append(*lines)
            self._is_open = not lines[-1].is_end

    def _said(self, error: BaseException) -> str:
        return self.redact(" ".join(str(error).split()))


def _changed(earlier: Entry, now: Entry) -> Refused:
    place = f"step {earlier.step} of revision {earlier.revision}"
    resolve = f"analytics resolve {earlier.run[:8]} {earlier.step} --reason ..."
    return Refused(
        f"{place} ({earlier.direction}) was sent as `{earlier.title}`, digest {earlier.digest}, "
        f"and reads `{now.title}`, digest {now.digest}, by now",
        "put the former text back and run the same command again; or go the other way first; or, "
        f"if it need not be as it was sent, `{resolve} --failed` (the new text will be sent) or "
        f"`{resolve} --done` (it will not)",
    )


def _in_doubt(earlier: Entry) -> InDoubt:
    resolve = f"analytics resolve {earlier.run[:8]} {earlier.step} --reason ..."
    return InDoubt(
        f"step {earlier.step} of revision {earlier.revision} (`{earlier.title}`) was sent, and "
        "the server does not know what came of it",
        f"look whether it happened; then `{resolve} --done` or `{resolve} --failed`, and run the "
        "same command again",
    )
