"""The undo of a change of connectors: called whatever ends it, and told in the error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from analytics import watch
from analytics.errors import AnalyticsError
from analytics.kafka import health
from analytics.kafka.connect import Connect

AGAIN = 30.0  # seconds that a connector may take to run again when it was put back


@contextmanager
def undone(undo: Callable[[], str]) -> Iterator[None]:
    """Call `undo` whatever ends the block, an interruption, too; the error then says what stands.

    `undo` raises nothing, and returns what stands when it is over; another signal does not end it.
    """
    try:
        yield
    except BaseException as error:
        with watch.held():
            stands = undo()
        if isinstance(error, AnalyticsError):
            raise type(error)(f"{error.thing}; {stands}", error.remedy) from error
        error.add_note(stands)
        raise


def standing(connect: Connect, name: str) -> str:
    """The state of a connector, for the message of an undo that has not worked."""
    try:
        current = health.status(connect, name)
    except AnalyticsError as error:
        return f"ingest may stand: {error}"
    state = f"{current.state}, tasks {', '.join(current.tasks) or 'none'}" if current else "gone"
    known = "ingest may stand" if current and current.runs else "INGEST STANDS"
    return f"{known}: connector {name} is {state}"
