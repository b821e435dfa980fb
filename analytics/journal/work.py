"""The work of a step, as the journal describes it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analytics.definitions import digest
from analytics.journal.entry import Entry

STATEMENT = "execute"  # the kind of a step that is a statement of the author's own
TITLE_LENGTH = 200  # characters of a statement that the journal shows


@dataclass(frozen=True)
class Work:
    """What a step does; its digest is taken of `text`, whose placeholders are not filled."""

    kind: str
    title: str
    text: str
    looks_first: bool = False  # whether it does nothing where its effect already exists
    once: bool = False  # whether nothing guarantees that it may be sent twice

    def after(self, line: Entry) -> Entry:
        """The line of this step, by the line of the step before it (or of the revision)."""
        return replace(
            line,
            step=line.step + 1,
            kind=self.kind,
            title=self.title,
            digest=digest(self.text),
        )


def statement(text: str, *, once: bool = False) -> Work:
    """A statement as it is written in a revision."""
    return Work(STATEMENT, title(text), text, once=once)


def title(text: str) -> str:
    """The beginning of a statement, on one line."""
    return " ".join(text.split())[:TITLE_LENGTH]
