"""The errors about a step of an earlier run, each with the command that settles it."""

from __future__ import annotations

from analytics.errors import InDoubt, Refused
from analytics.journal.entry import Entry


def changed(earlier: Entry, now: Entry) -> Refused:
    """A step was sent with another text than it has now."""
    place = f"step {earlier.step} of revision {earlier.revision}"
    resolve = _resolve(earlier)
    return Refused(
        f"{place} ({earlier.direction}) was sent as `{earlier.title}`, digest {earlier.digest}, "
        f"and is now `{now.title}`, digest {now.digest}",
        "restore the previous text and run the same command again; or run the opposite command "
        f"first; or, if the new text is the right one, `{resolve} --failed` (it will be sent) or "
        f"`{resolve} --done` (it will not)",
    )


def in_doubt(earlier: Entry) -> InDoubt:
    """A step that may not be sent twice was sent, and its outcome is not known."""
    resolve = _resolve(earlier)
    return InDoubt(
        f"step {earlier.step} of revision {earlier.revision} (`{earlier.title}`) was sent, and "
        "the server does not know its outcome",
        f"look whether it happened; then `{resolve} --done` or `{resolve} --failed`, and run the "
        "same command again",
    )


def _resolve(earlier: Entry) -> str:
    return f"analytics resolve {earlier.run[:8]} {earlier.step} --reason ..."
